import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import { startTunedWasm } from '../../src/backends/wasm/tuned.js';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';

const threads: Worker[] = [];
const onWorker = (worker: Worker) => void threads.push(worker);
beforeAll(() => void process.on('worker', onWorker));
afterAll(() => void process.off('worker', onWorker));

const ENDS: readonly [string, (tf: Tf) => void][] = [
  ['engine().reset()', (tf) => tf.engine().reset()],
  ["removeBackend('wasm')", (tf) => tf.removeBackend('wasm')],
];
const SETS = ['module', 'xnnpack'] as const;
/** The backend of a process has one number of threads, which with the module is 1. */
const THREADS = { module: 2, xnnpack: 1 };

/** A convolution, its gradients and a product, of which each set has some of its own. */
function compute(tf: Tf): number[] {
  return tf.tidy(() => {
    const x = tf.randomUniform<Rank.R4>([2, 8, 8, 3], -1, 1, 'float32', 1);
    const filter = tf.randomUniform<Rank.R4>([3, 3, 3, 4], -1, 1, 'float32', 2);
    const convolve = (a: never, b: never) => tf.relu6(tf.conv2d(a, b, 2, 'same'));
    const [dx, dw] = tf.grads(convolve as never)([x, filter]) as [Tensor, Tensor];
    const product = tf.matMul(tf.reshape<Rank.R2>(dw, [27, 4]), tf.ones([4, 2]));
    return [dx, product].flatMap((each) => [...each.dataSync()]);
  });
}

for (const kernels of SETS) {
  test.for(ENDS)(`${kernels}: after %s, stop() works and a second start computes the same`, async ([, end]) => {
    const first = await startTunedWasm({ kernels, threads: THREADS[kernels] });
    const wanted = compute(first.tf);
    end(first.tf);
    await first.stop();
    const second = await startTunedWasm({ kernels, threads: THREADS[kernels] });
    expect(second.tf.getBackend()).toBe('wasm');
    expect(compute(second.tf)).toEqual(wanted);
    await second.stop();
  });

  test.for(ENDS)(`${kernels}: after %s, without stop(), too, and the old threads end`, async ([, end]) => {
    threads.length = 0;
    const first = await startTunedWasm({ kernels, threads: THREADS[kernels] });
    const wanted = compute(first.tf);
    const old = [...threads];
    end(first.tf);
    const second = await startTunedWasm({ kernels, threads: THREADS[kernels] });
    expect(compute(second.tf)).toEqual(wanted);
    await first.stop();
    expect(compute(second.tf)).toEqual(wanted);
    if (kernels === 'module') expect(old.at(-1)?.threadId).toBe(-1);
    await second.stop();
  });
}

test('after a reset, tfjs is told what to do, and takes another backend', async () => {
  const started = await startTunedWasm();
  const { tf } = started;
  tf.engine().reset();
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(await tf.setBackend('wasm')).toBe(false);
  expect(said.mock.calls.flat().join(' ')).toMatch(/ended by a reset: call startTunedWasm again/);
  said.mockRestore();
  expect(await tf.setBackend('cpu')).toBe(true);
  await started.stop();
});

test('a second start without stop() is the same one; with other options it is refused', async () => {
  const [first, second] = await Promise.all([startTunedWasm({ threads: 2 }), startTunedWasm({ threads: 2 })]);
  expect(second).toBe(first);
  await expect(startTunedWasm({ threads: 1 })).rejects.toMatchObject({
    code: 'E_USAGE',
    message: expect.stringContaining('"threads":2'),
  });
  const kernels = first.tf.getKernelsForBackend('wasm').length;
  await first.stop();
  const third = await startTunedWasm({ threads: 1 });
  expect(third.tf.getKernelsForBackend('wasm')).toHaveLength(kernels);
  await third.stop();
});
