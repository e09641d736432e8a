import type { Rank } from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-layers';
import { expect, test, vi } from 'vitest';
import { startTunedWasm } from '../../src/backends/wasm/tuned.js';

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>();
  return { ...actual, readFile: vi.fn(actual.readFile) };
});

test.each([
  ['missing', () => Promise.reject(new Error('ENOENT: no such file')), /ENOENT/],
  ['no WebAssembly', () => Promise.resolve(Buffer.from('no module')), /WebAssembly/],
] as const)('where the module is %s, XNNPACK takes the work, and says why', async (_, read, why) => {
  vi.mocked(readFile).mockImplementationOnce(read);
  const tuned = await startTunedWasm();
  const { tf } = tuned;
  expect(readFile).toHaveBeenCalledWith(expect.objectContaining({ pathname: expect.stringContaining('kernels.wasm') }));
  expect(tuned.fallback).toMatch(why);
  expect(tuned.kernels).toContain('Conv2DBackpropFilter');
  expect(tuned.kernels).not.toContain('Adam');
  const filter = tf.ones<Rank.R4>([2, 2, 1, 1]);
  const gradient = tf.grad((x) => tf.conv2d(tf.ones<Rank.R4>([1, 3, 3, 1]), x as typeof filter, 1, 'valid'))(filter);
  expect([...gradient.dataSync()]).toEqual([4, 4, 4, 4]);
  await tuned.stop();
});

test('where it is there, it is used', async () => {
  const tuned = await startTunedWasm();
  expect(tuned.fallback).toBeUndefined();
  expect(tuned.kernels).toContain('Adam');
  await tuned.stop();
});
