import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cellId, type Cell } from '../core/cell.js';

/** Folder of the checkpoints of a run. */
export const CHECKPOINTS = 'checkpoints';

/** Checkpoints of one run: `DIR/checkpoints/<cell>.safetensors`. */
export function checkpointPath(directory: string, cell: Cell): string {
  return join(folderOf(directory), `${cellId(cell)}.safetensors`);
}

/**
 * Of a cell that has its record. There need not be one; a folder without any goes, too. One that cannot be removed now goes when
 * the run is next opened.
 */
export async function removeCheckpoint(directory: string, cell: Cell): Promise<void> {
  await rm(checkpointPath(directory, cell), { force: true }).catch(() => undefined);
  await rmdir(folderOf(directory)).catch(() => undefined);
}

/** Of a run whose cells all run again. */
export async function removeCheckpoints(directory: string): Promise<void> {
  await rm(folderOf(directory), { recursive: true, force: true });
}

function folderOf(directory: string): string {
  return join(directory, CHECKPOINTS);
}
