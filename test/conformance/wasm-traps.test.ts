import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compileKernels, KernelModule } from '../../src/backends/wasm/module/kernel-module.js';
import { startWasm, type WasmMemory } from '../../src/backends/wasm/start.js';
import { heapOf } from '../../src/backends/wasm/tuned.js';

const COUNT = 4 * 16384;

let module: KernelModule;
let memory: WasmMemory;
const threads: Worker[] = [];
beforeEach(async () => {
  const started = await startWasm({ build: 'threaded' });
  const { backend } = started;
  ({ memory } = started);
  const heap = heapOf(backend, memory);
  const onWorker = (worker: Worker) => void threads.push(worker);
  process.on('worker', onWorker);
  module = await KernelModule.start(await compileKernels(false), heap, 2);
  process.off('worker', onWorker);
});
afterEach(async () => {
  await module.close();
  threads.length = 0;
});

/** Normalises bytes, in tasks that both threads take. */
function normalise(bytes: number, images: number): void {
  module.run('normalise', { bytes, images, count: COUNT }, 4);
}

function expectWork(): void {
  module.withMemory([COUNT, 4 * COUNT], (bytes, images) => {
    module.bytes(bytes, COUNT).fill(255);
    normalise(bytes, images);
    const values = new Float32Array(module.bytes(images, 4 * COUNT).slice().buffer);
    expect(new Set(values).size).toBe(1);
    expect(values[0]).not.toBe(0);
  });
}

test('a trap in a thread is one error, and the next operation works', { timeout: 20_000 }, () => {
  for (let again = 0; again < 20; again++) {
    const beyond = memory.buffer.byteLength;
    expect(() => normalise(beyond, beyond)).toThrow(/normalise failed: memory access out of bounds/);
    expectWork();
  }
});

test('where only one task traps, whichever thread takes it', { timeout: 20_000 }, () => {
  module.withMemory([4 * COUNT], (images) => {
    for (let again = 0; again < 20; again++) {
      expect(() => normalise(memory.buffer.byteLength - 3 * 16384, images)).toThrow(/normalise failed/);
      expectWork();
    }
  });
});

test('when a thread has ended, operations say that the threads are gone, at once', { timeout: 20_000 }, async () => {
  expectWork();
  const [thread] = threads as [Worker];
  const ended = once(thread, 'exit');
  await thread.terminate();
  await ended;
  for (let again = 0; again < 2; again++)
    expect(() => expectWork()).toThrow(/a thread of the wasm kernels ended with code 1; stop .* start/);
});
