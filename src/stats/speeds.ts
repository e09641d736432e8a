import { grouped } from '../core/grouped.js';
import type { Summary, SummaryCell } from '../core/summary.js';
import type { Interval } from './inference/interval.js';
import { median } from './inference/sample.js';

/** The training speed of an experiment on a backend and machine, in one profile, on one data set. */
export interface SpeedRow {
  readonly experiment: string;
  readonly profile: string;
  readonly dataset: NonNullable<SummaryCell['dataset']>;
  readonly backend: string;
  /** A processor played the GPU. */
  readonly software: boolean;
  /** Which of the run's machines, from 1; absent where there is one. */
  readonly machine: number | undefined;
  readonly batchSize: number;
  readonly cells: number;
  /** Median over the cells of their medians. */
  readonly imagesPerSecond: number;
  /** Lowest and highest end of the cells' 95 % intervals; absent where no cell has two blocks, which span no interval. */
  readonly interval: Interval | undefined;
}

export function speedRows({ cells }: Pick<Summary, 'cells'>): readonly SpeedRow[] {
  const timed = cells.filter(({ throughput }) => throughput !== undefined);
  const key = ({ experiment, backend, profile, batchSize, dataset, software, machine }: SummaryCell) => [
    ...[experiment, backend, software, machine, profile, batchSize],
    dataset?.fingerprint,
  ];
  return grouped(timed, key).flatMap((same) => {
    const [{ experiment, profile, dataset, backend, software = false, machine, batchSize = 0 }] = same;
    const measured = same.flatMap(({ throughput }) => throughput ?? []);
    const imagesPerSecond = median(measured.map((each) => each.imagesPerSecond));
    if (dataset === undefined || imagesPerSecond === undefined) return [];
    const interval = measured.some(({ blocks }) => blocks > 1)
      ? { low: Math.min(...measured.map(({ low }) => low)), high: Math.max(...measured.map(({ high }) => high)) }
      : undefined;
    const where = { experiment, profile, dataset, backend, software, machine, batchSize };
    return [{ ...where, cells: same.length, imagesPerSecond, interval }];
  });
}
