import type { Rank } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { ActiveBackend } from '../../../src/backends/backend.js';
import { jsBackend } from '../../../src/backends/js.js';
import { clockKernels, summarizeTrace, type KernelTime } from '../../../src/train/trace.js';

/** Of a kernel that is no product. */
const NO_WORK = { multiplyAdds: 0, computed: 0 };

let js: ActiveBackend;
beforeAll(async () => {
  js = await jsBackend.activate({});
});

/** A clock of its own; `TestOuter` takes 1 ms, runs `TestInner` of 5 ms twice, and takes 2 ms more. */
function scripted() {
  let time = 0;
  const { tf } = js;
  const result = { dataId: {}, shape: [], dtype: 'float32' as const };
  tf.registerKernel({
    kernelName: 'TestInner',
    backendName: 'cpu',
    kernelFunc() {
      time += 5;
      return result;
    },
  });
  tf.registerKernel({
    kernelName: 'TestOuter',
    backendName: 'cpu',
    kernelFunc(params) {
      time += 1;
      tf.getKernel('TestInner', 'cpu').kernelFunc(params);
      tf.getKernel('TestInner', 'cpu').kernelFunc(params);
      time += 2;
      return result;
    },
  });
  const run = () => tf.getKernel('TestOuter', 'cpu').kernelFunc({ inputs: {}, backend: {} });
  return { clock: clockKernels(tf, () => time), run };
}

test('a kernel that another one runs is counted once', () => {
  const { clock, run } = scripted();
  run();
  run();
  expect(Object.fromEntries(clock.take())).toEqual({
    TestOuter: { calls: 2, ms: 6, ...NO_WORK },
    TestInner: { calls: 4, ms: 20, ...NO_WORK },
  });
  expect(clock.take().size).toBe(0);
  clock.stop();
  for (const name of ['TestOuter', 'TestInner']) js.tf.unregisterKernel(name, 'cpu');
});

test('a product is counted by its definition, and by what the backend says that it computes', () => {
  const { tf } = js;
  let time = 0;
  const clock = clockKernels(
    tf,
    () => (time += 1),
    ({ name }) => (name === 'Conv2D' ? 7 : undefined),
  );
  tf.tidy(() => {
    tf.matMul(tf.ones([2, 3]), tf.ones([3, 5]));
    tf.conv2d(tf.ones<Rank.R4>([1, 4, 4, 2]), tf.ones<Rank.R4>([3, 3, 2, 5]), 1, 'valid');
  });
  const kernels = clock.take();
  clock.stop();
  expect(kernels.get('BatchMatMul')).toMatchObject({ multiplyAdds: 30, computed: 30 });
  expect(kernels.get('Conv2D')).toMatchObject({ multiplyAdds: 4 * 5 * 18, computed: 7 });
});

test('after stop the kernels are those that were there', () => {
  const before = js.tf.getKernel('Add', 'cpu');
  const clock = clockKernels(js.tf, () => 0);
  expect(js.tf.getKernel('Add', 'cpu')).not.toBe(before);
  clock.stop();
  expect(js.tf.getKernel('Add', 'cpu')).toBe(before);
});

test('the parts of a step add up to it, and the warm-up is left out', () => {
  const step = (seconds: number, kernels: [string, KernelTime][]) => ({
    seconds,
    preparationSeconds: 0.002,
    kernels: new Map(kernels),
  });
  const trace = summarizeTrace(
    [
      step(9, []),
      step(0.02, [['A', { calls: 1, ms: 4, multiplyAdds: 8e6, computed: 2e6 }]]),
      step(0.04, [
        ['A', { calls: 1, ms: 6, multiplyAdds: 8e6, computed: 2e6 }],
        ['B', { calls: 3, ms: 20, ...NO_WORK }],
      ]),
    ],
    1,
  );
  expect(trace).toEqual({
    warmupSteps: 1,
    steps: 2,
    stepMs: 30,
    batchPreparationMs: 2,
    outsideKernelsMs: 13,
    kernels: [
      { name: 'B', callsPerStep: 1.5, ms: 10 },
      { name: 'A', callsPerStep: 1, ms: 5, gflops: 3.2, computedGflops: 0.8 },
    ],
  });
  expect(summarizeTrace([step(9, [])], 1)).toBeUndefined();
});
