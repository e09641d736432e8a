import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cellId } from '../../core/cell.js';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import type { CellRecord } from '../../core/record.js';
import type { Ledger } from '../../ledger/ledger.js';
import { readRecord, readRecordFolder } from '../../records/store.js';
import { plain } from '../../report/escape.js';
import { outdated } from '../outdated.js';

/** A record with a result that this version can come to again. */
export type Verifiable = Extract<CellRecord, { outcome: 'completed' }>;

/** What is to be verified, and what was left out of folders because it has no result. */
export interface Selection {
  readonly records: readonly Verifiable[];
  readonly withoutResult: readonly CellRecord[];
}

/**
 * The records to verify: files, and all or a sample of what folders hold. The sample is the same for everybody: it goes by
 * the digest of the cells' ids.
 *
 * @throws CnnbenchError E_RECORD_NOT_FOUND, E_RECORD_INVALID; E_NOT_VERIFIABLE for a record that is named and has no
 * result, for one of another version, and where nothing is left
 */
export async function selectRecords(
  ledger: Ledger,
  paths: readonly string[],
  sample: number | undefined,
): Promise<Selection> {
  const found = (await Promise.all(paths.map(recordsAt))).flat();
  const unfit = found.find(({ named, record }) => named && record.outcome !== 'completed');
  if (unfit !== undefined) {
    throw notVerifiable(
      `nothing to verify: outcome ${unfit.record.outcome}`,
      unfit.record,
      'Choose a completed record.',
    );
  }
  const completed = found.flatMap(({ record }) => (record.outcome === 'completed' ? [record] : []));
  const records = sample === undefined ? completed : sampleOf(completed, sample);
  for (const record of records) {
    const why = outdated(ledger, record);
    if (why !== undefined) throw notVerifiable(why, record, remedyOf(record));
  }
  if (records.length === 0) {
    throw new CnnbenchError(
      'E_NOT_VERIFIABLE',
      `${paths.join(', ')}: no record has a result`,
      'Choose a folder with completed records.',
    );
  }
  return { records, withoutResult: found.flatMap(({ record }) => (record.outcome === 'completed' ? [] : [record])) };
}

/** The sample, in the order in which the records came. */
function sampleOf(records: readonly Verifiable[], size: number): readonly Verifiable[] {
  const drawn = new Set(records.toSorted((left, right) => (rank(left) < rank(right) ? -1 : 1)).slice(0, size));
  return records.filter((record) => drawn.has(record));
}

function rank({ cell }: CellRecord): string {
  return createHash('sha256').update(cellId(cell)).digest('hex');
}

function notVerifiable(why: string, { cell }: CellRecord, remedy: string): CnnbenchError {
  return new CnnbenchError('E_NOT_VERIFIABLE', plain(`${cellId(cell)}: ${why}`), remedy);
}

function remedyOf({ environment }: CellRecord): string {
  const { commit, cnnbench } = environment;
  return `Verify it with the version that made it: ${commit === undefined ? cnnbench : `commit ${commit}`}.`;
}

interface Found {
  readonly record: CellRecord;
  /** By its own file, and not by its folder. */
  readonly named: boolean;
}

async function recordsAt(path: string): Promise<readonly Found[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ record: await readRecord(path), named: true }];
    const inside = join(path, 'records');
    const isRun = await stat(inside).then(
      () => true,
      () => false,
    );
    const records = await readRecordFolder(isRun ? inside : path);
    return records.map((record) => ({ record, named: false }));
  } catch (error) {
    if (error instanceof CnnbenchError) throw error;
    const remedy = 'Give a record, or a folder with records.';
    throw new CnnbenchError('E_RECORD_NOT_FOUND', `cannot read ${path}: ${messageOf(error)}`, remedy, { cause: error });
  }
}
