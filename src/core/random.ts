import seedrandom from 'seedrandom';

/** Purposes that draw random numbers. Each has a stream of its own, so that one never shifts another. */
export type StreamPurpose = 'init' | 'shuffle' | 'problem' | 'resample' | 'split' | 'part';

/** A generator of uniform numbers in [0, 1) with 53 random bits (seedrandom's `double`). */
export type RandomStream = () => number;

/**
 * The named random stream of one experiment and seed. The same arguments give the same numbers on every machine.
 *
 * @param experiment id of the experiment
 * @param seed the cell's seed, a non-negative integer
 */
export function randomStream(experiment: string, seed: number, purpose: StreamPurpose): RandomStream {
  const generator = seedrandom(`cnnbench/${experiment}/${seed}/${purpose}`);
  return () => generator.double();
}

/**
 * Which values a dropout keeps: 1 with probability 1 - rate, else 0. Each step and layer has a stream of its own, so that a training
 * that goes on in the middle draws the same masks.
 *
 * @param experiment names the streams, like that of `randomStream`
 * @param step 1-based, counted through all epochs
 */
export function dropoutMask(
  { experiment, seed, step, layer }: { experiment: string; seed: number; step: number; layer: string },
  count: number,
  rate: number,
): Uint8Array {
  const generator = seedrandom(`cnnbench/${experiment}/${seed}/dropout/${step}/${layer}`);
  const limit = rate * 2 ** 32;
  const mask = new Uint8Array(count);
  for (let index = 0; index < count; index++) mask[index] = generator.int32() >>> 0 >= limit ? 1 : 0;
  return mask;
}

/**
 * A random permutation of 0..count-1 (Fisher-Yates, Durstenfeld 1964).
 *
 * @param stream source of randomness; advanced by count - 1 draws
 */
export function permutation(count: number, stream: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const pick = Math.floor(stream() * (last + 1));
    const kept = order[last] as number;
    order[last] = order[pick] as number;
    order[pick] = kept;
  }
  return order;
}
