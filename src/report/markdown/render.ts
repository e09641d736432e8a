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

function renderTable({ columns, rows, caption, footnotes = [], layout, noteHead }: Table): readonly string[] {
  const hasWhy = layout === 'records' && rows.some(({ note }) => note !== undefined);
  const head = [...columns.map((column) => markdown(column.head)), ...(hasWhy ? [markdown(noteHead)] : [])];
  const rule = [...columns.map(({ align }) => (align === 'right' ? '---:' : '---')), ...(hasWhy ? ['---'] : [])];
  const body = rows.map((row, index) => [
    ...row.cells.map((cell, column) => (column === 0 ? '&nbsp;'.repeat(2 * (row.depth ?? 0)) : '') + cellText(cell)),
    ...(hasWhy ? [repeats(rows, index) ? 'as above' : markdown(row.note ?? '')] : []),
  ]);
  const table = [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const notes = layout === 'records' ? [] : rows.flatMap((row, index) => noteOf(row, repeats(rows, index)));
  return [
    ...(caption === undefined ? [] : [inline(caption)]),
    table,
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
    ...footnotes.map(inline),
  ];
}

/** Whether the row before has the same note. */
function repeats(rows: readonly Row[], index: number): boolean {
  const note = rows[index]?.note;
  return note !== undefined && note === rows[index - 1]?.note;
}

function noteOf({ label, note }: Row, repeated: boolean): readonly string[] {
  if (note === undefined) return [];
  return [`- ${label === undefined ? '' : `${markdownCode(label)}: `}${repeated ? 'as above' : markdown(note)}`];
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
