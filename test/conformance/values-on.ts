import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/backends/tfjs.js';

/** Values of the same computation on a backend, everything it allocated disposed of. */
export async function valuesOn(tf: Tf, backend: string, compute: () => Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const results = tf.tidy(compute);
  const values = await Promise.all(results.map(async (result) => (await result.data()) as Float32Array));
  tf.dispose(results);
  if (tf.memory().numTensors !== before)
    throw new Error(`${backend} left ${tf.memory().numTensors - before} tensors behind`);
  return values;
}
