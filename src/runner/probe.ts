import type { Tf } from '../backends/tfjs.js';

const SIDE = 256;
const LEAST_MS = 200;

/** Speed of a 256x256 float32 matrix product, GFLOP/s (two operations a multiply-accumulate), over at least 0.2 s. */
export async function measureGigaflops(tf: Tf): Promise<number> {
  const [a, b] = [tf.fill([SIDE, SIDE], 0.5), tf.fill([SIDE, SIDE], 0.25)];
  const product = async () => {
    const result = tf.matMul(a, b);
    const [first] = await result.data();
    result.dispose();
    if (first !== SIDE * 0.125) throw new Error(`a matrix product came out wrong: ${first} instead of ${SIDE * 0.125}`);
  };
  await product();
  const start = performance.now();
  let products = 0;
  do {
    await product();
    products++;
  } while (performance.now() - start < LEAST_MS);
  const seconds = (performance.now() - start) / 1000;
  tf.dispose([a, b]);
  return (2 * SIDE ** 3 * products) / seconds / 1e9;
}
