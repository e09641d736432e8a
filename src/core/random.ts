import seedrandom from 'seedrandom';

/** Purposes that draw random numbers. Each has a stream of its own, so that one never shifts another. */
export type StreamPurpose = 'init' | 'shuffle' | 'dropout' | 'problem' | 'resample';

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
