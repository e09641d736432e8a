import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/backends/tfjs.js';
import { apart, type Differentiable } from './gradient-rows.js';
import type { randomNumbers } from './numbers.js';

/** So small that no largest number of a window becomes another one, so large that float32 does not drown the difference. */
const STEP = 1e-3;

/**
 * How far the gradients of a function are from its differences along random directions, in parts of what a gradient of that size
 * has in the mean; the largest of its operands. The function is summed with random weights, in float64.
 */
export async function gradientError(
  tf: Tf,
  { shapes, compute, at }: Differentiable,
  random: ReturnType<typeof randomNumbers>,
): Promise<{ error: number; kernels: readonly string[] }> {
  const size = (shape: readonly number[]) => tf.util.sizeFromShape([...shape]);
  const lengths = shapes.map(size);
  const all = apart(
    lengths.reduce((sum, length) => sum + length, 0),
    random,
  );
  const drawn = lengths.map((length, index) => {
    const start = lengths.slice(0, index).reduce((sum, each) => sum + each, 0);
    return all.slice(start, start + length);
  });
  const { values, step } = at ?? { values: drawn, step: STEP };
  const operands = () => values.map((each, index) => tf.tensor(each, shapes[index] as number[]));
  const shape = tf.tidy(() => compute(...operands()).shape);
  const weights = random.values(size(shape));
  let gradients: Float32Array[] = [];
  const { kernelNames } = await tf.profile(() => {
    gradients = tf.tidy(() =>
      tf
        .grads(compute)(operands(), tf.tensor(weights, shape))
        .map((each) => Float32Array.from(each.dataSync())),
    );
    return [] as Tensor[];
  });
  const errors = gradients.map((gradient, index) => {
    const direction = random.values(gradient.length);
    const along = (distance: number) =>
      tf.tidy(() => {
        const moved = operands();
        moved[index] = tf.add(
          moved[index] as Tensor,
          tf.mul(tf.tensor(direction, shapes[index] as number[]), distance),
        );
        return dot(compute(...moved).dataSync() as Float32Array, weights);
      });
    const difference = (along(step) - along(-step)) / (2 * step);
    const expected = (norm(gradient) * norm(direction)) / Math.sqrt(gradient.length);
    return Math.abs(difference - dot(gradient, direction)) / Math.max(expected, 1e-3);
  });
  return { error: Math.max(...errors), kernels: kernelNames };
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}

function norm(a: Float32Array): number {
  return Math.sqrt(dot(a, a));
}
