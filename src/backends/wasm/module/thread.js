/** One thread of the pool: waits for an operation, takes tasks until none is left, says so. */
import { parentPort, workerData } from 'node:worker_threads';
import { CONTROL, SPINS } from './control.js';

/** @import { Kernels, ThreadData } from './thread-data.js' */

const { module, memory, control, index } = /** @type {ThreadData} */ (workerData);
const { work } = /** @type {Kernels} */ (new WebAssembly.Instance(module, { env: { memory } }).exports);
const words = new Int32Array(memory.buffer, control, CONTROL.words);
/** @param {number} word */
const read = (word) => Atomics.load(words, word);

let seen = read(CONTROL.generation);
parentPort?.postMessage('ready');
for (;;) {
  for (let spins = 0; spins < SPINS && read(CONTROL.generation) === seen; spins++);
  while (read(CONTROL.generation) === seen) Atomics.wait(words, CONTROL.generation, seen);
  seen = read(CONTROL.generation);
  const scratch = read(CONTROL.scratch) + index * read(CONTROL.scratchBytes);
  try {
    work(read(CONTROL.operation), read(CONTROL.arguments), read(CONTROL.tasks), control + 4 * CONTROL.counter, scratch);
  } catch {
    // The main thread throws for both; it would wait in vain for a thread that ended.
    Atomics.store(words, CONTROL.trapped, 1);
  }
  if (Atomics.sub(words, CONTROL.running, 1) === 1) Atomics.notify(words, CONTROL.running);
}
