import { describe, expect, test } from 'vitest';
import {
  acrossForward,
  acrossInverse,
  alongForward,
  alongInverse,
  realFrequencies,
  type Matrices,
  type Positions,
} from '../../../../../src/backends/wasm/module/fourier.js';

type Complex = readonly [number, number];
/** The circle is even. */
const LENGTHS = Array.from({ length: 20 }, (_, index) => 2 * (index + 1));
/** Float32 entries, sums of up to 80 of them. */
const DIGITS = 4;

/** Signals of some lengths, offsets and distances on a circle of n. */
function positionsOn(n: number): Positions[] {
  return [
    { length: n, offset: 0, distance: 1 },
    { length: Math.ceil(n / 2), offset: Math.floor(n / 3), distance: 1 },
    { length: Math.ceil(n / 3), offset: 1, distance: 3 },
    { length: Math.ceil(n / 2), offset: 1, distance: 2 },
  ];
}

const signalOf = (length: number): Complex[] =>
  Array.from({ length }, (_, index) => [Math.sin(index + 1), Math.cos(3 * index)]);

const isEven = ({ offset, distance }: Positions, index: number) => (offset + distance * index) % 2 === 0;

/** By definition: sum of x[p] exp(-2 pi i f (offset + distance p) / n). */
function dft(signal: readonly Complex[], n: number, { offset, distance }: Positions, frequency: number): Complex {
  let [re, im] = [0, 0];
  for (const [index, [a, b]] of signal.entries()) {
    const angle = (-2 * Math.PI * frequency * (offset + distance * index)) / n;
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

const pairs = (flat: readonly number[]): Complex[] =>
  Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] as number, flat[2 * index + 1] as number]);
const add = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const subtract = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
const conjugate = ([a, b]: Complex): Complex => [a, -b];
/** All real parts, then all imaginary ones. */
const split = (numbers: readonly Complex[]) => [...numbers.map(([re]) => re), ...numbers.map(([, im]) => im)];

/** Even and odd positions transformed apart, as assembly/spectrum.ts does before its butterflies. */
function apart(matrices: Matrices, rows: number, positions: Positions, signal: readonly Complex[], real: boolean) {
  const at = (even: boolean) => signal.filter((_, index) => isEven(positions, index) === even);
  const vector = (numbers: Complex[]) => (real ? numbers.map(([re]) => re) : split(numbers));
  const even = pairs(times(matrices.even, rows, vector(at(true))));
  const odd = pairs(times(matrices.odd, rows, vector(at(false))));
  return even.map((value, index) => [value, odd[index] as Complex] as const);
}

/** Frequencies 0 to n / 2 of a real signal. */
function across(n: number, positions: Positions, signal: readonly Complex[]): Complex[] {
  const spectrum = Array.from({ length: realFrequencies(n) }, (): Complex => [NaN, NaN]);
  const rows = 2 * (Math.floor(n / 4) + 1);
  for (const [v, [even, odd]] of apart(acrossForward(n, positions), rows, positions, signal, true).entries()) {
    spectrum[n / 2 - v] = conjugate(subtract(even, odd));
    spectrum[v] = add(even, odd);
  }
  return spectrum;
}

function along(n: number, positions: Positions, signal: readonly Complex[]): Complex[] {
  const halves = apart(alongForward(n, positions), n, positions, signal, false);
  return [...halves.map(([even, odd]) => add(even, odd)), ...halves.map(([even, odd]) => subtract(even, odd))];
}

/** What even and odd positions get from two matrices, in the order of the positions. */
function merge<T>(positions: Positions, even: readonly T[], odd: readonly T[]): T[] {
  const rest = { even: [...even], odd: [...odd] };
  return Array.from(
    { length: positions.length },
    (_, index) => (isEven(positions, index) ? rest.even.shift() : rest.odd.shift()) as T,
  );
}

const countEven = (positions: Positions) =>
  Array.from({ length: positions.length }, (_, index) => index).filter((index) => isEven(positions, index)).length;

function alongBack(n: number, positions: Positions, spectrum: readonly Complex[]): Complex[] {
  const { even, odd } = alongInverse(n, positions);
  const [low, high] = [spectrum.slice(0, n / 2), spectrum.slice(n / 2)];
  const folded = (how: typeof add) => split(low.map((value, u) => how(value, high[u] as Complex)));
  const count = countEven(positions);
  const evens = pairs(times(even, 2 * count, folded(add)));
  const odds = pairs(times(odd, 2 * (positions.length - count), folded(subtract)));
  return merge(positions, evens, odds);
}

function acrossBack(n: number, positions: Positions, spectrum: readonly Complex[], scale: number): number[] {
  const { even, odd } = acrossInverse(n, positions, scale);
  const folded = (sign: number) =>
    Array.from({ length: Math.floor(n / 4) + 1 }, (_, v) => {
      const [near, far] = [spectrum[v] as Complex, spectrum[n / 2 - v] as Complex];
      return [near[0] + sign * far[0], near[1] - sign * far[1]];
    }).flat();
  const count = countEven(positions);
  return merge(positions, times(even, count, folded(1)), times(odd, positions.length - count, folded(-1)));
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, DIGITS);
}

describe.each(LENGTHS)('transforms on a circle of %i', (n) => {
  test('across: half the spectrum of a real signal', () => {
    for (const positions of positionsOn(n)) {
      const real = signalOf(positions.length).map(([re]): Complex => [re, 0]);
      const expected = Array.from({ length: realFrequencies(n) }, (_, v) => dft(real, n, positions, v));
      expectClose(across(n, positions, real).flat(), expected.flat());
    }
  });

  test('along: the spectrum of a complex signal', () => {
    for (const positions of positionsOn(n)) {
      const signal = signalOf(positions.length);
      const expected = Array.from({ length: n }, (_, u) => dft(signal, n, positions, u));
      expectClose(along(n, positions, signal).flat(), expected.flat());
    }
  });

  test('back: the signal again, and zeros beside it', () => {
    const everywhere: Positions = { length: n, offset: 0, distance: 1 };
    for (const positions of positionsOn(n)) {
      const signal = signalOf(positions.length);
      const placed = Array.from({ length: n }, (): Complex => [0, 0]);
      for (const [index, value] of signal.entries()) {
        const at = (positions.offset + positions.distance * index) % n;
        placed[at] = add(placed[at] as Complex, value);
      }
      const real = across(n, positions, signal);
      expectClose(
        acrossBack(n, everywhere, real, 1 / n),
        placed.map(([re]) => re),
      );
      const spectrum = along(n, positions, signal).map(([re, im]): Complex => [re / n, im / n]);
      expectClose(alongBack(n, everywhere, spectrum).flat(), placed.flat());
    }
  });

  test('back to other positions: a part of the signal', () => {
    const signal = signalOf(n);
    const spectrum = across(n, { length: n, offset: 0, distance: 1 }, signal);
    for (const positions of positionsOn(n)) {
      const expected = Array.from({ length: positions.length }, (_, index) => {
        const [re] = signal[(positions.offset + positions.distance * index) % n] as Complex;
        return re;
      });
      expectClose(acrossBack(n, positions, spectrum, 1 / n), expected);
    }
  });
});
