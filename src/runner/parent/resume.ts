import { createHash } from 'node:crypto';
import { FMA_BACKENDS } from '../../core/cell.js';
import type { DatasetName } from '../../core/dataset.js';
import { CnnbenchError } from '../../core/errors.js';
import { datasetOf, type Experiment } from '../../core/experiment.js';
import { datasetUsed, type CellRecord } from '../../core/record.js';
import type { DataSource } from '../../data/source.js';
import type { Plan, PlannedCell } from '../../plan/plan.js';
import { checkpointPath } from '../../records/checkpoint-files.js';
import { readRecords, recordPath } from '../../records/store.js';
import type { CellJob } from './executor.js';
import { SETTLED_OUTCOMES } from './run-cells.js';

type Sources = ReadonlyMap<DatasetName, DataSource>;

/** What a run is made with besides its plan and data. `run.json` keeps it. */
export interface RunSettings {
  /** No part of a run's identity: the bits of a result do not depend on it. */
  readonly threads?: number | undefined;
  /** Part of a run's identity: results have other bits with it. */
  readonly fma: boolean;
  /** Part of a run's identity: its records have no throughput. */
  readonly trace: boolean;
  readonly timeoutMs: number;
  /** Bytes a cell may take. No part of a run's identity. */
  readonly memoryLimit?: number | undefined;
  /** Least time between two checkpoints of a training, where they have a folder. No part of a run's identity. */
  readonly checkpointSeconds?: number | undefined;
}

/** Identity of a plan on certain data, and of when it is judged: what decides whether an unfinished run is the same one. */
export function runDigest(
  plan: Plan,
  sources: Sources,
  { fma, trace }: Pick<RunSettings, 'fma' | 'trace'>,
  looks?: readonly number[],
): string {
  const data = [...sources].map(([name, { identity }]) => [name, identity.fingerprint]);
  return createHash('sha256')
    .update(
      JSON.stringify([plan.id, data, ...(fma ? ['fma'] : []), ...(trace ? ['trace'] : []), ...(looks ? [looks] : [])]),
    )
    .digest('hex')
    .slice(0, 12);
}

/**
 * Which cells of a plan the folder holds already, with their records, and which are still to run; of these, which have a record of
 * another recipe. A crash, a time-out or a skipped cell is tried again.
 *
 * @throws CnnbenchError E_OUT_FOREIGN where a record was made with other data, or with --wasm-fma and the run is without
 * it, or the other way round: the two must not be mixed
 */
export async function splitByRecords(
  plan: Plan,
  directory: string,
  sources: Sources,
  { fma }: Pick<RunSettings, 'fma'>,
): Promise<{ done: PlannedCell[]; todo: PlannedCell[]; kept: CellRecord[]; changed: PlannedCell[] }> {
  const records = new Map((await readRecords(directory)).map((record) => [recordPath(directory, record.cell), record]));
  if (plan.cells.some(({ cell }) => FMA_BACKENDS.includes(cell.backend))) refuseOtherFma(records, fma);
  const done: PlannedCell[] = [];
  const todo: PlannedCell[] = [];
  const kept: CellRecord[] = [];
  const changed: PlannedCell[] = [];
  for (const planned of plan.cells) {
    const path = recordPath(directory, planned.cell);
    const record = records.get(path);
    const settled = record?.recipeSha256 === planned.recipeSha256 && SETTLED_OUTCOMES.includes(record.outcome);
    if (!settled) {
      todo.push(planned);
      if (record !== undefined && record.recipeSha256 !== planned.recipeSha256) changed.push(planned);
      continue;
    }
    refuseOtherData(record, planned, sources, path);
    done.push(planned);
    kept.push(record);
  }
  return { done, todo, kept, changed };
}

function refuseOtherData(record: CellRecord, { experiment }: PlannedCell, sources: Sources, path: string): void {
  const used = datasetUsed(record);
  const wanted = sourceOf(experiment, sources)?.identity;
  if (
    used === undefined ||
    wanted === undefined ||
    used.fingerprint === wanted.fingerprint ||
    record.cell.backend === 'fake'
  )
    return;
  throw new CnnbenchError(
    'E_OUT_FOREIGN',
    `${path} was made with other data (${used.provenance}) than this run would use (${wanted.provenance})`,
    'Give another folder with --out, or run every cell again with --fresh.',
  );
}

function refuseOtherFma(records: ReadonlyMap<string, CellRecord>, fma: boolean): void {
  for (const [path, record] of records) {
    if (record.outcome !== 'completed' || !FMA_BACKENDS.includes(record.cell.backend)) continue;
    if ((record.fma ?? false) === fma) continue;
    throw new CnnbenchError(
      'E_OUT_FOREIGN',
      `${path} was made ${fma ? 'without' : 'with'} --wasm-fma, this run is ${fma ? 'with' : 'without'} it, and the bits differ`,
      'Give another folder with --out, or run every cell again with --fresh.',
    );
  }
}

function sourceOf(experiment: Experiment, sources: Sources): DataSource | undefined {
  const name = datasetOf(experiment);
  return name === undefined ? undefined : sources.get(name);
}

/**
 * What each cell is run with.
 *
 * @param directory folder of the run, for the checkpoints of trainings; without, there are none
 */
export function jobFor(
  sources: Sources,
  { threads, fma, trace, timeoutMs, memoryLimit, checkpointSeconds }: RunSettings,
  directory?: string,
): (planned: PlannedCell) => CellJob {
  return ({ cell, experiment, recipeSha256 }) => {
    const source = sourceOf(experiment, sources);
    const keepsCheckpoints = directory !== undefined && checkpointSeconds !== undefined && !trace;
    return {
      cell,
      experiment,
      recipeSha256,
      timeoutMs,
      ...(memoryLimit !== undefined && { memoryLimit }),
      ...(source && { source }),
      ...(threads !== undefined && { threads }),
      ...(fma && { fma }),
      ...(trace && { trace }),
      ...(keepsCheckpoints &&
        experiment.kind === 'training' && {
          checkpoint: { path: checkpointPath(directory, cell), everySeconds: checkpointSeconds },
        }),
    };
  };
}
