import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import type { Tf } from './load.js';

/** A GPU as NVIDIA's driver names it. */
export interface Gpu {
  readonly name: string;
  /** Version of the driver. */
  readonly driver: string;
}

/**
 * Prepares the environment for libtensorflow on one GPU, before it is loaded: the first of those that are visible, because
 * tfjs-node takes the last; memory as it is needed; float32 as float32, which is TF32 with 10 bits of mantissa otherwise;
 * compiled kernels kept by the driver.
 */
export function prepareGpu(packageFolder: string, env: NodeJS.ProcessEnv): void {
  env['CUDA_DEVICE_ORDER'] ??= 'PCI_BUS_ID';
  env['CUDA_VISIBLE_DEVICES'] = (env['CUDA_VISIBLE_DEVICES'] ?? '0').split(',')[0];
  env['TF_FORCE_GPU_ALLOW_GROWTH'] = 'true';
  env['NVIDIA_TF32_OVERRIDE'] = '0';
  env['CUDA_CACHE_MAXSIZE'] ??= String(2 ** 32 - 1);
  const compilers = join(packageFolder, 'deps', 'nvidia', 'cuda_nvcc', 'bin');
  env['PATH'] = [compilers, env['PATH'] ?? ''].join(delimiter);
}

/** The GPU that `prepareGpu` chose, or nothing where the driver knows none. */
export function describeGpu(env: NodeJS.ProcessEnv): Gpu | undefined {
  try {
    const answer = execFileSync(
      'nvidia-smi',
      ['--query-gpu=name,driver_version', '--format=csv,noheader', `--id=${env['CUDA_VISIBLE_DEVICES'] ?? '0'}`],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 30_000 },
    );
    const [name = '', driver = ''] = (answer.split('\n')[0] ?? '').split(', ');
    return name === '' ? undefined : { name, driver };
  } catch {
    return undefined;
  }
}

/**
 * More than one core of a processor can do: two units of AVX-512, 16 float32 numbers each, a multiplication and an addition at a
 * time, at 6 GHz, are 384 GFLOP/s. libtensorflow is given one thread, so that what is faster was not computed by it.
 */
export const MORE_THAN_ONE_CORE = 400;

const SIDE = 4096;
const PRODUCTS = 5;

/**
 * Speed of a product of two 4096x4096 float32 matrices, GFLOP/s, the best of five. The first one, which may take minutes because
 * the driver compiles kernels for a new GPU, is not timed.
 *
 * @param now milliseconds of a monotonic clock
 */
export function timeLargeProduct(tf: Tf, now: () => number): number {
  const [a, b] = [tf.fill([SIDE, SIDE], 0.5), tf.fill([SIDE, SIDE], 0.25)];
  // Reading one number waits for the GPU.
  const multiply = () => {
    const first = tf.tidy(() => tf.slice(tf.reshape(tf.matMul(a, b), [SIDE * SIDE]), [0], [1]));
    const [value] = first.dataSync();
    first.dispose();
    if (value !== SIDE * 0.125) throw new Error(`a matrix product is wrong: ${value} instead of ${SIDE * 0.125}`);
  };
  multiply();
  let best = Infinity;
  for (let product = 0; product < PRODUCTS; product++) {
    const start = now();
    multiply();
    best = Math.min(best, now() - start);
  }
  tf.dispose([a, b]);
  return (2 * SIDE ** 3) / best / 1e6;
}
