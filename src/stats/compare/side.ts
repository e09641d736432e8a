import type { BackendName } from '../../core/cell.js';
import type { DatasetIdentity } from '../../core/dataset.js';
import { isTrained, type Profile } from '../../core/experiment.js';
import { machineFacts, type MachineFacts } from '../../core/machine.js';
import type { CellRecord, Outcome, Throughput } from '../../core/record.js';
import type { Summary } from '../../core/summary.js';
import { isCompletedTraining } from '../comparable.js';

/** What a comparison needs to know of one cell. What a summary does not say is absent. */
export interface ComparedCell {
  readonly experiment: string;
  readonly backend: BackendName;
  readonly profile: Profile;
  readonly seed: number;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** Digest of everything that decides the result. */
  readonly recipe?: string;
  readonly machine?: MachineFacts;
  readonly data?: Pick<DatasetIdentity, 'name' | 'fingerprint' | 'provenance'>;
  /** A processor played the GPU. */
  readonly software: boolean;
  /** Run with --wasm-fma. */
  readonly fma: boolean;
  /** Final epoch, a fraction. */
  readonly accuracy?: number;
  readonly weightsSha256?: string;
  readonly throughput?: Throughput;
  readonly startedAt: string;
}

/** One of the two sides of a comparison. */
export interface Side {
  /** What the user named. */
  readonly name: string;
  /** Versions of cnnbench that it was made with. */
  readonly versions: readonly string[];
  /** Cells of the suites that train. */
  readonly cells: readonly ComparedCell[];
  /** Cells of the other suites: nothing in them is random or timed. */
  readonly others: number;
}

/** A side from its records. */
export function sideOfRecords(name: string, records: readonly CellRecord[]): Side {
  const trained = records.filter(isTrained);
  return {
    name,
    versions: [...new Set(records.map(({ environment }) => environment.cnnbench))],
    cells: trained.map(cellOfRecord),
    others: records.length - trained.length,
  };
}

function cellOfRecord(record: CellRecord): ComparedCell {
  const { cell, outcome, environment, backend, recipeSha256, startedAt, fma = false } = record;
  const base = {
    ...{ ...cell, outcome, recipe: recipeSha256, startedAt, fma },
    // Without its backend a machine is not known: such a cell died before it was active, and has no speed.
    ...(backend && { machine: machineFacts(environment, backend) }),
    software: backend?.software ?? false,
  };
  if (record.outcome === 'diverged') return { ...base, reason: record.reason, data: record.dataset };
  if (record.outcome !== 'completed') return { ...base, reason: record.reason };
  if (!isCompletedTraining(record)) return base;
  const { dataset, testAccuracy, weightsSha256, throughput } = record.result;
  return { ...base, data: dataset, accuracy: testAccuracy, weightsSha256, ...(throughput && { throughput }) };
}

/** A side from a `summary.json`, which says neither recipe nor machine of a cell. */
export function sideOfSummary(name: string, { cells, environment }: Summary): Side {
  const trained = cells.filter(isTrained);
  return {
    name,
    versions: [environment.cnnbench],
    cells: trained.map(({ software = false, fma = false, dataset, testAccuracy, ...cell }): ComparedCell => ({
      ...{ experiment: cell.experiment, backend: cell.backend, profile: cell.profile, seed: cell.seed },
      ...{ outcome: cell.outcome, startedAt: cell.startedAt, software, fma },
      ...(cell.reason !== undefined && { reason: cell.reason }),
      ...(dataset && { data: dataset }),
      ...(testAccuracy !== undefined && { accuracy: testAccuracy }),
      ...(cell.weightsSha256 !== undefined && { weightsSha256: cell.weightsSha256 }),
      ...(cell.throughput && { throughput: cell.throughput }),
    })),
    others: cells.length - trained.length,
  };
}
