import type { Tf } from '../../backends/tfjs.js';
import { CnnbenchError } from '../../core/errors.js';

/** Side of the product that is checked value by value; odd, so that no kernel has whole tiles only. */
const CHECKED_SIDE = 67;

/** Sides of the square matrices that are timed, smallest and largest. */
const SMALLEST = 256;
const LARGEST = 4096;

/** A product that takes longer than this is large enough to say something, milliseconds. */
const LONG_MS = 50;

/** Least time of the measurement, milliseconds. */
const LEAST_MS = 300;

/**
 * Speed of a square float32 matrix product, GFLOP/s (two operations a multiply-accumulate), after checking that products
 * come out right. Sides are doubled until one product takes 50 ms: small ones keep neither a GPU nor many threads busy,
 * large ones would keep plain JavaScript busy for minutes.
 *
 * @throws CnnbenchError E_BACKEND_UNAVAILABLE where a product is wrong
 */
export async function measureGigaflops(tf: Tf): Promise<number> {
  await checkProduct(tf);
  for (let side = SMALLEST; ; side *= 2) {
    const inputs = [tf.fill([side, side], 0.5), tf.fill([side, side], 0.25)] as const;
    await timeProducts(tf, inputs, 1); // The first one of a size compiles, packs and allocates.
    const once = await timeProducts(tf, inputs, 1);
    const isLarge = once > LONG_MS || side === LARGEST;
    const result = isLarge ? await speedOf(tf, inputs, Math.ceil(LONG_MS / once)) : undefined;
    tf.dispose([...inputs]);
    if (result !== undefined) return result;
  }
}

type Matrix = ReturnType<Tf['fill']>;

/** GFLOP/s over at least `LEAST_MS`. The backend is waited for after each `batch` of products only: it may queue them. */
async function speedOf(tf: Tf, inputs: readonly [Matrix, Matrix], batch: number): Promise<number> {
  let milliseconds = 0;
  let products = 0;
  while (milliseconds < LEAST_MS) {
    milliseconds += await timeProducts(tf, inputs, batch);
    products += batch;
  }
  const [side = 0] = inputs[0].shape;
  return (2 * side ** 3 * products) / (milliseconds / 1000) / 1e9;
}

/** Milliseconds of so many products, until a value of the last one has arrived, which float32 holds exactly. */
async function timeProducts(tf: Tf, [a, b]: readonly [Matrix, Matrix], count: number): Promise<number> {
  const start = performance.now();
  let product = tf.matMul(a, b);
  for (let done = 1; done < count; done++) {
    product.dispose();
    product = tf.matMul(a, b);
  }
  const [side = 0] = product.shape;
  const corner = tf.slice(product, [side - 1, side - 1], [1, 1]);
  const [value] = await corner.data();
  const milliseconds = performance.now() - start;
  tf.dispose([product, corner]);
  if (value !== side / 8) throw wrong(`${value} instead of ${side / 8}`);
  return milliseconds;
}

/** Compares a product of small whole numbers, whose sums any float32 arithmetic gets exactly, with a plain loop. */
export async function checkProduct(tf: Tf): Promise<void> {
  const side = CHECKED_SIDE;
  const a = Float32Array.from({ length: side * side }, (_, index) => (index % 7) - 3);
  const b = Float32Array.from({ length: side * side }, (_, index) => (index % 5) - 2);
  const tensors = [tf.tensor2d(a, [side, side]), tf.tensor2d(b, [side, side])] as const;
  const product = tf.matMul(...tensors);
  const values = await product.data();
  tf.dispose([...tensors, product]);
  for (let index = 0; index < side * side; index++) {
    const [row, column] = [Math.floor(index / side), index % side];
    let expected = 0;
    for (let k = 0; k < side; k++) expected += (a[row * side + k] as number) * (b[k * side + column] as number);
    if (values[index] !== expected) {
      throw wrong(`${values[index]} instead of ${expected} in row ${row}, column ${column}`);
    }
  }
}

function wrong(what: string): CnnbenchError {
  return new CnnbenchError(
    'E_BACKEND_UNAVAILABLE',
    `a matrix product is wrong: ${what}`,
    'Do not use this backend here; report it with the output of "cnnbench doctor --json".',
  );
}
