import type { Rank, Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import { startTunedWasm, type TunedWasm } from '../../src/backends/wasm/tuned.js';
import { randomNumbers, relativeError, valuesOn } from './oracle.js';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);
const TOLERANCE = 2e-6;

/** Numbers among which a window has no positive one, one, or several that are equal. */
const FILLS: Readonly<Record<string, (values: Float32Array) => Float32Array>> = {
  'mixed numbers': (values) => values,
  'negative numbers': (values) => values.map((value) => -Math.abs(value) - 1),
  'few different numbers': (values) => values.map((value) => Math.round(2 * value)),
  'what a ReLU leaves': (values) => values.map((value) => Math.max(0, value - 0.5)),
};

const WINDOWS = [
  { size: 2, stride: 2 },
  { size: 3, stride: 1 },
  { size: 2, stride: 3 },
].flatMap((window) => (['valid', 'same'] as const).map((pad) => ({ ...window, pad })));

describe.for(['module', 'xnnpack'] as const)(`pooling with %s (CNNBENCH_TEST_SEED=${SEED})`, (kernels) => {
  let tuned: TunedWasm;
  let tf: Tf;
  beforeAll(async () => {
    tuned = await startTunedWasm({ kernels });
    ({ tf } = tuned);
  });
  afterAll(() => tuned.stop());

  test('a window without a positive number keeps its gradient', async () => {
    await tf.setBackend('wasm');
    const x = tf.tensor4d([9, 9, -1, -2, 9, 9, -3, -4], [1, 2, 4, 1]);
    const gradient = tf.grad((images) => tf.maxPool(images as Tensor4D, 2, 2, 'valid'))(x);
    expect([...gradient.dataSync()]).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
    tf.dispose([x, gradient]);
  });

  test.for(Object.keys(FILLS))('of %s agrees with the oracle', async (name) => {
    const numbers = randomNumbers(SEED);
    const fill = FILLS[name] as (values: Float32Array) => Float32Array;
    for (const { size, stride, pad } of WINDOWS) {
      const hasEqual = name.startsWith('few') || name.startsWith('what');
      const plane = fill(numbers.values(2 * 7 * 9 * 3));
      const volume = fill(numbers.values(2 * 4 * 5 * 6 * 2));
      const [dy2, dy3] = [numbers.values(plane.length), numbers.values(volume.length)];
      const compute = (): Tensor[] => {
        const flat = (x: Tensor) => tf.maxPool(x as Tensor4D, size, stride, pad);
        const deep = (x: Tensor) => tf.maxPool3d(x as Tensor5D, size, stride, pad);
        const [x2, x3] = [tf.tensor4d(plane, [2, 7, 9, 3]), tf.tensor5d(volume, [2, 4, 5, 6, 2])] as const;
        const [y2, y3] = [flat(x2), deep(x3)];
        const { result, indexes } = tf.maxPoolWithArgmax(x2, size, stride, pad) as Record<'result' | 'indexes', Tensor>;
        return [
          ...[y2, y3, result, tf.cast(indexes, 'float32')],
          tf.grad(flat)(x2, tf.tensor(dy2.subarray(0, y2.size), y2.shape)),
          // Of equal numbers the oracle takes the last of a volume, but the first of an image.
          ...(hasEqual ? [] : [tf.grad(deep)(x3, tf.tensor(dy3.subarray(0, y3.size), y3.shape))]),
        ];
      };
      const [wanted, found] = [await valuesOn(tf, 'cpu', compute), await valuesOn(tf, 'wasm', compute)];
      const errors = wanted.map((values, index) => relativeError(found[index] as Float32Array, values));
      expect(Math.max(...errors), `${size} ${stride} ${pad}: ${errors.join(', ')}`).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  test('of a volume of equal numbers goes to the first, as that of an image', async () => {
    await tf.setBackend('wasm');
    const x = tf.fill([1, 2, 2, 2, 1], -3);
    const gradient = tf.grad((volume) => tf.maxPool3d(volume as Tensor5D, 2, 2, 'valid'))(x);
    expect([...gradient.dataSync()]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    tf.dispose([x, gradient]);
  });

  test('of what is no number takes the rest', async () => {
    await tf.setBackend('wasm');
    const x = tf.tensor4d([NaN, -2, -1, NaN], [1, 2, 2, 1]);
    const values = tf.tidy(() => {
      const { result, indexes } = tf.maxPoolWithArgmax(x, 2, 2, 'valid') as Record<'result' | 'indexes', Tensor>;
      return [result, indexes, tf.grad((images) => tf.maxPool(images as Tensor4D, 2, 2, 'valid'))(x)].map((each) => [
        ...each.dataSync(),
      ]);
    });
    expect(values).toEqual([[-1], [2], [0, 0, 1, 0]]);
    x.dispose();
  });

  test('a window larger than the input, and another rank, are refused', async () => {
    await tf.setBackend('wasm');
    const attrs = { filterSize: 3, strides: 1, pad: 'valid', includeBatchInIndex: false };
    const pool = (shape: number[]) => tf.engine().runKernel('MaxPoolWithArgmax', { x: tf.ones(shape) }, attrs);
    expect(() => tf.tidy(() => pool([1, 1, 1, 1]))).toThrow(/larger than the input/);
    expect(() => tf.tidy(() => pool([4, 4, 1]))).toThrow(/rank 4 but got rank 3/);
  });

  test('dy of another shape is refused', async () => {
    await tf.setBackend('wasm');
    const x = tf.ones<Rank.R4>([1, 4, 4, 2]);
    const attrs = { filterSize: 2, strides: 2, pad: 'valid' };
    const gradient = (dy: Tensor) => tf.engine().runKernel('MaxPoolGrad', { dy, input: x, output: x }, attrs);
    expect(() => tf.tidy(() => gradient(tf.ones([1, 2, 2, 1])))).toThrow(/dy \[1, 2, 2, 1\] is not the shape/);
    x.dispose();
  });
});
