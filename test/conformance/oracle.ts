import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/backends/tfjs.js';
import { wasmBackend } from '../../src/backends/wasm/index.js';
import '@tensorflow/tfjs-backend-cpu';

/** Loads tfjs once with the wasm backend current and the pure-JavaScript backend, the oracle, at hand. */
export async function loadBackends(): Promise<Tf> {
  return (await wasmBackend.activate({})).tf;
}

/** Values of the same computation on a backend, everything it allocated disposed of. */
export async function valuesOn(
  tf: Tf,
  backend: 'wasm' | 'webgpu' | 'cpu',
  compute: () => Tensor[],
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results = tf.tidy(compute);
  const values = await Promise.all(results.map(async (result) => (await result.data()) as Float32Array));
  tf.dispose(results);
  if (tf.memory().numTensors !== before)
    throw new Error(`${backend} left ${tf.memory().numTensors - before} tensors behind`);
  return values;
}

/** Largest difference relative to the largest magnitude of the oracle's values. */
export function relativeError(actual: Float32Array, oracle: Float32Array): number {
  if (actual.length !== oracle.length) return Infinity;
  const scale = oracle.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const difference = oracle.reduce((largest, value, index) => {
    const error = Math.abs(value - (actual[index] as number));
    return Number.isNaN(error) ? Infinity : Math.max(largest, error);
  }, 0);
  return difference === 0 ? 0 : difference / scale;
}

/** A generator of small random problems, printed with its seed so that a failure can be run again. */
export function randomNumbers(seed: number): {
  readonly integer: (low: number, high: number) => number;
  readonly values: (count: number) => Float32Array;
} {
  let state = seed >>> 0;
  // Numerical Recipes' linear congruential generator: good enough to draw test shapes.
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return {
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    values: (count) => Float32Array.from({ length: count }, () => next() * 2 - 1),
  };
}
