import type { CellRecord } from '../core/record.js';
import type { ReferenceOf } from '../core/reference.js';
import type { ReferenceComparison } from '../core/summary.js';
import { failuresInWords } from './comparable.js';
import { decide, moreSeedsToDecide } from './decide.js';
import { holmAdjusted } from './holm.js';
import { intervalOf, pAtLeast, pAtMost, pooledDifference, TAIL_90 } from './interval.js';
import type { Estimate, Moments } from './interval.js';
import { pairsWithReference } from './reference-pairs.js';
import type { ReferencePair } from './reference-pairs.js';
import { counted, moreSeedsInWords, percent, pInWords, points, pointsInterval } from './wording.js';

export interface ReferenceOptions {
  readonly referenceOf: ReferenceOf;
  /** What the references were trained with, with its version. */
  readonly framework: string;
}

/** Means that differ by no more agree, in points. */
const MARGIN = { low: -1, high: 1, closed: true } as const;

/**
 * Of "worse" and "better" after Holm: an alarm must be rare where honest runs are compared every day. At 1 %, one of the
 * twenty honest runs of test/gate was one; this is the level of a regression of speed.
 */
const ALARM = 0.002;

/**
 * Every experiment on every backend in every profile against the reference of the same recipe, on the same kind of data,
 * by the pooled two-sample test that MLPerf's checker of reference convergence points uses. Equivalence comes first: CI90
 * of the difference within one point `agrees` (Schuirmann 1987). A difference is `worse` or `better` below 0.2 % after Holm
 * over both one-sided tests of all comparisons; else nothing is decided.
 *
 * @param records one record a cell, in the order in which to compare; seeds ascending
 */
export function judgeReferences(records: readonly CellRecord[], options: ReferenceOptions): ReferenceComparison[] {
  const pairs = pairsWithReference(records, options.referenceOf);
  const estimates = pairs.map(({ moments, reference }) => differenceInPoints(moments, reference));
  const adjusted = holmAdjusted(estimates.flatMap((estimate) => [pAtLeast(estimate, 0), pAtMost(estimate, 0)]));
  return pairs.flatMap((pair, index) => {
    const [estimate, pWorse, pBetter] = [estimates[index], adjusted[2 * index], adjusted[2 * index + 1]];
    if (estimate === undefined || pWorse === undefined || pBetter === undefined) return [];
    return [compare(pair, { estimate, pWorse, pBetter, tests: adjusted.length }, options.framework)];
  });
}

interface Tested {
  readonly estimate: Estimate;
  /** After Holm, as `pBetter`. */
  readonly pWorse: number;
  readonly pBetter: number;
  /** One-sided tests of the run. */
  readonly tests: number;
}

function compare(pair: ReferencePair, tested: Tested, framework: string): ReferenceComparison {
  const { experiment, backend, profile, data, own, testAccuracy, reference } = pair;
  const { estimate, pWorse, pBetter } = tested;
  const { low, high } = intervalOf(estimate);
  return {
    experiment,
    backend,
    profile,
    ...(data === 'stand-in' && { standIn: true }),
    seeds: [...own.seeds],
    testAccuracy,
    reference: { framework, seeds: reference.n, mean: reference.mean, sd: reference.sd },
    difference: estimate.value,
    interval: [low, high],
    pWorse,
    pBetter,
    ...conclude(pair, tested, framework),
  };
}

function conclude(
  { own, moments, reference }: ReferencePair,
  { estimate, pWorse, pBetter, tests }: Tested,
  framework: string,
): Pick<ReferenceComparison, 'verdict' | 'reason'> {
  if (own.failures.length > 0) {
    const reason = `${failuresInWords([own])}: a recipe that dies is worse than one that trains${own.caveat}`;
    return { verdict: 'worse', reason };
  }
  const interval = intervalOf(estimate);
  const seeds =
    moments.n === 1
      ? `one seed against ${reference.n}, with their spread`
      : `${moments.n} seeds against ${reference.n}`;
  const found = `${points(estimate.value)} against ${percent(reference.mean)} of ${framework} (${seeds}), CI90 ${pointsInterval(interval)}`;
  const after = (p: number) => `${pInWords(p)} after Holm over ${counted(tests, 'test')}${own.caveat}`;
  if (decide(interval, MARGIN) === 'reproduced') {
    return { verdict: 'agrees', reason: `${found}, inside \u00b11 point${own.caveat}` };
  }
  if (pWorse < ALARM) return { verdict: 'worse', reason: `${found}, worse: ${after(pWorse)}` };
  if (pBetter < ALARM) {
    const reason = `${found}, better: ${after(pBetter)}; that is suspicious: a leak of test images or another recipe?`;
    return { verdict: 'better', reason };
  }
  const more = moreSeedsToDecide(moments.n, (n) => isDecided(atSeeds(n, moments, reference), tests));
  const reason = `${found}, neither inside \u00b11 point nor clear of 0: ${after(Math.min(pWorse, pBetter))}${moreSeedsInWords(more)}`;
  return { verdict: 'inconclusive', reason };
}

/** The difference as more own seeds of the same mean and spread would have it. One seed has the spread of the reference. */
function atSeeds(n: number, own: Moments, reference: Moments): Estimate {
  return differenceInPoints({ n, mean: own.mean, sd: own.n === 1 ? reference.sd : own.sd }, reference);
}

/**
 * Whether that would be a verdict, by the strictest step of Holm: no fewer seeds than needed are promised. Equivalence by
 * its p-value, which says the same as the interval and is a hundred times cheaper than a quantile.
 */
function isDecided(estimate: Estimate, tests: number): boolean {
  const different = Math.min(pAtLeast(estimate, 0), pAtMost(estimate, 0)) * tests;
  const equivalent = Math.max(pAtMost(estimate, MARGIN.low), pAtLeast(estimate, MARGIN.high));
  return different < ALARM || equivalent <= TAIL_90;
}

function differenceInPoints(own: Moments, reference: Moments): Estimate {
  const { value, standardError, degreesOfFreedom } = pooledDifference(own, reference);
  return { value: 100 * value, standardError: 100 * standardError, degreesOfFreedom };
}
