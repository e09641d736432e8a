import Table from 'cli-table3';
import type { Table as TableBlock } from '../document.js';
import { plain } from '../escape.js';
import { TONES, type Paint } from './paint.js';

/** Longest text of a cell, characters: cli-table3 takes time with the third power of it, a minute for 4,000. */
const LONGEST_TEXT = 400;
/** No column is made narrower, so that numbers stay whole. */
const NARROWEST = 10;
const GAP = '  ';

/** No borders: only a line below the head, so that a table of eight columns fits 80 characters. */
const CHARACTERS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', right: '', 'right-mid': '', middle: GAP },
  ...{ mid: '\u2500', 'mid-mid': '\u2500'.repeat(GAP.length) },
};

/**
 * A table for the terminal, drawn by cli-table3; nothing where the terminal is too narrow for it. Where it is wider than the
 * terminal, its widest columns are wrapped; a text of more than 400 characters is cut. A table whose columns have no names
 * has no head.
 */
export function drawTable(
  { columns, rows }: Pick<TableBlock, 'columns' | 'rows'>,
  width: number,
  paint: Paint,
): string | undefined {
  const head = columns.some((column) => column.head !== '') ? columns.map((column) => paint(column.head, 'bold')) : [];
  const body = rows.map(({ cells, depth = 0 }) =>
    cells.map(({ text, tone }, index) => {
      const words = shortened(index === 0 ? GAP.repeat(depth) + plain(text) : plain(text));
      return paint(words, tone && TONES[tone]);
    }),
  );
  const draw = (colWidths: number[]) => {
    const table = new Table({
      ...{ head, colWidths, wordWrap: true, chars: CHARACTERS },
      colAligns: columns.map(({ align = 'left' }) => align),
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    });
    table.push(...body);
    // cli-table3 cuts words that are longer than a column between the halves of a character.
    return table
      .toString()
      .replaceAll(/\p{Surrogate}/gu, '')
      .replace(/ +$/gm, '');
  };
  // cli-table3 leaves the widths that it chose in the array.
  const widths: number[] = [];
  const natural = draw(widths);
  const room = width - GAP.length * (columns.length - 1);
  const fits = (cap: number) => widths.reduce((sum, each) => sum + Math.min(each, cap), 0) <= room;
  let cap = Math.max(...widths);
  if (fits(cap)) return natural;
  while (cap > NARROWEST && !fits(cap)) cap--;
  return fits(cap) ? draw(widths.map((each) => Math.min(each, cap))) : undefined;
}

/** Of whole characters, with an ellipsis where something is left out. */
export function shortened(text: string): string {
  return text.length <= LONGEST_TEXT
    ? text
    : `${text.slice(0, LONGEST_TEXT - 1).replace(/[\ud800-\udbff]$/, '')}\u2026`;
}
