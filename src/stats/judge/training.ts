import type { AccuracyClaim, RelationClaim, ScoreClaim } from '../../core/claim.js';
import { parsePrinted } from '../../core/printed.js';
import type { CellRecord, TrainingResult } from '../../core/record.js';
import type { ClaimVerdict } from '../../core/summary.js';
import { comparable, failuresInWords } from '../comparable.js';
import { intervalOf, meanEstimate, momentsOf, predictionInterval95, welchDifference } from '../inference/interval.js';
import type { Interval } from '../inference/interval.js';
import { mean } from '../inference/sample.js';
import { lossInWords, moreSeedsInWords, percent, percentInterval, points, pointsInterval } from '../wording.js';
import { contains, decide, moreSeedsToDecide, pOfDecision } from './decide.js';
import type { Decision, Region } from './decide.js';
import { intervalName, levelOf, ONCE, spentP } from './looks.js';
import type { Look } from './looks.js';

/** The part of a verdict that the records decide. */
export type Judgement = Pick<
  ClaimVerdict,
  | 'verdict'
  | 'reason'
  | 'measured'
  | 'seeds'
  | 'interval'
  | 'level'
  | 'prediction'
  | 'p'
  | 'pHolm'
  | 'look'
  | 'mistake'
  | 'blame'
>;

/** Percentage points of difference that a relation allows. One point is the margin of `not-higher`. */
const RELATIONS: Readonly<
  Record<RelationClaim['relation'], Region & { readonly expected: string; readonly words: string }>
> = {
  higher: { expected: '> 0', words: 'above 0', low: 0, high: Infinity, closed: false },
  lower: { expected: '< 0', words: 'below 0', low: -Infinity, high: 0, closed: false },
  'not-higher': { expected: '< +1', words: 'below +1 point', low: -Infinity, high: 1, closed: false },
};

/** The difference of accuracies that a relation stands for, in points. */
export function expectedOfRelation({ relation }: RelationClaim): string {
  return RELATIONS[relation].expected;
}

/**
 * The number that a claim of an accuracy or a loss stands for, with its interval: what the printed digits say, or what the claim says
 * they stand for. Throws RangeError where the ledger prints no number.
 */
export function expectedOfAccuracy({
  id,
  printed,
  expected,
}: AccuracyClaim | ScoreClaim): Region & { readonly value: number } {
  if (expected !== undefined) {
    const { low, high } = expected;
    return { value: (low + high) / 2, low, high, closed: true };
  }
  const parsed = parsePrinted(printed);
  if (parsed.kind !== 'number') throw new RangeError(`${id}: "${printed}" is no accuracy`);
  return { value: parsed.value, low: parsed.low, high: parsed.high, closed: true };
}

/**
 * Final test accuracy against the printed interval, by the 90 % interval of the mean over the seeds.
 *
 * @param records the claim's experiment on one backend
 * @param look of a run that is judged several times; else all seeds are judged at once
 */
export function judgeAccuracy(
  claim: AccuracyClaim | ScoreClaim,
  records: readonly CellRecord[],
  look?: Look,
): Judgement {
  const found = comparable(records, claim.kind === 'score' ? scoreOf(claim) : undefined);
  if ('reason' in found) return { verdict: 'not run', reason: found.reason };
  const { accuracies, caveat } = found;
  const measured = mean(accuracies);
  const seeds = [...found.seeds];
  if (found.failures.length > 0) {
    const reason = failuresInWords([found]) + caveat;
    return { seeds, ...(measured !== undefined && { measured }), verdict: 'not reproduced', reason };
  }
  return { seeds, ...judgeAccuracies(claim, accuracies, caveat, look) };
}

/** What a training measured of a score, at the epoch of the claim. */
function scoreOf({ score, set, epoch }: ScoreClaim): (result: TrainingResult) => number | undefined {
  return ({ curve }) => {
    const point = epoch === undefined ? curve.at(-1) : curve.find((each) => each.epoch === epoch);
    if (set === 'test') return score === 'loss' ? point?.testLoss : point?.testAccuracy;
    return score === 'loss' ? point?.trainLoss : point?.trainAccuracy;
  };
}

/** How values are written, and the largest there can be. */
interface Scale {
  readonly most: number;
  readonly value: (value: number) => string;
  readonly interval: (interval: Interval) => string;
}
const FRACTIONS: Scale = { most: 1, value: percent, interval: percentInterval };
const LOSSES: Scale = {
  most: Infinity,
  value: lossInWords,
  interval: ({ low, high }) => `${lossInWords(low)} to ${lossInWords(high)}`,
};

/**
 * Final test accuracies, one a seed, or other scores, against the printed interval.
 *
 * @param caveat what is different about the data, in words
 */
export function judgeAccuracies(
  claim: AccuracyClaim | ScoreClaim,
  accuracies: readonly number[],
  caveat: string,
  look?: Look,
): Judgement {
  const region = expectedOfAccuracy(claim);
  const scale = claim.kind === 'score' && claim.score === 'loss' ? LOSSES : FRACTIONS;
  const measured = mean(accuracies);
  if (measured === undefined) return { verdict: 'not run', reason: 'no seed completed' };
  const printed = scale.interval(region);
  const moments = momentsOf(accuracies);
  if (moments === undefined) {
    const where = contains(region, measured) ? 'inside' : 'outside';
    const reason = `provisional: one seed, ${scale.value(measured)}, ${where} ${printed}${caveat}; an interval needs 2 seeds or more`;
    return { measured, verdict: 'inconclusive', reason };
  }
  const estimate = meanEstimate(moments);
  const level = look ?? ONCE;
  const interval = within(scale, intervalOf(estimate, level.tail));
  const verdict = decide(interval, region);
  const p = pOfDecision(estimate, region, verdict);
  const oneRun = within(scale, predictionInterval95(moments));
  const spread =
    moments.sd === 0
      ? `all ${moments.n} seeds gave ${scale.value(measured)}`
      : `${intervalName(level)} ${scale.interval(interval)}`;
  const reason =
    `${spread}, ${POSITION[verdict]} ${printed}${caveat}` +
    (verdict === 'inconclusive' && look === undefined
      ? moreSeedsInWords(
          moreSeedsToDecide(moments.n, (n) => isDecided(intervalOf(meanEstimate({ ...moments, n })), region)),
        )
      : '') +
    (moments.sd === 0 ? '' : oneRunInWords(oneRun, region, scale));
  return {
    measured,
    interval: [interval.low, interval.high],
    ...(look && { level: levelOf(look) }),
    prediction: [oneRun.low, oneRun.high],
    ...(p !== undefined && { p: spentP(p, level) }),
    verdict,
    reason,
  };
}

/** An accuracy is a fraction, and a loss not negative, whatever a formula for numbers without bounds says. */
function within({ most }: Scale, { low, high }: Interval): Interval {
  return { low: Math.max(0, low), high: Math.min(most, high) };
}

/** A deck prints one run: whether that run would have been a surprise here. */
function oneRunInWords(oneRun: Interval, { low, high }: Region, scale: Scale): string {
  const met = oneRun.low <= high && low <= oneRun.high;
  return `; as one run of one seed, ${scale.interval(oneRun)} would be no surprise${met ? '' : ', and the slide prints none of it'}`;
}

/**
 * Difference of the final test accuracies of two experiments on the same backend, by its 90 % Welch interval. Seeds are
 * independent samples: seed 1 of one experiment has nothing in common with seed 1 of another.
 */
export function judgeRelation(
  claim: RelationClaim,
  records: readonly CellRecord[],
  otherRecords: readonly CellRecord[],
  look?: Look,
): Judgement {
  const pair = [comparable(records), comparable(otherRecords)] as const;
  const [first, second] = pair;
  if ('reason' in first || 'reason' in second) {
    const ids = [claim.experiment, claim.comparedWith] as const;
    const reasons = pair.flatMap((side, index) => ('reason' in side ? [`${ids[index]}: ${side.reason}`] : []));
    return { verdict: 'not run', reason: reasons.join('; ') };
  }
  const seeds = [...new Set([...first.seeds, ...second.seeds])].sort((a, b) => a - b);
  const caveat = first.caveat || second.caveat;
  const judged = judgeDifference(claim, first.accuracies, second.accuracies, caveat, look);
  if (first.failures.length + second.failures.length === 0) return { seeds, ...judged };
  const { measured } = judged;
  const reason = failuresInWords([first, second]) + caveat;
  return { seeds, ...(measured !== undefined && { measured }), verdict: 'not reproduced', reason };
}

/** The same of final test accuracies, one a seed. `caveat` as of `judgeAccuracies`. */
export function judgeDifference(
  claim: RelationClaim,
  accuracies: readonly number[],
  otherAccuracies: readonly number[],
  caveat: string,
  look?: Look,
): Judgement {
  const region = RELATIONS[claim.relation];
  const [ownMean, otherMean] = [mean(accuracies), mean(otherAccuracies)];
  if (ownMean === undefined || otherMean === undefined) return { verdict: 'not run', reason: 'no seed completed' };
  const measured = 100 * (ownMean - otherMean);
  const [own, other] = [inPoints(accuracies), inPoints(otherAccuracies)];
  if (own === undefined || other === undefined) {
    const reason = `provisional: ${points(measured)} with one seed of ${own === undefined ? claim.experiment : claim.comparedWith}${caveat}; an interval needs 2 seeds or more of both`;
    return { measured, verdict: 'inconclusive', reason };
  }
  const estimate = welchDifference(own, other);
  const level = look ?? ONCE;
  const interval = intervalOf(estimate, level.tail);
  const verdict = decide(interval, region);
  const p = pOfDecision(estimate, region, verdict);
  const difference = `${percent(own.mean / 100)} against ${percent(other.mean / 100)}, ${intervalName(level)} of the difference ${pointsInterval(interval)}`;
  const larger = Math.max(own.n, other.n);
  const decidedAt = (n: number) =>
    isDecided(
      intervalOf(welchDifference({ ...own, n: own.n + n - larger }, { ...other, n: other.n + n - larger })),
      region,
    );
  const reason =
    `${difference}, ${RELATION_POSITION[verdict]} ${region.words}${caveat}` +
    (verdict === 'inconclusive' && look === undefined ? moreSeedsInWords(moreSeedsToDecide(larger, decidedAt)) : '');
  return {
    measured,
    interval: [interval.low, interval.high],
    ...(look && { level: levelOf(look) }),
    ...(p !== undefined && { p: spentP(p, level) }),
    verdict,
    reason,
  };
}

const POSITION: Readonly<Record<Decision, string>> = {
  reproduced: 'inside',
  'not reproduced': 'outside',
  inconclusive: 'partly outside',
};

const RELATION_POSITION: Readonly<Record<Decision, string>> = {
  reproduced: 'all of it',
  'not reproduced': 'none of it',
  inconclusive: 'only part of it',
};

function inPoints(accuracies: readonly number[]) {
  return momentsOf(accuracies.map((accuracy) => 100 * accuracy));
}

function isDecided(interval: Interval, region: Region): boolean {
  return decide(interval, region) !== 'inconclusive';
}
