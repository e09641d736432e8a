/** Entry of the process that proves an installation: `proof.js FOLDER cpu|gpu`. Answers over IPC, or ends with words on stderr. */
import { availableParallelism } from 'node:os';
import { describeGpu, MORE_THAN_ONE_CORE, prepareGpu, timeLargeProduct } from './gpu.js';
import { loadTfjsNode } from './load.js';
import type { Proof } from './prove.js';

/** Rows of the product whose every number is checked. */
const CHECKED = 33;
/** Rows of the product that is timed. */
const TIMED = 1024;
const LEAST_MS = 300;

const [, , folder = '', flavour] = process.argv;
const isForGpu = flavour === 'gpu';
if (isForGpu) prepareGpu(folder, process.env);
const { tf, backend, version, libtensorflow } = loadTfjsNode(folder, isForGpu ? 1 : availableParallelism());

const left = (row: number, column: number) => ((row * 7 + column * 3) % 11) - 5;
const right = (row: number, column: number) => ((row * 5 + column * 2) % 13) - 6;
const square = (value: (row: number, column: number) => number) =>
  Array.from({ length: CHECKED }, (_, row) => Array.from({ length: CHECKED }, (_, column) => value(row, column)));
// Sums of small whole numbers, which float32 has exactly.
const product = tf.matMul(tf.tensor2d(square(left)), tf.tensor2d(square(right))).arraySync() as number[][];
for (const [row, values] of product.entries()) {
  for (const [column, value] of values.entries()) {
    const expected = Array.from({ length: CHECKED }, (_, k) => left(row, k) * right(k, column)).reduce((a, b) => a + b);
    if (value !== expected) throw new Error(`a matrix product came out wrong: ${value} instead of ${expected}`);
  }
}

const onGpu = backend.isUsingGpuDevice;
const gigaflops = onGpu ? timeLargeProduct(tf, () => performance.now()) : timeProduct();
if (onGpu && gigaflops < MORE_THAN_ONE_CORE)
  throw new Error(`a GPU that computes no faster than one core: ${gigaflops} GFLOP/s`);
const gpu = isForGpu ? describeGpu(process.env) : undefined;

function timeProduct(): number {
  const [a, b] = [tf.fill([TIMED, TIMED], 0.5), tf.fill([TIMED, TIMED], 0.25)];
  const multiply = () => {
    const result = tf.matMul(a, b);
    result.dataSync();
    result.dispose();
  };
  multiply();
  const start = performance.now();
  let products = 0;
  do {
    multiply();
    products++;
  } while (performance.now() - start < LEAST_MS);
  return (2 * TIMED ** 3 * products) / (performance.now() - start) / 1e6;
}

const proof: Proof = { libtensorflow, version, onGpu, gigaflops, ...(gpu && { gpu: gpu.name }) };
process.send?.(proof, () => process.exit());
