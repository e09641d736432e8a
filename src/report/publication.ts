import type { Environment, Outcome } from '../core/record.js';
import type { ClaimVerdict, Summary } from '../core/summary.js';
import { counted } from '../stats/wording.js';
import type { BlockName } from './blocks.js';
import { code, duration, text } from './cells.js';
import { countMistakes, findings, groupClaims, headline } from './claims.js';
import { paragraph, table, type Block, type ColumnOf, type Text } from './document.js';
import { renderBlocks } from './markdown/render.js';
import { accuracyTables, claimsOverSeeds } from './sections/accuracy.js';
import { on } from './sections/columns.js';
import { backendAndDataTables, MACHINE_COLUMNS } from './sections/environment.js';
import { noteSections } from './sections/notes.js';
import { speedTable, timeToTargetTable } from './sections/speeds.js';
import { findingTable, verdictCounts } from './sections/verdicts.js';
import { cellsInWords, datasetNotes } from './words.js';

/** What is published: a summary, and where it comes from. */
export interface Publication {
  readonly summary: Summary;
  readonly runs: readonly PublishedRun[];
  /** What was objected, and allowed: above every table, because each may be read alone. */
  readonly caveats: readonly string[];
}

export interface PublishedRun {
  readonly name: string;
  /** Relative address of its report, as the page would link to it. */
  readonly report: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly command: string;
  /** Of its records: how each ended, wall time of all, and each environment that occurs. */
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
  readonly environments: readonly Environment[];
}

export type TableName = Exclude<BlockName, `bench-${string}`>;

/** What can be published. Each is a pure function. */
const TABLES: Readonly<Record<TableName, (publication: Publication) => readonly Block[]>> = {
  verdicts: verdictTable,
  errata: errataTable,
  counts: countsTable,
  accuracy: ({ summary }) => accuracyTables(summary),
  throughput: ({ summary }) => speedTable(summary),
  'time-to-target': ({ summary }) => timeToTargetTable(summary),
  provenance: provenanceTables,
};

/** The text of a block; nothing for one that another command fills. A table that has nothing to say says that. */
export function renderTable(name: BlockName, publication: Publication): string | undefined {
  if (!isTable(name)) return undefined;
  const body = TABLES[name](publication);
  const nothing: Text = ['The published runs have nothing for the table ', { text: name, style: 'code' }, '.'];
  const caveats = publication.caveats.map((caveat): Block =>
    paragraph([{ text: 'Caveat:', style: 'strong' }, ` ${caveat}.`], { quoted: true }),
  );
  return renderBlocks([...caveats, ...(body.length === 0 ? [paragraph(nothing)] : body)]).join('\n\n');
}

/** Whether a block is one of the tables that are published. */
export function isTable(name: BlockName): name is TableName {
  return Object.hasOwn(TABLES, name);
}

/** Accuracies and their order, and why one is not reproduced. */
function verdictTable({ summary }: Publication): readonly Block[] {
  const claims = summary.claims.filter(({ kind }) => ['accuracy', 'score', 'relation'].includes(kind));
  const experiments = new Set(claims.map(({ experiment }) => experiment));
  const notes = datasetNotes(summary.cells.filter(({ experiment }) => experiments.has(experiment)));
  return claims.length === 0
    ? []
    : [
        ...claimsOverSeeds(summary, claims, ({ verdict }) => verdict !== 'reproduced'),
        ...notes.map((note) => paragraph(note)),
      ];
}

/** Every claim that a slide gets wrong, those that read one mistake together; then what is wrong at a glance. */
function errataTable({ summary }: Publication): readonly Block[] {
  const errata = summary.claims.filter(({ verdict }) => verdict === 'erratum');
  const claims = groupClaims(errata).length;
  const count = `${counted(countMistakes(errata), 'distinct mistake')}, read by ${counted(claims, 'claim')}${uncertainInWords(errata)}.`;
  return [
    ...(claims === 0 ? [] : [paragraph(count, { strong: true })]),
    ...findingTable(findings(errata, 'erratum')),
    ...noteSections(summary.notes),
  ];
}

/** Of how many mistakes the slide is not certainly to blame. */
function uncertainInWords(errata: readonly ClaimVerdict[]): string {
  const uncertain = countMistakes(errata.filter(({ blame }) => blame !== undefined));
  return uncertain === 0 ? '' : `; of ${uncertain} it may be the extraction of the text that is to blame`;
}

function countsTable({ summary }: Publication): readonly Block[] {
  const groups = groupClaims(summary.claims);
  return groups.length === 0 ? [] : [paragraph(headline(groups), { strong: true }), ...verdictCounts(groups)];
}

const RUN_COLUMNS: readonly ColumnOf<PublishedRun>[] = [
  { head: 'run', cell: ({ name, report }) => ({ kind: 'link', text: name, href: report }) },
  { head: 'started', cell: ({ startedAt }) => text(startedAt) },
  { head: 'cells', cell: ({ outcomes }) => text(outcomesInWords(outcomes)) },
  { head: 'time in cells', align: 'right', cell: ({ seconds }) => duration(seconds) },
  { head: 'command', cell: ({ command }) => code(command) },
];

/** Which runs, by which builds, on what machines, backends and files. */
function provenanceTables({ summary, runs }: Publication): readonly Block[] {
  const machines = runs.flatMap(({ name, environments }) => environments.map((environment) => ({ name, environment })));
  type Machine = (typeof machines)[number];
  const columns: readonly ColumnOf<Machine>[] = [
    { head: 'run', cell: ({ name }) => text(name) },
    ...MACHINE_COLUMNS.map((column) => on(column, ({ environment }: Machine) => environment)),
  ];
  return [...table(RUN_COLUMNS, runs), ...table(columns, machines), ...backendAndDataTables(summary)];
}

/** `41 cells (1 crashed)`: a failure is published like a success. */
function outcomesInWords(outcomes: readonly Outcome[]): string {
  const others = outcomes.filter((outcome) => outcome !== 'completed');
  const words = [...new Set(others)].map((outcome) => `${others.filter((each) => each === outcome).length} ${outcome}`);
  return `${cellsInWords(outcomes.length)}${words.length === 0 ? '' : ` (${words.join(', ')})`}`;
}
