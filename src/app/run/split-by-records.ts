import { FMA_BACKENDS } from '../../core/cell.js';
import { CnnbenchError } from '../../core/errors.js';
import { datasetUsed, type CellRecord } from '../../core/record.js';
import type { Plan, PlannedCell } from '../../plan/plan.js';
import type { RunSettings } from '../../records/manifest.js';
import { readRecords, recordPath } from '../../records/store.js';
import { sourceOf, type Sources } from '../../runner/parent/resume.js';
import { SETTLED_OUTCOMES } from '../../runner/parent/run-cells.js';
import { differencesIn, memberOf } from '../../stats/population.js';

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

const REMEDY = 'Choose another folder with --out, or run every cell again with --fresh.';

function refuseOtherData(record: CellRecord, { experiment }: PlannedCell, sources: Sources, path: string): void {
  const wanted = sourceOf(experiment, sources)?.identity;
  if (differencesIn([memberOf(record), { data: wanted }], ['data'], (member) => member).length === 0) return;
  throw new CnnbenchError(
    'E_OUT_FOREIGN',
    `${path} was made with other data (${datasetUsed(record)?.provenance ?? ''}) than this run would use (${wanted?.provenance ?? ''})`,
    REMEDY,
  );
}

function refuseOtherFma(records: ReadonlyMap<string, CellRecord>, fma: boolean): void {
  for (const [path, record] of records) {
    if (differencesIn([memberOf(record), { fma }], ['fma'], (member) => member).length === 0) continue;
    throw new CnnbenchError(
      'E_OUT_FOREIGN',
      `${path} was made ${fma ? 'without' : 'with'} --wasm-fma, this run is ${fma ? 'with' : 'without'} it, and the bits differ`,
      REMEDY,
    );
  }
}
