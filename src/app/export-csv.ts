import type { Summary } from '../core/summary.js';
import { writeAtomically } from '../records/atomic.js';
import { cellsAsCsv } from '../report/csv.js';

/** Writes the file of `--export-csv`, if there is one. @throws CnnbenchError E_WRITE */
export async function exportCells(
  summary: Pick<Summary, 'cells'>,
  { 'export-csv': path }: { readonly 'export-csv': string | undefined },
): Promise<void> {
  if (path !== undefined) await writeAtomically(path, cellsAsCsv(summary));
}
