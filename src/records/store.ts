import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cellId, type Cell } from '../core/cell.js';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { recordSchema, SCHEMA_VERSION, type CellRecord } from '../core/record.js';
import { cellTraceSchema, type CellTrace, type StepTrace } from '../core/trace.js';
import { writeAtomically } from './atomic.js';
import { parseJson, RESTORE } from './parse.js';
import { readText } from './read-file.js';

/** Records of one run: `DIR/records/<cell>.json`. */
export function recordPath(directory: string, cell: Cell): string {
  return join(directory, 'records', `${cellId(cell)}.json`);
}

/** A record as its file has it. */
export function encodeRecord(record: CellRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** @throws CnnbenchError E_WRITE */
export async function writeRecord(directory: string, record: CellRecord): Promise<void> {
  await writeAtomically(recordPath(directory, record.cell), encodeRecord(record));
}

/** Traces of one run: `DIR/trace/<cell>.json`, beside the records. */
export function tracePath(directory: string, cell: Cell): string {
  return join(directory, 'trace', `${cellId(cell)}.json`);
}

/** The trace of a cell; nothing where there is none. @throws CnnbenchError E_RECORD_INVALID */
export async function readTrace(directory: string, cell: Cell): Promise<CellTrace | undefined> {
  const path = tracePath(directory, cell);
  const invalid = (why: string) =>
    new CnnbenchError('E_RECORD_INVALID', `${path} is not the trace of its cell: ${why}`, `${RESTORE}.`);
  const text = await readText(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid(messageOf(error));
  });
  if (text === undefined) return undefined;
  const trace = parseJson(cellTraceSchema, text, invalid);
  if (cellId(trace.cell) !== cellId(cell)) throw invalid(`it belongs to ${cellId(trace.cell)}`);
  return trace;
}

/** @throws CnnbenchError E_WRITE */
export async function writeTrace(directory: string, cell: Cell, trace: StepTrace): Promise<void> {
  await mkdir(join(directory, 'trace'), { recursive: true });
  const content: CellTrace = { schemaVersion: SCHEMA_VERSION, cell: { ...cell }, ...trace };
  await writeAtomically(tracePath(directory, cell), `${JSON.stringify(content, undefined, 2)}\n`);
}

/**
 * Reads and validates one record. It may come from anywhere, so nothing of it is trusted.
 *
 * @throws CnnbenchError E_RECORD_NOT_FOUND, E_RECORD_INVALID naming file and field
 */
export async function readRecord(path: string): Promise<CellRecord> {
  return parseRecord(path, await readText(path).catch(unreadable(path)));
}

/** @throws CnnbenchError E_RECORD_INVALID */
export function parseRecord(path: string, text: string): CellRecord {
  return parseJson(
    recordSchema,
    text,
    (why) =>
      new CnnbenchError(
        'E_RECORD_INVALID',
        `${path} is not a record of schema version ${SCHEMA_VERSION}: ${why}`,
        `${RESTORE}. Without it in the folder, its cell runs again.`,
      ),
  );
}

/** All records of a run, ordered by file name. */
export async function readRecords(directory: string): Promise<CellRecord[]> {
  return readRecordFolder(join(directory, 'records'));
}

/**
 * All records of a folder, ordered by file name. Temporary files of a killed run are not records. A run may be writing to it: a
 * folder that is not there yet holds none, and a record that was moved aside since the folder was listed is none.
 *
 * @throws CnnbenchError E_RECORD_NOT_FOUND, E_RECORD_INVALID
 */
export async function readRecordFolder(folder: string): Promise<CellRecord[]> {
  const listed = (await unlessGone(readdir(folder).catch(unreadable(folder)))) ?? [];
  const names = listed.filter((name) => name.endsWith('.json')).sort();
  const records: CellRecord[] = [];
  // One after the other: thousands at once are more than a process may have open.
  for (const name of names) {
    const record = await unlessGone(readRecord(join(folder, name)));
    if (record === undefined) continue;
    if (name !== `${cellId(record.cell)}.json`) {
      throw new CnnbenchError(
        'E_RECORD_INVALID',
        `${join(folder, name)} contains the record of another cell, ${cellId(record.cell)}`,
        `Rename the file to ${cellId(record.cell)}.json, or move it out of the folder: under a wrong name it would count twice.`,
      );
    }
    records.push(record);
  }
  return records;
}

async function unlessGone<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  return reading.catch((error: unknown) => {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw error;
  });
}

/** What a path that cannot be read is, to whoever asked for it. */
export function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    const message = `cannot read ${path}: ${messageOf(cause)}`;
    throw new CnnbenchError('E_RECORD_NOT_FOUND', message, 'Check the path.', { cause });
  };
}
