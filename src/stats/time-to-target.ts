import { BACKENDS } from '../core/cell.js';
import type { AccuracyClaim, Claim } from '../core/claim.js';
import { datasetUsed, isFailure, type CellRecord, type CurvePoint } from '../core/record.js';
import type { TimeToTarget } from '../core/summary.js';
import { isCompletedTraining, isReal } from './comparable.js';
import { medianInterval95 } from './inference/interval.js';
import { median } from './inference/sample.js';
import { expectedOfAccuracy } from './judge/training.js';

/**
 * How soon the seeds of an experiment first reach the low end of the interval that a deck's accuracy stands for, after
 * DAWNBench (Coleman et al. 2017) and MLPerf: profile `full` on real data, for each backend. A speed, never a verdict: the
 * first epoch above a number is the best of many. Seeds that never reach it, failed ones too, count as slower than all
 * others and are never left out.
 *
 * @param records one record a cell
 */
export function timesToTarget(claims: readonly Claim[], records: readonly CellRecord[]): TimeToTarget[] {
  const accuracies = claims.filter((claim) => claim.kind === 'accuracy');
  return accuracies.flatMap((claim) =>
    BACKENDS.flatMap((backend) => {
      const curves = records
        .filter(
          ({ cell }) => cell.experiment === claim.experiment && cell.backend === backend && cell.profile === 'full',
        )
        .flatMap(curveOf);
      return curves.some((curve) => curve.length > 0) ? [{ ...timeToTarget(claim, curves), backend }] : [];
    }),
  );
}

/** The curve of a training on real data; that of a failed one is empty. */
function curveOf(record: CellRecord): readonly (readonly CurvePoint[])[] {
  const dataset = datasetUsed(record);
  if (dataset !== undefined && !isReal(dataset)) return [];
  if (isCompletedTraining(record)) return [record.result.curve];
  return isFailure(record) ? [[]] : [];
}

function timeToTarget(claim: AccuracyClaim, curves: readonly (readonly CurvePoint[])[]): Omit<TimeToTarget, 'backend'> {
  const { low: target } = expectedOfAccuracy(claim);
  const reached = curves.map((curve) => firstAt(curve, target));
  const epochs = reached.map((it) => it?.epoch ?? Infinity);
  const seconds = reached.map((it) => it?.seconds ?? Infinity);
  const [epoch, time] = [summaryOf(epochs), summaryOf(seconds)];
  return {
    claim: claim.id,
    experiment: claim.experiment,
    printed: claim.printed,
    target,
    seeds: curves.length,
    reached: epochs.filter(Number.isFinite).length,
    ...(epoch && { epoch }),
    ...(time && { seconds: time }),
  };
}

/** The first epoch whose test accuracy is the target or more, and the seconds of training until its end. */
function firstAt(curve: readonly CurvePoint[], target: number): { epoch: number; seconds: number } | undefined {
  const index = curve.findIndex(({ testAccuracy }) => testAccuracy >= target);
  if (index === -1) return undefined;
  return {
    epoch: index + 1,
    seconds: curve.slice(0, index + 1).reduce((sum, { trainSeconds }) => sum + trainSeconds, 0),
  };
}

/** Median and its interval. A seed that never reached the target is infinitely slow: an end, or a median, that falls on it is left out. */
function summaryOf(values: readonly number[]): TimeToTarget['epoch'] {
  const center = median(values);
  const interval = medianInterval95(values);
  if (center === undefined || !Number.isFinite(center) || interval === undefined) return undefined;
  return { median: center, low: interval.low, ...(Number.isFinite(interval.high) && { high: interval.high }) };
}
