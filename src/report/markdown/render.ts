import { rowsByNote, withoutShared } from '../document.js';
import type { Block, Cell, Document, Row, Section, Table, Text } from '../document.js';
import { markdown, markdownBlock, markdownCode, markdownHtml } from '../escape.js';
import type { RenderedFile, RenderedReport } from '../format.js';
import { drawCurves } from '../svg/curves.js';

/** A document as GitHub's Markdown: the result comes first. Curves are files that it refers to by name. */
export function renderMarkdown({ title, notes = [], blocks, result = [] }: Document): RenderedReport {
  const parts = [
    ...(title === undefined ? [] : [`# ${markdown(title)}`]),
    ...notes.map((note) => `> ${inline(note)}`),
    ...result.map((text, index) => (index === 0 ? `**${inline(text)}**` : inline(text))),
    ...renderBlocks(blocks),
  ];
  return { text: `${parts.join('\n\n')}\n`, files: blocks.flatMap(filesOf) };
}

/** Blocks without a page around them. @param depth of the headings */
export function renderBlocks(blocks: readonly Block[], depth = 2): readonly string[] {
  return blocks.flatMap((block) => renderBlock(block, depth));
}

function renderBlock(block: Block, depth: number): readonly string[] {
  switch (block.kind) {
    case 'section':
      return renderSection(block, depth);
    case 'paragraph':
      return [`${block.quoted ? '> ' : ''}${block.strong ? `**${inline(block.text)}**` : inline(block.text)}`];
    case 'list':
      return [block.items.map((item) => `- ${inline(item)}`).join('\n')];
    case 'table':
      return renderTable(block);
    case 'code':
      return [markdownBlock(block.text, block.language)];
    case 'curves':
      return [`![${markdown(block.title)}](${fileName(block.name)})`];
  }
}

/** GitHub reads Markdown in a folded section only after a blank line; its title is HTML. */
function renderSection({ title, detail = false, blocks }: Section, depth: number): readonly string[] {
  const body = renderBlocks(blocks, depth + 1);
  if (!detail) return [`${'#'.repeat(depth)} ${markdown(title)}`, ...body];
  return [`<details>\n<summary>${markdownHtml(title)}</summary>`, ...body, '</details>'];
}

function renderTable(full: Table): readonly string[] {
  const { caption, footnotes = [], layout, noteHead } = full;
  const { table, said } = withoutShared(full);
  const { columns, rows } = table;
  const hasNotes = layout === 'records' && rows.some(({ note }) => note !== undefined);
  const head = [...columns.map((column) => markdown(column.head)), ...(hasNotes ? [markdown(noteHead)] : [])];
  const rule = [...columns.map(({ align }) => (align === 'right' ? '---:' : '---')), ...(hasNotes ? ['---'] : [])];
  const body = rowsByNote(rows).flatMap(({ note = '', rows: same }) =>
    same.map(({ cells, depth = 0 }, index) => [
      ...cells.map((cell, column) => (column === 0 ? '&nbsp;'.repeat(2 * depth) : '') + cellText(cell)),
      ...(hasNotes ? [index > 0 && note !== '' ? 'as above' : markdown(note)] : []),
    ]),
  );
  const above = [...(caption === undefined ? [] : [inline(caption)]), ...(said === '' ? [] : [markdown(said)])].join(
    ' ',
  );
  return [
    ...(above === '' ? [] : [above]),
    [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    ...(layout === 'records' ? [] : noteList(rows)),
    ...footnotes.map(inline),
  ];
}

/** Notes apart from their rows, equal ones once. */
function noteList(rows: readonly Row[]): readonly string[] {
  const notes = rowsByNote(rows).flatMap(({ note, rows: same }) => {
    const names = same.flatMap(({ label }) => (label === undefined ? [] : markdownCode(label))).join(', ');
    return note === undefined ? [] : [`- ${names === '' ? '' : `${names}: `}${markdown(note)}`];
  });
  return notes.length === 0 ? [] : [notes.join('\n')];
}

function cellText(cell: Cell): string {
  const words = markdown(cell.text);
  if (cell.kind === 'link') return `[${words}](<${cell.href}>)`;
  if (cell.kind !== 'text' || cell.style === undefined) return words;
  return cell.style === 'code' ? markdownCode(cell.text) : `**${words}**`;
}

function inline(text: Text): string {
  if (typeof text === 'string') return markdown(text);
  return text
    .map((part) => {
      // The blanks at the ends of a part keep the words apart.
      if (typeof part === 'string')
        return part.replace(
          /^(\s*)(.*?)(\s*)$/s,
          (_, before: string, words: string, after: string) =>
            `${before === '' ? '' : ' '}${markdown(words)}${after === '' ? '' : ' '}`,
        );
      if ('href' in part) return `[${markdown(part.text)}](<${part.href}>)`;
      return part.style === 'code' ? markdownCode(part.text) : `**${markdown(part.text)}**`;
    })
    .join('');
}

function filesOf(block: Block): readonly RenderedFile[] {
  if (block.kind === 'section') return block.blocks.flatMap(filesOf);
  return block.kind === 'curves' ? [{ name: fileName(block.name), text: drawCurves(block) }] : [];
}

function fileName(name: string): string {
  return `${name}.svg`;
}
