import type { Verdict } from '../../core/summary.js';
import { pAtLeast, pAtMost } from '../inference/interval.js';
import type { Estimate, Interval } from '../inference/interval.js';

/** What the seeds say of a claim. */
export type Decision = Extract<Verdict, 'reproduced' | 'not reproduced' | 'inconclusive'>;

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
export function decide(interval: Interval, region: Region): Decision {
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
 * P-value of a decision about the region, from the estimate behind it. Reproduced: the larger of the two one-sided
 * p-values of equivalence. Not reproduced: the one-sided p-value of lying inside. 0 where nothing varied: the point decides.
 */
export function pOfDecision(estimate: Estimate, { low, high }: Region, verdict: Decision): number | undefined {
  if (verdict === 'inconclusive') return undefined;
  if (estimate.standardError === 0) return 0;
  if (verdict === 'reproduced') return Math.max(pAtMost(estimate, low), pAtLeast(estimate, high));
  return estimate.value > high ? pAtMost(estimate, high) : pAtLeast(estimate, low);
}

/**
 * How many more seeds would decide if mean and spread stayed as they are. An estimate from the sample, no promise: both
 * move with every seed. `undefined` where MOST_SEEDS would not be enough.
 *
 * @param seeds seeds there are
 * @param decidedAt whether this many seeds would decide
 */
export function moreSeedsToDecide(seeds: number, decidedAt: (seeds: number) => boolean): number | undefined {
  for (let total = seeds + 1; total <= MOST_SEEDS; total++) {
    if (decidedAt(total)) return total - seeds;
  }
  return undefined;
}
