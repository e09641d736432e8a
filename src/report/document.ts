import type { LevelledInterval } from '../stats/accuracies.js';
import type { CurveMean } from '../stats/curves.js';

/**
 * A report as data: which sections and tables there are, what they say, every number with what it is. Made once, by
 * `sections/`; a renderer lays it out and decides nothing. Every text may hold what came from a record, and is escaped by
 * the renderer.
 */
export interface Document {
  readonly title?: string | undefined;
  /** What a reader has to know before anything else. */
  readonly notes?: readonly Text[];
  readonly blocks: readonly Block[];
  /** The result in a sentence or two: first on a page, last on a terminal, where the eye is. */
  readonly result?: readonly Text[];
}

/** How something is meant, never the only carrier of the meaning. */
export type Tone = 'good' | 'bad' | 'warn' | 'odd' | 'dim';

/** A part of a line. */
export type Inline =
  | string
  | { readonly text: string; readonly style: 'code' | 'strong' }
  | { readonly text: string; readonly href: string };

/** A sentence or more. */
export type Text = string | readonly Inline[];

export type Block = Section | Paragraph | List | Table | Code | CurveChart;

export interface Section {
  readonly kind: 'section';
  readonly title: string;
  readonly tone?: Tone | undefined;
  /** What is looked up, not read: closed until it is asked for. */
  readonly detail?: boolean | undefined;
  readonly blocks: readonly Block[];
}

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: Text;
  readonly tone?: Tone | undefined;
  /** Worth a look before all others. */
  readonly strong?: boolean | undefined;
  /** A remark about what follows. */
  readonly quoted?: boolean | undefined;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Text[];
}

/** A text that is copied as it is, one line. */
export interface Code {
  readonly kind: 'code';
  readonly language: string;
  readonly text: string;
}

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right' | undefined;
  /** May be said once above the table where all rows agree. */
  readonly shared?: boolean | undefined;
  /** Says what it is by itself, where a row is told in words. */
  readonly bare?: boolean | undefined;
}

export interface Table {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** What the numbers are. */
  readonly caption?: Text | undefined;
  readonly footnotes?: readonly Text[] | undefined;
  /** `records`: rows are read one by one, each with its note; `grid`: column by column, the notes follow. */
  readonly layout: 'grid' | 'records';
  /** What the notes of records are. */
  readonly noteHead: string;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** What others may link to: the id of a claim. */
  readonly anchor?: string | undefined;
  /** What the row is called where its note stands apart from it. */
  readonly label?: string | undefined;
  /** Why the row is as it is. Equal notes of rows that follow each other are one. */
  readonly note?: string | undefined;
  /** How deep it lies in a tree, from 0. */
  readonly depth?: number | undefined;
}

/** A value with its text in the digits that it is good for. */
export type Cell = { readonly text: string; readonly tone?: Tone | undefined } & (
  | { readonly kind: 'text'; readonly style?: 'code' | 'strong' | undefined }
  | { readonly kind: 'absent' }
  | { readonly kind: 'number'; readonly value: number; readonly unit: string }
  | {
      readonly kind: 'estimate';
      readonly value: number;
      readonly unit: string;
      readonly interval?: LevelledInterval | undefined;
    }
  /** A string as a deck prints it; the interval that it stands for, where it is a number. */
  | { readonly kind: 'printed'; readonly low?: number | undefined; readonly high?: number | undefined }
  | { readonly kind: 'verdict'; readonly verdict: string }
  | { readonly kind: 'claim'; readonly id: string }
  | { readonly kind: 'link'; readonly href: string }
);

/** Test accuracy and training loss per epoch, a line for each series. */
export interface CurveChart {
  readonly kind: 'curves';
  readonly title: string;
  readonly subtitle: string;
  /** Plain, without an ending, for a file of its own. */
  readonly name: string;
  readonly series: readonly CurveSeries[];
  /** Horizontal lines across the accuracies. */
  readonly references: readonly { readonly value: number; readonly label: string }[];
}

/** One line of a chart, over one or more seeds. */
export interface CurveSeries {
  readonly label: string;
  /** Which of the colours, from 0. */
  readonly colour: number;
  /** Which of the line styles, from 0; series of one backend share theirs. */
  readonly dash: number;
  /** Ends early. */
  readonly diverged: boolean;
  readonly seeds: number;
  /** Fractions. */
  readonly accuracy: readonly CurveMean[];
  readonly loss: readonly CurveMean[];
}

/** A section, or nothing where it would be empty. */
export function section(
  title: string,
  blocks: readonly Block[],
  options: Pick<Section, 'tone' | 'detail'> = {},
): readonly Section[] {
  return blocks.length === 0 ? [] : [{ kind: 'section', title, blocks, ...options }];
}

export function paragraph(text: Text, options: Pick<Paragraph, 'tone' | 'strong' | 'quoted'> = {}): Paragraph {
  return { kind: 'paragraph', text, ...options };
}

/** A list, or nothing where it would be empty. */
export function list(items: readonly Text[]): readonly List[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** A column, and what it says of a row. */
export interface ColumnOf<T> extends Column {
  readonly cell: (row: T) => Cell;
  /** Left out where no row has anything in it. */
  readonly optional?: boolean | undefined;
}

type TableOptions<T> = Partial<Pick<Table, 'caption' | 'footnotes' | 'layout' | 'noteHead'>> & {
  readonly rowOf?: (row: T) => Omit<Row, 'cells'>;
};

/** A table, or nothing where it would have no row. */
export function table<T>(
  columns: readonly ColumnOf<T>[],
  rows: readonly T[],
  { caption, footnotes, layout = 'grid', noteHead = 'why', rowOf }: TableOptions<T> = {},
): readonly Table[] {
  if (rows.length === 0) return [];
  const used = columns.filter(({ optional, cell }) => !optional || rows.some((row) => cell(row).kind !== 'absent'));
  return [
    {
      kind: 'table',
      columns: used.map(({ head, align, shared, bare }) => ({ head, align, shared, bare })),
      rows: rows.map((row) => ({ ...rowOf?.(row), cells: used.map(({ cell }) => cell(row)) })),
      caption,
      footnotes,
      layout,
      noteHead,
    },
  ];
}

/** A table without the columns that say the same in every row, and these in words: `Profile full, backend wasm.` */
export function withoutShared({ columns, rows, ...others }: Table): { readonly table: Table; readonly said: string } {
  const isSaid = columns.map(
    ({ shared }, index) => shared === true && new Set(rows.map(({ cells }) => cells[index]?.text)).size === 1,
  );
  const said = columns.flatMap(({ head }, index) => (isSaid[index] ? `${head} ${rows[0]?.cells[index]?.text}` : []));
  const kept = <T>(items: readonly T[]) => items.filter((_, index) => !isSaid[index]);
  return {
    table: { ...others, columns: kept(columns), rows: rows.map((row) => ({ ...row, cells: kept(row.cells) })) },
    said: said.length === 0 ? '' : `${said.join(', ').replace(/^./, (first) => first.toUpperCase())}.`,
  };
}

/** Rows that follow each other and have the same note. */
export function rowsByNote(
  rows: readonly Row[],
): readonly { readonly note: string | undefined; readonly rows: Row[] }[] {
  const groups: { note: string | undefined; rows: Row[] }[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last !== undefined && last.note === row.note) last.rows.push(row);
    else groups.push({ note: row.note, rows: [row] });
  }
  return groups;
}
