import { rowsByNote, withoutShared } from '../document.js';
import type { Block, Document, Inline, Row, Section, Table, Text } from '../document.js';
import { plain } from '../escape.js';
import type { RenderOptions } from '../format.js';
import { painter, TONES, type Paint } from './paint.js';
import { drawTable, shortened } from './table.js';
import { wrap } from './wrap.js';

const DEFAULT_WIDTH = 100;
const NARROWEST = 60;
const INDENT = 2;

/** What a block needs to know of the terminal. */
interface Page {
  readonly width: number;
  readonly paint: Paint;
  readonly verbose: boolean;
}

/** A document for the terminal: the result comes last, where the eye is. Curves are left to other formats. */
export function renderText(
  { title, notes = [], blocks, result = [] }: Document,
  { width = DEFAULT_WIDTH, colour = false, verbose = false }: RenderOptions = {},
): string {
  const page = { width: Math.max(width, NARROWEST), paint: painter(colour), verbose };
  const opening = [
    ...(title === undefined ? [] : lines(title, page).map((line) => page.paint(line, 'bold'))),
    ...notes.flatMap((note) => lines(note, page)),
  ];
  const closing = result.flatMap((text, index) =>
    lines(text, page).map((line) => (index === 0 ? page.paint(line, 'bold') : line)),
  );
  const parts = [opening, ...blocks.map((block) => blockLines(block, page)), closing].filter(
    ({ length }) => length > 0,
  );
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`;
}

function blockLines(block: Block, page: Page): readonly string[] {
  switch (block.kind) {
    case 'section':
      return sectionLines(block, page);
    case 'paragraph':
      return lines(block.text, page).map((line) =>
        page.paint(line, block.strong ? 'bold' : undefined, block.tone && TONES[block.tone]),
      );
    case 'list':
      return block.items.flatMap((item) => indented(textOf(item), INDENT, page));
    case 'table':
      return tableLines(block, page);
    case 'code':
      return [' '.repeat(INDENT) + plain(block.text)];
    case 'curves':
      return [];
  }
}

/** A section of a section is set apart by an empty line; what is looked up appears only where everything is asked for. */
function sectionLines({ title, tone, detail = false, blocks }: Section, page: Page): readonly string[] {
  if (detail && !page.verbose) return [];
  const parts = blocks.flatMap((block, index) => {
    const own = blockLines(block, page);
    const apart = own.length > 0 && (block.kind === 'section' || (block.kind === 'table' && index > 0));
    return apart ? ['', ...own] : own;
  });
  if (parts.length === 0) return [];
  return [...lines(title, page).map((line) => page.paint(line, 'bold', tone && TONES[tone])), ...parts];
}

function tableLines(full: Table, page: Page): readonly string[] {
  const { caption, footnotes = [], layout } = full;
  const { table, said } = layout === 'grid' ? withoutShared(full) : { table: full, said: '' };
  const dim = (text: Text) => lines(text, page).map((line) => page.paint(line, 'dim'));
  const above = [caption === undefined ? '' : textOf(caption), said].filter((text) => text !== '').join(' ');
  const drawn = layout === 'grid' ? drawTable(table, page.width, page.paint) : undefined;
  return [
    ...(above === '' ? [] : dim(above)),
    ...(drawn === undefined ? recordLines(table, page) : [...drawn.split('\n'), ...noteLines(table.rows, page)]),
    ...footnotes.flatMap(dim),
  ];
}

/** Notes apart from their rows, equal ones once. */
function noteLines(rows: readonly Row[], page: Page): readonly string[] {
  return rowsByNote(rows).flatMap(({ note, rows: same }) => {
    const names = shortened(same.flatMap(({ label }) => label ?? []).join(', '));
    return note === undefined ? [] : indented(names === '' ? note : `${names}: ${note}`, INDENT, page);
  });
}

/** Row by row: its first cell, the others by name, its note; a note of several rows after the last of them. */
function recordLines({ columns, rows }: Table, page: Page): readonly string[] {
  return rowsByNote(rows).flatMap(({ note, rows: same }) => [
    ...same.flatMap(({ cells: [first, ...others] }) => {
      const facts = others.flatMap(({ kind, text }, index) =>
        kind === 'absent'
          ? []
          : [...(columns[index + 1]?.bare ? [] : [columns[index + 1]?.head ?? '']), shortened(text)].join(' '),
      );
      return [
        ...indented(shortened(first?.text ?? ''), INDENT, page).map((line) => page.paint(line, 'bold')),
        ...(facts.length === 0 ? [] : indented(facts.join('; '), 2 * INDENT, page)),
      ];
    }),
    ...(note === undefined ? [] : indented(note, 2 * INDENT, page)),
  ]);
}

function textOf(text: Text): string {
  return typeof text === 'string'
    ? text
    : text.map((part: Inline) => (typeof part === 'string' ? part : part.text)).join('');
}

function lines(text: Text, { width }: Page): readonly string[] {
  return wrap(plain(textOf(text)), width);
}

function indented(text: string, columns: number, { width }: Page): readonly string[] {
  return wrap(plain(text), width - columns).map((line) => ' '.repeat(columns) + line);
}
