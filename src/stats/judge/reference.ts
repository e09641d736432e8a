import type { CellRecord } from '../../core/record.js';
import type { ReferenceOf } from '../../core/reference.js';
import type { ReferenceComparison } from '../../core/summary.js';
import { failuresInWords } from '../comparable.js';
import { holmAdjusted } from '../inference/holm.js';
import {
  intervalOf,
  pAtLeast,
  pAtMost,
  pooledDifference,
  predictionInterval95,
  TAIL_90,
} from '../inference/interval.js';
import type { Estimate, Moments } from '../inference/interval.js';
import { counted, moreSeedsInWords, percent, percentInterval, pInWords, points, pointsInterval } from '../wording.js';
import { contains, decide, moreSeedsToDecide } from './decide.js';
import { intervalName, levelOf, lookInWords, ONCE, spentP, spendOver } from './looks.js';
import type { Look } from './looks.js';
import { pairsWithReference } from './reference-pairs.js';
import type { ReferencePair } from './reference-pairs.js';

export interface ReferenceOptions {
  readonly referenceOf: ReferenceOf;
  /** Numbers of seeds at which the run was judged, with `--until-decided`. Absent: once, with all seeds. */
  readonly looks?: readonly number[] | undefined;
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
 * With looks, a comparison that is decided stays as it is, and the others are tested again.
 *
 * @param records one record a cell, in the order in which to compare; seeds ascending
 */
export function judgeReferences(records: readonly CellRecord[], options: ReferenceOptions): ReferenceComparison[] {
  const looks = options.looks === undefined ? [undefined] : spendOver(options.looks);
  const tested = new Map<string, Tested>();
  const decided = new Map<string, ReferenceComparison>();
  let comparisons: ReferenceComparison[] = [];
  for (const look of looks) {
    for (const pair of pairsWithReference(records, options.referenceOf, look)) {
      if (!decided.has(pair.key)) tested.set(pair.key, test(pair, look));
    }
    comparisons = adjust([...tested.values()]).map((each) => {
      const comparison = decided.get(each.pair.key) ?? compare(each);
      if (comparison.verdict !== 'inconclusive') decided.set(each.pair.key, comparison);
      return comparison;
    });
  }
  return comparisons;
}

interface Tested {
  readonly pair: ReferencePair;
  /** Of a run that is judged several times. */
  readonly look: Look | undefined;
  readonly estimate: Estimate;
  /** One-sided, as `pBetter`; comparable with the whole error. */
  readonly pWorse: number;
  readonly pBetter: number;
}

interface Adjusted extends Tested {
  /** One-sided tests of the run. */
  readonly tests: number;
}

function test(pair: ReferencePair, look: Look | undefined): Tested {
  const estimate = differenceInPoints(pair.moments, pair.reference);
  const level = look ?? ONCE;
  return {
    pair,
    look,
    estimate,
    pWorse: spentP(pAtLeast(estimate, 0), level),
    pBetter: spentP(pAtMost(estimate, 0), level),
  };
}

/** P-values after Holm over both tests of all comparisons. */
function adjust(tested: readonly Tested[]): readonly Adjusted[] {
  const adjusted = holmAdjusted(tested.flatMap(({ pWorse, pBetter }) => [pWorse, pBetter]));
  return tested.map((each, index) => ({
    ...each,
    pWorse: adjusted[2 * index] ?? each.pWorse,
    pBetter: adjusted[2 * index + 1] ?? each.pBetter,
    tests: adjusted.length,
  }));
}

function compare(adjusted: Adjusted): ReferenceComparison {
  const { pair, look, estimate, pWorse, pBetter } = adjusted;
  const { experiment, backend, profile, data, own, testAccuracy, reference, framework } = pair;
  const { low, high } = intervalOf(estimate, (look ?? ONCE).tail);
  const { verdict, reason } = conclude(adjusted);
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
    ...(look && { level: levelOf(look) }),
    pWorse,
    pBetter,
    ...(look && { look: look.number }),
    verdict,
    reason: reason + lookInWords(look, verdict !== 'inconclusive'),
  };
}

function conclude({
  pair: { own, moments, reference, framework },
  look,
  estimate,
  pWorse,
  pBetter,
  tests,
}: Adjusted): Pick<ReferenceComparison, 'verdict' | 'reason'> {
  if (own.failures.length > 0) {
    const reason = `${failuresInWords([own])}: a recipe that dies is worse than one that trains${own.caveat}`;
    return { verdict: 'worse', reason };
  }
  const level = look ?? ONCE;
  const interval = intervalOf(estimate, level.tail);
  const seeds =
    moments.n === 1
      ? `one seed against ${reference.n}, with their spread`
      : `${moments.n} seeds against ${reference.n}`;
  const found = `${points(estimate.value)} against ${percent(reference.mean)} of ${framework} (${seeds}), ${intervalName(level)} ${pointsInterval(interval)}${asOneMoreRun(moments, reference)}`;
  const after = (p: number) => `${pInWords(p)} after Holm over ${counted(tests, 'test')}${own.caveat}`;
  if (decide(interval, MARGIN) === 'reproduced') {
    return { verdict: 'agrees', reason: `${found}, inside \u00b11 point${own.caveat}` };
  }
  if (pWorse < ALARM) return { verdict: 'worse', reason: `${found}, worse: ${after(pWorse)}` };
  if (pBetter < ALARM) {
    const reason = `${found}, better: ${after(pBetter)}; that is suspicious: a leak of test images or another recipe?`;
    return { verdict: 'better', reason };
  }
  const reason = `${found}, not inside \u00b11 point, and no difference shown: ${after(Math.min(pWorse, pBetter))}, where it takes p < ${ALARM}`;
  if (look !== undefined) return { verdict: 'inconclusive', reason };
  const more = moreSeedsToDecide(moments.n, (n) => isDecided(atSeeds(n, moments, reference), tests));
  return { verdict: 'inconclusive', reason: reason + moreSeedsInWords(more) };
}

/** One seed alone is judged as one more run of the reference, too: by its 95 % prediction interval. */
function asOneMoreRun({ n, mean }: Moments, reference: Moments): string {
  if (n > 1) return '';
  const expected = predictionInterval95(reference);
  const surprise = contains({ ...expected, closed: true }, mean) ? 'no surprise' : 'a surprise';
  return `, as one more run of it ${surprise} (${percentInterval(expected)})`;
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
