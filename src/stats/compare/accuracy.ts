import { isFailure } from '../../core/record.js';
import { hedgesG } from '../inference/effect.js';
import { intervalOf, momentsOf, pAtLeast, pAtMost, welchDifference, type Interval } from '../inference/interval.js';
import { mean } from '../inference/sample.js';
import { counted, points, pointsInterval } from '../wording.js';
import type { Pair } from './match.js';
import type { ComparedCell } from './side.js';

export interface AccuracySide {
  readonly seeds: readonly number[];
  /** A fraction; absent where no seed completed. */
  readonly mean?: number;
  /** Cells that crashed, diverged or timed out, in words. */
  readonly failures: readonly string[];
}

/** Final accuracies of a pair. Differences are B less A, in points. */
export interface AccuracyComparison {
  readonly a: AccuracySide;
  readonly b: AccuracySide;
  /** Seeds that both sides completed, and those of them whose weights have the same bits. */
  readonly bits: { readonly seeds: number; readonly equal: number };
  readonly difference?: number;
  /** 90 %, after Welch. */
  readonly interval?: Interval;
  /** One-sided p-values of "B is worse" and "B is better", adjusted for all pairs of the comparison (Holm); absent without a test. */
  readonly pWorse?: number;
  readonly pBetter?: number;
  /** Hedges' g. */
  readonly effect?: number;
  readonly verdict: 'identical' | 'worse' | 'better' | 'no difference shown' | 'not tested';
  readonly reason: string;
}

/** Level of the one-sided tests, over all pairs of a comparison together. */
const ACCURACY_LEVEL = 0.05;

/** What is measured of a pair, and the p-values before they are adjusted; a verdict where no test is needed. */
export function measureAccuracy({ a, b }: Pair): AccuracyComparison {
  const [sideA, sideB] = [sideOf(a.cells), sideOf(b.cells)];
  const bits = sharedBits(a.cells, b.cells);
  const difference = sideA.mean === undefined || sideB.mean === undefined ? undefined : sideB.mean - sideA.mean;
  const base = { a: sideA, b: sideB, bits, ...(difference !== undefined && { difference: 100 * difference }) };
  if (sideB.failures.length > 0 && sideA.failures.length === 0) {
    const reason = `${counted(sideB.failures.length, 'cell')} of B failed, and none of A`;
    return { ...base, verdict: 'worse', reason };
  }
  if (difference === undefined) return { ...base, verdict: 'not tested', reason: 'one side completed no seed' };
  const seeds = [...new Set([...sideA.seeds, ...sideB.seeds])];
  if (bits.equal === seeds.length) {
    return { ...base, verdict: 'identical', reason: `the same bits in ${counted(bits.equal, 'seed')}` };
  }
  const [momentsA, momentsB] = [pointsOf(a.cells), pointsOf(b.cells)];
  if (momentsA === undefined || momentsB === undefined) {
    const reason = 'a test needs 2 seeds or more of both';
    return { ...base, verdict: 'not tested', reason };
  }
  const estimate = welchDifference(momentsB, momentsA);
  const interval = intervalOf(estimate);
  const effect = hedgesG(momentsB, momentsA);
  return {
    ...base,
    interval,
    ...{ pWorse: pAtLeast(estimate, 0), pBetter: pAtMost(estimate, 0) },
    ...(effect !== undefined && { effect }),
    verdict: 'no difference shown',
    reason: `${points(estimate.value)}, CI90 ${pointsInterval(interval)}`,
  };
}

/** The same with its p-values adjusted, and their verdict. */
export function judgeAccuracy(measured: AccuracyComparison, pWorse: number, pBetter: number): AccuracyComparison {
  const verdict = pWorse <= ACCURACY_LEVEL ? 'worse' : pBetter <= ACCURACY_LEVEL ? 'better' : measured.verdict;
  return { ...measured, pWorse, pBetter, verdict };
}

function sideOf(cells: readonly ComparedCell[]): AccuracySide {
  const center = mean(cells.flatMap(({ accuracy }) => accuracy ?? []));
  return {
    seeds: completed(cells).map(({ seed }) => seed),
    ...(center !== undefined && { mean: center }),
    failures: cells
      .filter(isFailure)
      .map(({ seed, outcome, reason }) => `seed ${seed} ${outcome}: ${reason ?? 'no reason given'}`),
  };
}

function completed(cells: readonly ComparedCell[]): readonly ComparedCell[] {
  return cells.filter(({ accuracy }) => accuracy !== undefined);
}

function pointsOf(cells: readonly ComparedCell[]) {
  return momentsOf(completed(cells).map(({ accuracy }) => 100 * (accuracy as number)));
}

function sharedBits(a: readonly ComparedCell[], b: readonly ComparedCell[]): AccuracyComparison['bits'] {
  const other = new Map(completed(b).map(({ seed, weightsSha256 }) => [seed, weightsSha256]));
  const shared = completed(a).filter(({ seed }) => other.has(seed));
  const equal = shared.filter(
    ({ seed, weightsSha256 }) => weightsSha256 !== undefined && other.get(seed) === weightsSha256,
  );
  return { seeds: shared.length, equal: equal.length };
}
