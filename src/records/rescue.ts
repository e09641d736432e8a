import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellId } from '../core/cell.js';
import { CnnbenchError, messageOf } from '../core/errors.js';
import type { CellRecord } from '../core/record.js';
import { encodeRecord, recordPath } from './store.js';

/**
 * Keeps the record of a cell that could not be written to the folder of its run: in the folder for temporary files, so that what may have
 * taken hours is not lost for want of a few kilobytes.
 *
 * @param cause why it could not be written
 * @returns the error to end on: what could not be written, and where the record is now
 */
export async function rescueRecord(directory: string, record: CellRecord, cause: unknown): Promise<CnnbenchError> {
  const failed = messageOf(cause);
  try {
    const kept = join(await mkdtemp(join(tmpdir(), 'cnnbench-rescued-')), `${cellId(record.cell)}.json`);
    await writeFile(kept, encodeRecord(record), { flag: 'wx', flush: true });
    return new CnnbenchError(
      'E_WRITE',
      `${failed}; the record of the cell that had just ended is in ${kept}`,
      `Fix the problem, move that file to ${recordPath(directory, record.cell)}, and run the same command again: finished cells are kept.`,
      { cause },
    );
  } catch (error) {
    return new CnnbenchError(
      'E_WRITE',
      `${failed}; nor could the record be kept elsewhere: ${messageOf(error)}`,
      'Fix the problem and run the same command again: all finished cells but this one are kept.',
      { cause },
    );
  }
}
