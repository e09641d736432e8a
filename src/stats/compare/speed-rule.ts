import type { MannWhitney } from '../inference/mann-whitney.js';
import { mannWhitney } from '../inference/mann-whitney.js';
import { median } from '../inference/sample.js';

/** Two-sided p-value of Mann and Whitney's test below which speeds differ. */
export const SPEED_LEVEL = 0.002;

/** No smaller change of speed is called one, however quiet the machine: a fraction of the faster speed. */
const LEAST_CHANGE = 0.1;

/** A change counts from this many times the noise of the machine on. */
const NOISE_FACTOR = 3;

/** Makes the median absolute deviation of normal values their standard deviation (Rousseeuw and Croux 1993). */
const MAD_TO_SD = 1.4826;

/** Timed blocks and seconds below which the speed of a cell is not judged. */
const [LEAST_BLOCKS, LEAST_SECONDS] = [10, 3];

/** Whether a cell was timed for long enough to be judged. */
export function isTimedLongEnough({ blocks, seconds }: { readonly blocks: number; readonly seconds: number }): boolean {
  return blocks >= LEAST_BLOCKS && seconds >= LEAST_SECONDS;
}

/** `10 blocks and 3 s`. */
export const LONG_ENOUGH = `${LEAST_BLOCKS} blocks and ${LEAST_SECONDS} s`;

/**
 * How much the speeds of equal processes vary: their median absolute deviation, scaled to a standard deviation, as a
 * fraction of their median. An outlier does not move it. `undefined` for an empty sample; 0 for identical speeds, and
 * wherever more than half of them are identical.
 */
export function relativeNoise(speeds: readonly number[]): number | undefined {
  const center = median(speeds);
  if (center === undefined) return undefined;
  return (MAD_TO_SD * (median(speeds.map((speed) => Math.abs(speed - center))) as number)) / center;
}

/** The change above which a difference of speeds counts, a fraction; without a calibration the least one. */
export function changeThreshold(noise: number | undefined): number {
  return Math.max(LEAST_CHANGE, NOISE_FACTOR * (noise ?? 0));
}

export interface SpeedDifference {
  /** Median of the second over median of the first. */
  readonly ratio: number;
  /** How much slower the slower one is, a fraction of the faster one. */
  readonly change: number;
  readonly test: MannWhitney;
  /** Of the second. */
  readonly verdict: 'slower' | 'faster' | 'no difference shown';
}

/**
 * Whether the second of two samples of speeds is slower: Mann and Whitney's two-sided p below 0.002, and a change of the
 * medians above the threshold. Both are needed: a tiny change can be certain, and a large one chance. Changing sides turns
 * slower into faster. `undefined` where a sample is empty.
 */
export function judgeSpeeds(
  first: readonly number[],
  second: readonly number[],
  threshold: number,
): SpeedDifference | undefined {
  const [a, b, test] = [median(first), median(second), mannWhitney(first, second)];
  if (a === undefined || b === undefined || test === undefined) return undefined;
  const change = 1 - Math.min(a, b) / Math.max(a, b);
  const counts = test.p < SPEED_LEVEL && change > threshold;
  return { ratio: b / a, change, test, verdict: counts ? (b < a ? 'slower' : 'faster') : 'no difference shown' };
}
