import type { Comparison } from '../stats/compare/compare-sides.js';
import { comparisonConclusion, comparisonNotes, comparisonTables } from './compare-rows.js';
import { markdown, plain } from './escape.js';
import type { RenderOptions } from './format.js';
import { markdownTable } from './markdown-table.js';
import { indented, pageOf, section } from './page.js';
import { renderTable } from './table.js';
import { wrap } from './wrap.js';

/** Formats of a comparison. */
export const COMPARISON_FORMATS = ['terminal', 'markdown'] as const;
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

const RENDERERS: Readonly<Record<ComparisonFormat, (comparison: Comparison, options: RenderOptions) => string>> = {
  terminal: renderTerminal,
  markdown: renderMarkdown,
};

/** A comparison in one of the formats. Pure. */
export function renderComparison(
  comparison: Comparison,
  format: ComparisonFormat,
  options: RenderOptions = {},
): string {
  return RENDERERS[format](comparison, options);
}

function renderTerminal(comparison: Comparison, options: RenderOptions): string {
  const page = pageOf(options);
  const sides = sidesOf(comparison).flatMap(([label, words]) => wrap(`${label}: ${plain(words)}`, page.width));
  const tables = comparisonTables(comparison).map(({ title, note, columns, rows }) => {
    const cells = rows.map((row) => row.map(({ text, style }) => ({ text: plain(text), style })));
    return section(title, [...wrap(note, page.width), '', renderTable(columns, cells, page.width, page.paint)], page);
  });
  const notes = comparisonNotes(comparison).flatMap((note) => {
    const [first = '', ...rest] = indented(plain(note), 2, page);
    return [`-${first.slice(1)}`, ...rest];
  });
  const conclusion = wrap(plain(comparisonConclusion(comparison)), page.width);
  return [
    sides.join('\n'),
    ...tables,
    section('Why', notes, page),
    conclusion.map((line) => page.paint(line, 'bold')).join('\n'),
  ].join('\n\n');
}

function renderMarkdown(comparison: Comparison): string {
  const tables = comparisonTables(comparison).flatMap(({ title, note, columns, rows }) => [
    `## ${title}`,
    `${note}.`,
    markdownTable(
      columns.map(({ head }) => head),
      rows.map((row) => row.map(({ text }) => markdown(text))),
      columns.map(({ align }) => align ?? 'left'),
    ),
  ]);
  return [
    '# Comparison',
    `**${markdown(comparisonConclusion(comparison))}**`,
    sidesOf(comparison)
      .map(([label, words]) => `- ${label}: ${markdown(words)}`)
      .join('\n'),
    ...tables,
    '## Why',
    comparisonNotes(comparison)
      .map((note) => `- ${markdown(note)}`)
      .join('\n'),
  ].join('\n\n');
}

function sidesOf({ a, b }: Comparison): readonly (readonly [label: string, words: string])[] {
  return [
    ['A', `${a.name}, made with cnnbench ${a.versions.join(', ')}`],
    ['B', `${b.name}, made with cnnbench ${b.versions.join(', ')}`],
  ];
}
