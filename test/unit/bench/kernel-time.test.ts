import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test } from 'vitest';
import { timeKernels } from '../../../src/bench/kernel-time.js';

const BACKEND = 'scripted';
let clock = 0;

const kernelFunc = (name: string) => tf.getKernel(name, BACKEND).kernelFunc;
const call = (name: string) => kernelFunc(name)({ inputs: {}, backend: {} });
const register = (kernelName: string, act: () => void) =>
  tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc: () => (act(), []) });

afterEach(() => {
  for (const { kernelName } of tf.getKernelsForBackend(BACKEND)) tf.unregisterKernel(kernelName, BACKEND);
});

test('a stopwatch gives each kernel its own time and not that of the kernels it calls', () => {
  register('Inner', () => (clock += 2000));
  register('Outer', () => {
    clock += 1000;
    call('Inner');
    call('Inner');
    clock += 500;
  });
  const stopwatch = timeKernels(tf, BACKEND, () => clock);
  call('Outer');
  call('Inner');
  expect(stopwatch.lap()).toEqual({ Inner: 6, Outer: 1.5 });
  expect(stopwatch.lap()).toEqual({});
});

test('a kernel that throws is timed, throws, and leaves the stopwatch right', () => {
  register('Broken', () => {
    clock += 1000;
    throw new Error('broken');
  });
  register('Whole', () => (clock += 1000));
  const stopwatch = timeKernels(tf, BACKEND, () => clock);
  expect(() => call('Broken')).toThrow('broken');
  call('Whole');
  expect(stopwatch.lap()).toEqual({ Broken: 1, Whole: 1 });
});

test('a stopwatch that is removed leaves the kernels as they were', () => {
  register('Inner', () => undefined);
  const before = tf.getKernel('Inner', BACKEND);
  const stopwatch = timeKernels(tf, BACKEND, () => clock);
  expect(tf.getKernel('Inner', BACKEND)).not.toBe(before);
  stopwatch.remove();
  expect(tf.getKernel('Inner', BACKEND)).toBe(before);
});
