import Table from 'cli-table3';
import type { Paint, Style } from './paint.js';
import { displayWidth, wrap } from './wrap.js';

export interface TableCell {
  readonly text: string;
  readonly style?: Style | undefined;
}

export interface TableColumn {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

const NARROWEST = 5;
/** Longest text of a cell, characters: cli-table3 takes time with the third power of it, a minute for 4,000. */
const LONGEST_TEXT = 400;
const GAP = 2;

/** No borders: only a line below the head, so that a table of eight columns fits 80 characters. */
const CHARACTERS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', right: '', 'right-mid': '', middle: '' },
  ...{ mid: '\u2500', 'mid-mid': '' },
};

/**
 * A table for the terminal that is never wider than `width`: where it would be, the widest columns give way and their
 * text wraps. A text of more than 400 characters is cut.
 *
 * @param rows plain text, one cell a column
 */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  width: number,
  paint: Paint,
): string {
  const shown = rows.map((row) => row.map((each) => ({ ...each, text: shortened(each.text) })));
  const texts = columns.map(({ head }, index) => [head, ...shown.map((row) => row[index]?.text ?? '')]);
  const widest = (pieces: readonly string[]) => Math.max(0, ...pieces.map(displayWidth));
  const longestWords = texts.map((each) => widest(each.flatMap((text) => text.split(' '))));
  const widths = fit(texts.map(widest), longestWords, width - GAP * (columns.length - 1));
  const cell = (text: string, index: number, ...styles: (Style | undefined)[]) =>
    wrap(text, widths[index] ?? NARROWEST)
      .map((line) => paint(line, ...styles))
      .join('\n');
  const table = new Table({
    head: columns.map(({ head }, index) => cell(head, index, 'bold')),
    colWidths: widths.map((each) => each + GAP),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    chars: CHARACTERS,
  });
  table.push(...shown.map((row) => row.map(({ text, style }, index) => cell(text, index, style))));
  return tidied(table.toString());
}

/** Of whole characters, with an ellipsis where something is left out. */
function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Takes columns away from the widest texts until all fit: first where words stay whole, then where they do not. */
function fit(natural: readonly number[], longestWords: readonly number[], available: number): readonly number[] {
  const widths = [...natural];
  for (const floors of [longestWords, widths.map(() => NARROWEST)]) {
    for (let excess = widths.reduce((sum, each) => sum + each, 0) - available; excess > 0; excess--) {
      const give = widths.map((each, index) => each - (floors[index] ?? 0));
      const widest = give.indexOf(Math.max(...give));
      if ((give[widest] ?? 0) <= 0) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
    }
  }
  return widths;
}

/** Only the line below the head, and nothing behind the last column. */
function tidied(table: string): string {
  const lines = table.split('\n');
  const isRule = (line: string) => /^\u2500+$/.test(line);
  const head = lines.findIndex(isRule);
  return lines
    .filter((line, index) => index === head || !isRule(line))
    .map((line, index) => (index === head ? line.slice(GAP) : line.trimEnd()))
    .join('\n');
}
