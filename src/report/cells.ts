import { isTrained } from '../core/experiment.js';
import { grouped } from '../core/grouped.js';
import { isFailure } from '../core/record.js';
import type { Summary, SummaryCell, Verdict } from '../core/summary.js';
import { isReal } from '../stats/comparable.js';
import { meanInterval90, momentsOf } from '../stats/inference/interval.js';
import { mean, median } from '../stats/inference/sample.js';
import { dataLabel, halfWidthOf } from './words.js';

/** One line of the accuracy table: the seeds of an experiment on a backend, in one profile, on one kind of data. */
export interface AccuracyRow {
  readonly experiment: string;
  readonly profile: string;
  /** Absent where no cell got as far as its data. */
  readonly data: string | undefined;
  readonly real: boolean;
  readonly backend: string;
  readonly seeds: readonly number[];
  /** Cells that crashed, diverged or timed out. */
  readonly failed: number;
  /** As printed; absent where the decks print no number. */
  readonly expected: string | undefined;
  /** Mean over the seeds, a fraction. */
  readonly mean: number | undefined;
  /** Absent where no cell got as far as testing. */
  readonly testImages: number | undefined;
  /** Of the 90 % interval; absent below three seeds. */
  readonly halfWidth: number | undefined;
  /** `not run` for what is never held against a deck; absent where the decks print no number. */
  readonly verdict: Verdict | undefined;
}

export interface ThroughputRow {
  readonly experiment: string;
  readonly profile: string;
  readonly data: string;
  readonly real: boolean;
  readonly backend: string;
  /** A processor played the GPU. */
  readonly software: boolean;
  /** Which of the run's machines, from 1; absent where there is one. */
  readonly machine: number | undefined;
  readonly batchSize: number;
  readonly cells: number;
  /** Median over the cells of their medians. */
  readonly imagesPerSecond: number;
  /** Lowest and highest end of the cells' intervals; absent where no cell has two blocks, which span no interval. */
  readonly interval?: { readonly low: number; readonly high: number };
}

/** Cells that were run and failed. */
export function failedCells({ cells }: Summary): readonly SummaryCell[] {
  return cells.filter(isFailure);
}

/** Cells that were never started, by design or for want of something. */
export function absentCells({ cells }: Summary): readonly SummaryCell[] {
  return cells.filter(({ outcome }) => outcome === 'unsupported' || outcome === 'skipped');
}

export function accuracyRows(summary: Summary): readonly AccuracyRow[] {
  const trained = summary.cells.filter((cell) => isTrained(cell) || cell.testAccuracy !== undefined);
  return grouped(trained, ({ experiment, backend, profile }) => [experiment, backend, profile]).flatMap((cells) => {
    const failed = cells.filter(isFailure);
    const completed = cells.filter(({ testAccuracy }) => testAccuracy !== undefined);
    if (completed.length > 0) {
      const byData = grouped(completed, ({ dataset }) => [dataset?.fingerprint]);
      return byData.map((seeds) => accuracyRow(summary, seeds, failed.length));
    }
    return failed.length > 0 ? [accuracyRow(summary, failed, failed.length)] : [];
  });
}

function accuracyRow({ claims }: Summary, cells: readonly SummaryCell[], failed: number): AccuracyRow {
  const { experiment, profile, backend } = cells[0] as SummaryCell;
  const dataset = cells.find((cell) => cell.dataset !== undefined)?.dataset;
  const completed = cells.filter(({ testAccuracy }) => testAccuracy !== undefined);
  const accuracies = completed.flatMap(({ testAccuracy }) => testAccuracy ?? []);
  const moments = momentsOf(accuracies);
  const interval = moments && meanInterval90(moments);
  const real = dataset === undefined || isReal(dataset);
  const own = claims.filter((claim) => claim.kind === 'accuracy' && claim.experiment === experiment);
  const verdict = own.find((claim) => claim.backend === backend)?.verdict;
  const expected = [...new Set(own.map(({ printed }) => printed))].join(', ');
  return {
    experiment,
    profile,
    data: dataset && dataLabel(dataset),
    real,
    backend,
    seeds: completed.map(({ seed }) => seed),
    failed,
    expected: expected === '' ? undefined : expected,
    mean: mean(accuracies),
    testImages: completed[0]?.testImages,
    halfWidth: halfWidthOf(interval, completed.length),
    verdict: verdict === undefined ? undefined : real && profile === 'full' ? verdict : 'not run',
  };
}

export function throughputRows({ cells }: Summary): readonly ThroughputRow[] {
  const timed = cells.filter(({ throughput }) => throughput !== undefined);
  const key = ({ experiment, backend, profile, batchSize, dataset, software, machine }: SummaryCell) => [
    experiment,
    backend,
    software,
    machine,
    profile,
    batchSize,
    dataset?.fingerprint,
  ];
  return grouped(timed, key).flatMap((same) => {
    const [first] = same;
    const measured = same.flatMap(({ throughput }) => throughput ?? []);
    const imagesPerSecond = median(measured.map((each) => each.imagesPerSecond));
    if (first.dataset === undefined || imagesPerSecond === undefined) return [];
    return [
      {
        experiment: first.experiment,
        profile: first.profile,
        data: dataLabel(first.dataset),
        real: isReal(first.dataset),
        backend: first.backend,
        software: first.software ?? false,
        machine: first.machine,
        batchSize: first.batchSize ?? 0,
        cells: same.length,
        imagesPerSecond,
        ...(measured.some(({ blocks }) => blocks > 1) && {
          interval: {
            low: Math.min(...measured.map(({ low }) => low)),
            high: Math.max(...measured.map(({ high }) => high)),
          },
        }),
      },
    ];
  });
}
