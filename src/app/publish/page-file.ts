import { realpath } from 'node:fs/promises';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import { writeAtomically } from '../../records/atomic.js';
import { MOST_TEXT_BYTES, readText } from '../../records/read-file.js';
import { BLOCK_NAMES, fillBlocks, findBlocks, markerLines, type BlockName } from '../../report/blocks.js';
import { isTable, type TableName } from '../../report/publication.js';

/** A Markdown page with blocks for tables. */
export interface Page {
  readonly path: string;
  readonly text: string;
  /** Those of its blocks that are published, each once. */
  readonly tables: readonly TableName[];
}

/**
 * Reads a page before anything is written.
 *
 * @throws CnnbenchError E_USAGE where it cannot be read or is not UTF-8, has no block for a table, or a marker is wrong
 */
export async function readPage(path: string): Promise<Page> {
  const remedy = 'Use --into with an existing Markdown file in UTF-8.';
  // What is left out in reading could not be written back as it was.
  const text = await readText(path, MOST_TEXT_BYTES, { keepMark: true }).catch((error: unknown) => {
    throw new CnnbenchError('E_USAGE', `cannot read ${path}: ${messageOf(error)}`, remedy, { cause: error });
  });
  const tables = [...new Set(findBlocks(text, path).map(({ name }) => name))].filter(isTable);
  if (tables.length > 0) return { path, text, tables };
  const lines = BLOCK_NAMES.filter(isTable).map(markerLines).join('\n');
  throw new CnnbenchError('E_USAGE', `${path} has no block for a table`, `Paste the blocks you want:\n${lines}`);
}

/**
 * Fills the tables of a page.
 *
 * @returns whether that changed anything
 * @throws CnnbenchError E_WRITE
 */
export async function writePage(
  { path, text }: Page,
  textOf: (name: BlockName) => string | undefined,
): Promise<boolean> {
  const filled = fillBlocks(text, path, textOf);
  if (filled === text) return false;
  // A link to a page stays a link.
  await writeAtomically(await realpath(path), filled);
  return true;
}
