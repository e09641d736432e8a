import { createHash } from 'node:crypto';
import type { DatasetName } from '../../core/dataset.js';
import { datasetOf, type Experiment } from '../../core/experiment.js';
import type { DataSource } from '../../data/source.js';
import type { Plan, PlannedCell } from '../../plan/plan.js';
import { checkpointPath } from '../../records/checkpoint-files.js';
import type { RunSettings } from '../../records/manifest.js';
import type { CellJob } from './executor.js';

export type Sources = ReadonlyMap<DatasetName, DataSource>;

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

/** Where the data of an experiment is; nothing for one without. */
export function sourceOf(experiment: Experiment, sources: Sources): DataSource | undefined {
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
