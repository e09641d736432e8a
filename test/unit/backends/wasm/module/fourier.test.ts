import { describe, expect, test } from 'vitest';
import {
  acrossForward,
  acrossInverse,
  alongForward,
  alongInverse,
  realFrequencies,
  type Positions,
} from '../../../../../src/backends/wasm/module/fourier.js';

type Complex = readonly [number, number];
const LENGTHS = Array.from({ length: 40 }, (_, index) => index + 1);
/** Float32 entries, sums of up to 80 of them. */
const DIGITS = 4;

/** Signals of some lengths, offsets and steps on a circle of n. */
function positionsOn(n: number): Positions[] {
  return [
    { length: n, offset: 0, step: 1 },
    { length: Math.ceil(n / 2), offset: Math.floor(n / 3), step: 1 },
    { length: Math.ceil(n / 3), offset: 1, step: 3 },
  ];
}

const signalOf = (length: number): Complex[] =>
  Array.from({ length }, (_, index) => [Math.sin(index + 1), Math.cos(3 * index)]);

/** By definition: sum of x[p] exp(-2 pi i f (offset + step p) / n). */
function dft(signal: readonly Complex[], n: number, { offset, step }: Positions, frequency: number): Complex {
  let [re, im] = [0, 0];
  for (const [index, [a, b]] of signal.entries()) {
    const angle = (-2 * Math.PI * frequency * (offset + step * index)) / n;
    re += a * Math.cos(angle) - b * Math.sin(angle);
    im += a * Math.sin(angle) + b * Math.cos(angle);
  }
  return [re, im];
}

/** A matrix in panels of four rows, [panel][column][4], times a vector. */
function times(panels: Float32Array, rows: number, vector: readonly number[]): number[] {
  const columns = vector.length;
  expect(panels.length).toBe(Math.ceil(rows / 4) * 4 * columns);
  const at = (row: number, column: number) =>
    panels[(Math.floor(row / 4) * columns + column) * 4 + (row % 4)] as number;
  for (let row = rows; row % 4 !== 0; row++) {
    for (let column = 0; column < columns; column++) expect(at(row, column)).toBe(0);
  }
  return Array.from({ length: rows }, (_, row) => vector.reduce((sum, x, column) => sum + at(row, column) * x, 0));
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, DIGITS);
}

describe.each(LENGTHS)('transforms on a circle of %i', (n) => {
  test('across: half the spectrum of a real signal', () => {
    for (const positions of positionsOn(n)) {
      const real = signalOf(positions.length).map(([re]): Complex => [re, 0]);
      const expected = Array.from({ length: realFrequencies(n) }, (_, v) => dft(real, n, positions, v)).flat();
      const vector = real.map(([re]) => re);
      expectClose(times(acrossForward(n, positions), 2 * realFrequencies(n), vector), expected);
    }
  });

  test('along: the spectrum of a complex signal', () => {
    for (const positions of positionsOn(n)) {
      const signal = signalOf(positions.length);
      const expected = Array.from({ length: n }, (_, u) => dft(signal, n, positions, u)).flat();
      const vector = [...signal.map(([re]) => re), ...signal.map(([, im]) => im)];
      expectClose(times(alongForward(n, positions), 2 * n, vector), expected);
    }
  });

  test('back: the signal again, and zeros beside it', () => {
    const everywhere: Positions = { length: n, offset: 0, step: 1 };
    for (const positions of positionsOn(n)) {
      const signal = signalOf(positions.length);
      const placed = Array.from({ length: n }, (): Complex => [0, 0]);
      for (const [index, [re, im]] of signal.entries()) {
        const at = (positions.offset + positions.step * index) % n;
        const [a, b] = placed[at] as Complex;
        placed[at] = [a + re, b + im];
      }
      const real = times(
        acrossForward(n, positions),
        2 * realFrequencies(n),
        signal.map(([re]) => re),
      );
      expectClose(
        times(acrossInverse(n, everywhere, 1 / n), n, real),
        placed.map(([re]) => re),
      );

      const along = [...signal.map(([re]) => re), ...signal.map(([, im]) => im)];
      const spectrum = times(alongForward(n, positions), 2 * n, along);
      const split = [0, 1].flatMap((part) => spectrum.filter((_, index) => index % 2 === part).map((x) => x / n));
      expectClose(times(alongInverse(n, everywhere), 2 * n, split), placed.flat());
    }
  });

  test('back to other positions: a part of the signal', () => {
    const signal = signalOf(n).map(([re]) => re);
    const spectrum = times(acrossForward(n, { length: n, offset: 0, step: 1 }), 2 * realFrequencies(n), signal);
    for (const positions of positionsOn(n)) {
      const expected = Array.from(
        { length: positions.length },
        (_, index) => signal[(positions.offset + positions.step * index) % n] as number,
      );
      expectClose(times(acrossInverse(n, positions, 1 / n), positions.length, spectrum), expected);
    }
  });
});
