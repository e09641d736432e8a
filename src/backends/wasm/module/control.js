/**
 * The block of memory through which the main thread and the others agree. Plain JavaScript, because thread.js, which imports
 * it, runs as it is.
 */

/** Words of the block; those that several threads write are on cache lines of their own. */
export const CONTROL = /** @type {const} */ ({
  /** Counts operations; the threads wait for it to change. */
  generation: 0,
  /** Threads besides the main one that have not finished the operation. */
  running: 16,
  /** Next task. */
  counter: 32,
  operation: 48,
  arguments: 49,
  tasks: 50,
  /** Scratch memory of the main thread; the others' follows, `scratchBytes` each. */
  scratch: 51,
  scratchBytes: 52,
  /** Not 0 where a thread besides the main one has trapped. */
  trapped: 53,
  words: 64,
});

/** Looks at a word before a thread goes to sleep: the next operation of a step follows soon. */
export const SPINS = 20_000;
