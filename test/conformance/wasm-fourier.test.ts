/** The transforms of assembly/, by the tables that TypeScript makes for them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { axisTables, realFrequencies, transformLength } from '../../src/backends/wasm/module/fourier.js';
import { compileKernels, KernelModule } from '../../src/backends/wasm/module/kernel-module.js';

type Complex = readonly [number, number];

/** Channels of a panel, and bytes of one part of a frequency of a single row: see assembly/spectrum.ts. */
const PANEL = 8;
const PART = 4 * PANEL + 64;
const LENGTHS = [...new Set(Array.from({ length: 64 }, (_, least) => transformLength(least + 1)))];
/** Of float32 numbers up to 1, added up a few thousand at a time. */
const TOLERANCE = 2e-6;

/** Numbers on the circle along one axis. */
interface Positions {
  readonly length: number;
  readonly offset: number;
  readonly distance: number;
}

let memory: { readonly buffer: ArrayBufferLike };
let module: KernelModule;
beforeAll(async () => {
  memory = new WebAssembly.Memory({ initial: 512, maximum: 512, shared: true });
  let next = 64;
  const malloc = (bytes: number) => (next += bytes + 8) - bytes;
  const heap = { memory: memory as never, malloc, free: () => undefined };
  module = await KernelModule.start(await compileKernels(false), heap, 1);
});

/** One image of one panel to its spectrum, or back. */
function transform(
  operation: 'spectrumOf' | 'tensorOf',
  [tall, wide]: readonly [number, number],
  [vertical, horizontal]: readonly [Positions, Positions],
  values: Float32Array,
): Float32Array {
  const [numbers, parts] = [vertical.length * horizontal.length * PANEL, 2 * realFrequencies(tall, wide)];
  const spectrumNumbers = (parts * PART) / 4;
  let result = new Float32Array();
  module.withMemory([4 * numbers, 4 * spectrumNumbers], (tensor, spectrum) => {
    module.withValues(axisTables(wide, 1), (across) => {
      module.withValues(axisTables(tall, wide), (along) => {
        const [source, target] = operation === 'spectrumOf' ? [tensor, spectrum] : [spectrum, tensor];
        new Float32Array(memory.buffer, source, values.length).set(values);
        const args = {
          ...{ tensor, rowStep: 0, lineStep: 4 * horizontal.length * PANEL, columnStep: 4 * PANEL },
          ...{ spectrum, rows: 1, room: 1, channels: PANEL, height: vertical.length, width: horizontal.length },
          ...{ tall, wide, lineOffset: vertical.offset, lineDistance: vertical.distance },
          ...{ columnOffset: horizontal.offset, columnDistance: horizontal.distance, across, along },
          scale: 1 / (2 * tall * wide),
        };
        module.run(operation, args, 1, 32 * (2 * tall * wide + 3 * Math.max(tall, wide)));
        const count = operation === 'spectrumOf' ? spectrumNumbers : numbers;
        result = new Float32Array(memory.buffer, target, count).slice();
      });
    });
  });
  return result;
}

const numbersOf = (count: number) =>
  Float32Array.from({ length: count }, (_, index) => Math.sin(7 * index * index + 1));

/** Twice the frequency (u, v) of a channel, by definition. */
function frequencyOf(
  values: Float32Array,
  [tall, wide]: readonly [number, number],
  [vertical, horizontal]: readonly [Positions, Positions],
  [u, v, channel]: readonly [number, number, number],
): Complex {
  let [re, im] = [0, 0];
  for (let y = 0; y < vertical.length; y++) {
    for (let x = 0; x < horizontal.length; x++) {
      const [line, column] = [vertical.offset + y * vertical.distance, horizontal.offset + x * horizontal.distance];
      const angle = -2 * Math.PI * ((u * line) / tall + (v * column) / wide);
      const value = 2 * (values[(y * horizontal.length + x) * PANEL + channel] as number);
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    }
  }
  return [re, im];
}

/** The frequencies (u, v) that are kept, in their order. */
function kept(tall: number, wide: number): [number, number][] {
  return Array.from({ length: wide / 2 + 1 }, (_, v) =>
    Array.from({ length: v === 0 || 2 * v === wide ? tall / 2 + 1 : tall }, (_, u): [number, number] => [u, v]),
  ).flat();
}

function expectSpectrum(
  circle: readonly [number, number],
  positions: readonly [Positions, Positions],
): { values: Float32Array; spectrum: Float32Array } {
  const values = numbersOf(positions[0].length * positions[1].length * PANEL);
  const spectrum = transform('spectrumOf', circle, positions, values);
  const frequencies = kept(...circle);
  expect(frequencies.length).toBe(realFrequencies(...circle));
  let [worst, largest] = [0, 0];
  for (const [index, [u, v]] of frequencies.entries()) {
    for (const channel of [0, 3, 4, 7]) {
      const expected = frequencyOf(values, circle, positions, [u, v, channel]);
      for (const part of [0, 1] as const) {
        const actual = spectrum[((2 * index + part) * PART) / 4 + channel] as number;
        worst = Math.max(worst, Math.abs(actual - expected[part]));
        largest = Math.max(largest, Math.abs(expected[part]));
      }
    }
  }
  expect(worst / largest).toBeLessThan(TOLERANCE);
  return { values, spectrum };
}

const whole = (length: number): Positions => ({ length, offset: 0, distance: 1 });

describe.each(LENGTHS)('transforms on a circle of %i', (n) => {
  test.each([[n, 4] as const, [6, n] as const])('to the spectrum of all numbers, and back: %i by %i', (tall, wide) => {
    const positions = [whole(tall), whole(wide)] as const;
    const { values, spectrum } = expectSpectrum([tall, wide], positions);
    const back = transform('tensorOf', [tall, wide], positions, spectrum);
    expect(Math.max(...back.map((value, index) => Math.abs(value - (values[index] as number))))).toBeLessThan(
      TOLERANCE,
    );
  });

  test('of a part of the circle: shifted, apart, around it', () => {
    for (const part of [
      { length: Math.ceil(n / 2), offset: Math.floor(n / 3), distance: 1 },
      { length: Math.ceil(n / 3), offset: 1, distance: 3 },
      { length: Math.ceil(n / 2), offset: 1, distance: 2 },
      { length: 3, offset: n - 1, distance: n + 1 },
    ]) {
      expectSpectrum([n, 4], [part, whole(3)]);
      expectSpectrum([4, n], [whole(3), part]);
    }
  });

  test('back to a part of it', () => {
    const values = numbersOf(n * 4 * PANEL);
    const spectrum = transform('spectrumOf', [n, 4], [whole(n), whole(4)], values);
    const part = { length: Math.ceil(n / 2) + 1, offset: 1, distance: 3 };
    const back = transform('tensorOf', [n, 4], [part, whole(3)], spectrum);
    for (let y = 0; y < part.length; y++) {
      const line = (part.offset + y * part.distance) % n;
      const expected = values.subarray(line * 4 * PANEL, (line * 4 + 3) * PANEL);
      const actual = back.subarray(y * 3 * PANEL, (y + 1) * 3 * PANEL);
      for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value, 5);
    }
  });
});

test('lengths are even, no shorter than asked for, and waste little', () => {
  for (let least = 1; least <= 64; least++) {
    const n = transformLength(least);
    expect(n % 2).toBe(0);
    expect(n).toBeGreaterThanOrEqual(least);
    expect(n).toBeLessThanOrEqual(Math.max(2, 1.15 * least + 1));
  }
});
