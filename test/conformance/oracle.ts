import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/backends/tfjs.js';
import { wasmBackend } from '../../src/backends/wasm/index.js';
import '@tensorflow/tfjs-backend-cpu';

export { randomNumbers, relativeError } from './numbers.js';

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
