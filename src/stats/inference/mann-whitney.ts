import { normalUpperTail } from './normal.js';
import { ascending } from './sample.js';

/** Whether the values of one sample tend to be smaller than those of another. */
export interface MannWhitney {
  /** Pairs in which the first value is larger, ties counted half: 0 to n1 n2. */
  readonly u: number;
  /** One-sided p-value of "the first tend to be smaller". */
  readonly pLess: number;
  /** One-sided p-value of "the first tend to be larger". */
  readonly pGreater: number;
  /** Two-sided p-value: twice the smaller of the two, at most 1. */
  readonly p: number;
  readonly method: 'exact' | 'normal';
}

/** With both samples together this large, counts of arrangements still fit the 53 bits of a number. */
const MOST_EXACT = 50;

/**
 * The rank test of two independent samples (Wilcoxon 1945; Mann and Whitney, Ann. Math. Statist. 18 (1947), 50-60).
 *
 * Up to 50 values in all, the p-values are exact: every way to give the n1 + n2 observed values to the two samples is
 * counted, ties as they are (the shift algorithm of Streitberg and Roehmel, Statist. Software Newsl. 12 (1986)). Above that
 * they are normal approximations with the variance corrected for ties and a continuity correction of one half (Hollander,
 * Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed. (2014), 4.1).
 *
 * Where all values are equal, nothing is rejected: p = 1. `undefined` where a sample is empty.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney | undefined {
  const [n1, n2] = [first.length, second.length];
  if (n1 === 0 || n2 === 0) return undefined;
  const doubledRanks = doubledMidranks([...first, ...second]);
  const doubledSum = doubledRanks.slice(0, n1).reduce((sum, rank) => sum + rank, 0);
  const u = doubledSum / 2 - (n1 * (n1 + 1)) / 2;
  const exact = n1 + n2 <= MOST_EXACT;
  const { pLess, pGreater } = exact ? exactTails(doubledRanks, n1, doubledSum) : normalTails(doubledRanks, n1, n2, u);
  return { u, pLess, pGreater, p: Math.min(1, 2 * Math.min(pLess, pGreater)), method: exact ? 'exact' : 'normal' };
}

/** The smallest two-sided p-value that samples of these sizes can have: all of one below all of the other, no ties. */
export function smallestP(n1: number, n2: number): number {
  let arrangements = 1;
  for (let k = 1; k <= n1; k++) arrangements *= (n2 + k) / k;
  return Math.min(1, 2 / arrangements);
}

/** Twice the midrank of each value: whole numbers, ties or not. */
function doubledMidranks(values: readonly number[]): readonly number[] {
  const sorted = ascending(values);
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}

/** Share of all subsets of n1 ranks whose sum is at most, and at least, the observed one. */
function exactTails(doubledRanks: readonly number[], n1: number, observed: number) {
  const subsets = countSubsets(doubledRanks, n1);
  let [below, above, all] = [0, 0, 0];
  for (const [sum, count] of subsets.entries()) {
    all += count;
    if (sum <= observed) below += count;
    if (sum >= observed) above += count;
  }
  return { pLess: below / all, pGreater: above / all };
}

/** How many subsets of `size` of the ranks have each sum. */
function countSubsets(ranks: readonly number[], size: number): Float64Array {
  const sums = ranks.reduce((sum, rank) => sum + rank, 0) + 1;
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(sums));
  (counts[0] as Float64Array)[0] = 1;
  for (const rank of ranks) {
    for (let taken = size; taken >= 1; taken--) {
      const [to, from] = [counts[taken] as Float64Array, counts[taken - 1] as Float64Array];
      for (let sum = rank; sum < sums; sum++) to[sum] = (to[sum] as number) + (from[sum - rank] as number);
    }
  }
  return counts[size] as Float64Array;
}

function normalTails(doubledRanks: readonly number[], n1: number, n2: number, u: number) {
  const n = n1 + n2;
  const counts = new Map<number, number>();
  for (const rank of doubledRanks) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  const ties = [...counts.values()].reduce((sum, count) => sum + count ** 3 - count, 0);
  const sd = Math.sqrt(((n1 * n2) / 12) * (n + 1 - ties / (n * (n - 1))));
  if (!(sd > 0)) return { pLess: 1, pGreater: 1 };
  const excess = u - (n1 * n2) / 2;
  return { pLess: normalUpperTail((-excess - 0.5) / sd), pGreater: normalUpperTail((excess - 0.5) / sd) };
}
