import type { KernelConfig, Optimizer, Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import { KernelModule } from '../../src/backends/wasm/module/kernel-module.js';
import { startWasm, type StartedWasm } from '../../src/backends/wasm/start.js';
import { startTunedWasm, type TunedWasm } from '../../src/backends/wasm/tuned.js';

const threads: Worker[] = [];
const onWorker = (worker: Worker) => void threads.push(worker);

let tf: Tf;
let backend: StartedWasm['backend'];
let stock: readonly KernelConfig[];
let tuned: TunedWasm;
beforeAll(async () => {
  ({ tf, backend } = await startWasm({ build: 'threaded' }));
  stock = tf.getKernelsForBackend('wasm');
  process.on('worker', onWorker);
  tuned = await startTunedWasm({ threads: 3 });
});
afterAll(async () => {
  process.off('worker', onWorker);
  await tuned.stop();
});

/** Weights and step of a network with a convolution of either kind and a dense layer. */
function network() {
  const random = (shape: number[], seed: number) => tf.randomUniform(shape, -0.3, 0.3, 'float32', seed);
  const weights = [random([7, 7, 8, 8], 1), random([3, 3, 8, 5], 2), random([20, 3], 3), random([3], 4)];
  const variables = weights.map((weight) => tf.variable(weight));
  const x = random([4, 16, 16, 8], 5) as Tensor4D;
  tf.dispose(weights);
  const forward = () => {
    const [wide, strided, dense, bias] = variables as [Variable, Variable, Variable, Variable];
    const a = tf.relu(tf.conv2d(x, wide as never, 1, 'same'));
    const b = tf.maxPool(tf.relu(tf.conv2d(a, strided as never, 3, 'same')), 3, 3, 'valid');
    const c = tf.slice(tf.reshape(b, [4, -1]), [0, 0], [4, 20]);
    return tf.mean(tf.square(tf.add(tf.matMul(c as never, dense as never), bias)));
  };
  return {
    step: (optimizer: Optimizer) => void optimizer.minimize(forward as () => never, false, variables),
    forward,
    dispose: () => tf.dispose([x, ...variables]),
  };
}

test('tensors, bytes and heap stay flat over 1,000 steps', { tags: 'slow' }, () => {
  const { step, dispose } = network();
  const optimizer = tuned.adam({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  for (let warmUp = 0; warmUp < 10; warmUp++) step(optimizer);
  const now = () => {
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    return { numTensors, numDataBuffers, numBytes, heap: backend.wasm.HEAPU8.length };
  };
  const before = now();
  for (let count = 0; count < 1000; count++) step(optimizer);
  expect(now()).toEqual(before);
  optimizer.dispose();
  dispose();
});

test('a full heap is an error, gives back what was taken, and everything works afterwards', () => {
  const random = (shape: number[], seed: number) => tf.randomUniform(shape, -1, 1, 'float32', seed);
  const [x, wide, narrow] = [random([4, 16, 16, 8], 1), random([7, 7, 8, 8], 2), random([3, 3, 8, 8], 3)];
  // Kernels rather than tf.grads: that keeps what it has saved when one of them fails.
  const compute = () =>
    tf.tidy(() => {
      const convolution = { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
      const results = [wide, narrow].flatMap((filter) => [
        tf.engine().runKernel<Tensor>('Conv2D', { x, filter }, convolution),
        tf
          .engine()
          .runKernel<Tensor>('Conv2DBackpropInput', { dy: x, filter }, { ...convolution, inputShape: x.shape }),
        tf
          .engine()
          .runKernel<Tensor>('Conv2DBackpropFilter', { x, dy: x }, { ...convolution, filterShape: filter.shape }),
      ]);
      const matrix = tf.reshape(x, [-1, 8]);
      return [...results, tf.matMul(matrix, matrix, true)].map((tensor) => [...tensor.dataSync()]);
    });
  const expected = compute();

  const { wasm } = backend as unknown as { wasm: { _malloc: (bytes: number) => number; _free: (at: number) => void } };
  const { _malloc: malloc, _free: free } = wasm;
  const live = new Set<number>();
  // The countdown's last allocation of our module finds the heap full.
  let countdown = Infinity;
  let isFull = false;
  wasm._malloc = (bytes) => {
    if (isFull) return 0;
    const address = malloc(bytes);
    live.add(address);
    return address;
  };
  wasm._free = (address) => {
    live.delete(address);
    free(address);
  };
  const allocate = Object.getOwnPropertyDescriptor(KernelModule.prototype, 'allocate')?.value as (
    bytes: number,
  ) => number;
  const spy = vi.spyOn(KernelModule.prototype, 'allocate').mockImplementation(function (this: KernelModule, bytes) {
    isFull = --countdown === 0;
    try {
      return allocate.call(this, bytes);
    } finally {
      isFull = false;
    }
  });
  try {
    compute();
    const allocations = spy.mock.calls.length;
    expect(allocations).toBeGreaterThan(10);
    const before = { memory: tf.memory(), live: live.size };
    for (let last = 1; last <= allocations; last++) {
      countdown = last;
      expect(() => compute()).toThrow(/the wasm heap has no \d+ MiB left/);
      expect(tf.memory()).toEqual(before.memory);
      expect(live.size, `after the failure of allocation ${last}`).toBe(before.live);
    }
    countdown = Infinity;
    expect(compute()).toEqual(expected);
  } finally {
    spy.mockRestore();
    Object.assign(wasm, { _malloc: malloc, _free: free });
  }
  tf.dispose([x, wide, narrow]);
});

test('stop() puts the stock kernels back and ends the threads; started again, it computes the same', async () => {
  const { forward, dispose } = network();
  const compute = () => tf.tidy(() => forward().dataSync()[0] as number);
  const byModule = compute();
  expect(threads.length).toBe(2);
  const ended = Promise.all(threads.map((thread) => new Promise((resolve) => thread.once('exit', resolve))));
  await tuned.stop();
  await ended;
  expect(new Set(tf.getKernelsForBackend('wasm'))).toEqual(new Set(stock));
  for (const kernel of stock) expect(tf.getKernel(kernel.kernelName, 'wasm')).toBe(kernel);
  expect(compute()).toBeCloseTo(byModule, 6);

  tuned = await startTunedWasm({ threads: 2 });
  expect(compute()).toBe(byModule);
  dispose();
});
