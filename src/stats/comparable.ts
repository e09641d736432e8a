import type { DatasetIdentity, Provenance } from '../core/dataset.js';
import { PROFILES } from '../core/experiment.js';
import { datasetUsed, isFailure, type CellRecord, type TrainingResult } from '../core/record.js';
import { mean } from './inference/sample.js';
import { whyNoSample } from './population.js';
import { counted, percent } from './wording.js';

/** What seeds measured, with a common mean: final test accuracies, unless something else was asked for. */
export interface Comparable {
  readonly seeds: readonly number[];
  /** In the order of `seeds`; accuracies are fractions. */
  readonly accuracies: readonly number[];
  /** Cells that crashed, diverged or timed out, in words; empty when every seed completed. */
  readonly failures: readonly string[];
  /** What is different about the data, in words. */
  readonly caveat: string;
}

/** Why nothing may be compared, in words. */
export interface Incomparable {
  readonly reason: string;
}

export type CompletedTraining = Extract<CellRecord, { outcome: 'completed' }> & { readonly result: TrainingResult };

const REAL: readonly Provenance[] = ['official', 'known-variant', 'deck'];

/** Whether the images are the data set's own, or the deck's, and not a stand-in or files nobody knows. */
export function isReal({ provenance }: Pick<DatasetIdentity, 'provenance'>): boolean {
  return REAL.includes(provenance);
}

export function isCompletedTraining(record: CellRecord): record is CompletedTraining {
  return record.outcome === 'completed' && record.result.kind === 'training';
}

/**
 * What may be compared with a deck: profile `full`, real data, and one recipe and data set over all seeds. A failed cell
 * is no reason to leave the others out, and is never left out itself.
 *
 * @param records one experiment on one backend, every profile, one record a cell
 * @param valueOf what is compared; nothing where a training did not measure it
 */
export function comparable(
  records: readonly CellRecord[],
  valueOf: ValueOf = finalTestAccuracy,
): Comparable | Incomparable {
  const attempted = records.filter((record) => isCompletedTraining(record) || isFailure(record));
  const [absent] = records;
  if (attempted.length === 0) {
    const why =
      absent !== undefined && 'reason' in absent ? `${absent.outcome}: ${absent.reason}` : 'no training result';
    return { reason: why };
  }
  const full = attempted.filter((record) => record.cell.profile === 'full');
  const datasets = full.flatMap((record) => datasetUsed(record) ?? []);
  if (full.length === 0 || datasets.some((dataset) => !isReal(dataset))) {
    return { reason: `${measuredInstead(attempted)}; the deck's number needs --profile full on real data` };
  }
  const why = whyNoSample(full);
  if (why !== undefined) return { reason: `the seeds were trained ${why}, so they have no common mean` };
  if (full.filter(isCompletedTraining).some(({ result }) => valueOf(result) === undefined)) {
    return { reason: 'the training did not measure it' };
  }
  return sampleOf(full, valueOf);
}

type ValueOf = (result: TrainingResult) => number | undefined;

function finalTestAccuracy({ testAccuracy }: TrainingResult): number {
  return testAccuracy;
}

/** The seeds of one recipe on one data set, and those that failed. */
export function sampleOf(records: readonly CellRecord[], valueOf: ValueOf = finalTestAccuracy): Comparable {
  const completed = records.filter(isCompletedTraining);
  const variant = records.flatMap((record) => datasetUsed(record) ?? []).find(isVariant);
  return {
    seeds: completed.map(({ cell }) => cell.seed),
    accuracies: completed.flatMap(({ result }) => valueOf(result) ?? []),
    failures: records.filter(isFailure).map(failureInWords),
    caveat:
      variant === undefined ? '' : ` (known variant of ${variant.name}${variant.note ? `: ${variant.note}` : ''})`,
  };
}

function isVariant({ provenance }: DatasetIdentity): boolean {
  return provenance === 'known-variant';
}

/** `1 of 3 cells failed: seed 3 crashed: out of memory`. */
export function failuresInWords(samples: readonly Comparable[]): string {
  const failures = samples.flatMap((sample) => sample.failures);
  const completed = samples.flatMap((sample) => sample.accuracies).length;
  return `${failures.length} of ${counted(failures.length + completed, 'cell')} failed: ${failures.join('; ')}`;
}

/** `seed 2 diverged: the loss became NaN in step 3 of epoch 1`. */
export function failureInWords(record: Extract<CellRecord, { reason: string }>): string {
  return `seed ${record.cell.seed} ${OUTCOME_VERBS[record.outcome]}: ${record.reason}`;
}

const OUTCOME_VERBS = {
  crashed: 'crashed',
  diverged: 'diverged',
  'timed-out': 'timed out',
  unsupported: 'is not supported',
  skipped: 'was skipped',
} as const;

/** `quick: 44.12% after 3 epochs (mean of 3 seeds)`, for every profile there is. */
function measuredInstead(attempted: readonly CellRecord[]): string {
  return PROFILES.flatMap((profile) => {
    const here = attempted.filter(({ cell }) => cell.profile === profile);
    if (here.length === 0) return [];
    const completed = here.filter(isCompletedTraining);
    const failures = here.filter(isFailure).map(failureInWords);
    const [first] = completed;
    const accuracy = mean(completed.map(({ result }) => result.testAccuracy));
    if (first === undefined || accuracy === undefined) return [`${profile}: ${failures.join('; ')}`];
    const { epochs, dataset } = first.result;
    const data = isReal(dataset)
      ? ''
      : dataset.provenance === 'stand-in'
        ? ' on stand-in images'
        : ' on unrecognised data';
    const over = completed.length === 1 ? '1 seed' : `mean of ${completed.length} seeds`;
    const measured = `${profile}: ${percent(accuracy)} after ${counted(epochs, 'epoch')}${data} (${over})`;
    return [[measured, ...failures].join('; ')];
  }).join('; ');
}
