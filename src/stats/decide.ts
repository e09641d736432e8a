import type { Verdict } from '../core/summary.js';
import type { Interval } from './interval.js';

/** The values that a claim allows. */
export interface Region extends Interval {
  /** Whether the bounds belong to it: they do for a printed number, not for `higher` and its kind. */
  readonly closed: boolean;
}

/** A search for a number of seeds stops here. */
export const MOST_SEEDS = 100;

/**
 * Verdict of an interval on a region: inside it, reproduced; disjoint from it, not reproduced; else inconclusive.
 * With a 90 % interval the first is the two one-sided tests procedure at 5 % (Schuirmann 1987; Lakens 2017), so a large
 * spread never reads as agreement.
 */
export function decide(
  interval: Interval,
  region: Region,
): Extract<Verdict, 'reproduced' | 'not reproduced' | 'inconclusive'> {
  const { low, high, closed } = region;
  const inside = closed ? interval.low >= low && interval.high <= high : interval.low > low && interval.high < high;
  const outside = closed ? interval.high < low || interval.low > high : interval.high <= low || interval.low >= high;
  return inside ? 'reproduced' : outside ? 'not reproduced' : 'inconclusive';
}

/** Whether a single value lies in the region. */
export function contains({ low, high, closed }: Region, value: number): boolean {
  return closed ? low <= value && value <= high : low < value && value < high;
}

/**
 * How many more seeds would decide if mean and spread stayed as they are. An estimate from the sample, no promise: both
 * move with every seed. `undefined` where MOST_SEEDS would not be enough.
 *
 * @param seeds seeds there are
 * @param intervalAt the interval that this many seeds would have
 */
export function moreSeedsToDecide(
  seeds: number,
  region: Region,
  intervalAt: (seeds: number) => Interval,
): number | undefined {
  for (let total = seeds + 1; total <= MOST_SEEDS; total++) {
    if (decide(intervalAt(total), region) !== 'inconclusive') return total - seeds;
  }
  return undefined;
}
