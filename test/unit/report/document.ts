import type { Block, Table } from '../../../src/report/document.js';

/** The tables of a document, in order. */
function tablesOf(blocks: readonly Block[]): readonly Table[] {
  return blocks.flatMap((block) =>
    block.kind === 'section' ? tablesOf(block.blocks) : block.kind === 'table' ? [block] : [],
  );
}

/** The only table of these blocks. @throws Error where there is none, or another */
export function onlyTable(blocks: readonly Block[]): Table {
  const [table, ...others] = tablesOf(blocks);
  if (table === undefined || others.length > 0) throw new Error('not one table');
  return table;
}
