import { cnnbenchInWords } from '../core/build.js';
import type { Environment, Outcome } from '../core/record.js';
import type { ClaimVerdict, Summary } from '../core/summary.js';
import { counted, pointsInterval } from '../stats/wording.js';
import type { BlockName } from './blocks.js';
import { findings, groupClaims, headline } from './claims.js';
import { markdown, markdownCode } from './escape.js';
import { markdownTable } from './markdown-table.js';
import { backendAndDataTables } from './markdown/environment.js';
import { accuracyTables, throughputTable, timeToTargetTable } from './markdown/training.js';
import { verdictCounts } from './markdown/verdicts.js';
import { knownInWords } from './known.js';
import { frameworksInWords, referenceInWords, referenceVerdictInWords } from './references.js';
import {
  cellsInWords,
  datasetNotes,
  durationInWords,
  measuredInWords,
  numberInWords,
  signedVerdict,
  verdictInWords,
} from './words.js';

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

/** What can be published. Each is a pure function; one that has nothing to say says that. */
const TABLES: Readonly<Record<TableName, (publication: Publication) => readonly string[]>> = {
  verdicts: verdictTable,
  errata: errataTable,
  counts: countsTable,
  accuracy: ({ summary }) => accuracyTables(summary),
  throughput: ({ summary }) => throughputTable(summary),
  'time-to-target': ({ summary }) => timeToTargetTable(summary),
  provenance: provenanceTables,
};

/** The text of a block; nothing for one that another command fills. */
export function renderTable(name: BlockName, publication: Publication): string | undefined {
  if (!isTable(name)) return undefined;
  const body = TABLES[name](publication);
  const said = body.length === 0 ? [`The published runs have nothing for the table \`${name}\`.`] : body;
  return [...publication.caveats.map((caveat) => `> **Caveat:** ${markdown(caveat)}.`), ...said].join('\n\n');
}

/** Whether a block is one of the tables that are published. */
export function isTable(name: BlockName): name is TableName {
  return Object.hasOwn(TABLES, name);
}

/** Accuracies and their order: what the slide says, what was measured, what the framework of the decks gives. */
function verdictTable({ summary }: Publication): readonly string[] {
  const claims = summary.claims.filter(({ kind }) => kind === 'accuracy' || kind === 'relation');
  if (claims.length === 0) return [];
  const experiments = new Set(claims.map(({ experiment }) => experiment));
  const of = summary.cells.filter(({ experiment }) => experiments.has(experiment));
  const several = new Set(claims.map(({ backend }) => backend)).size > 1;
  const framework = frameworksInWords(summary.references) || 'reference';
  const table = markdownTable(
    ['claim', 'slide says', ...(several ? ['backend'] : []), 'measured', markdown(framework), 'verdict'],
    claims.map((claim) => [
      markdown(claim.statement),
      markdown(claim.printed),
      ...(several ? [claim.backend ?? '\u2013'] : []),
      markdown(measuredWithSeeds(claim)),
      markdown(besideReference(claim, summary)),
      signedVerdict(claim.verdict),
    ]),
    ['left', 'left', ...(several ? ['left' as const] : []), 'right', 'right', 'left'],
  );
  const reasons = claims
    .filter(({ verdict }) => verdict !== 'reproduced')
    .map(({ id, backend, verdict, reason, known }) => {
      const where = several && backend !== undefined ? ` on ${backend}` : '';
      return `- ${markdownCode(id)}${where}: ${verdictInWords(verdict)}. ${[`${reason}.`, ...referenceReason(known)].map(markdown).join(' ')}`;
    });
  const legend =
    'Test accuracy after the last epoch: mean over the seeds \u00b1 half the width of its 90% confidence interval.';
  return [
    table,
    legend,
    ...datasetNotes(of).map((note) => `${markdown(note)}.`),
    ...(reasons.length === 0 ? [] : [reasons.join('\n')]),
  ];
}

function measuredWithSeeds(claim: ClaimVerdict): string {
  const { kind, measured, interval, seeds = [] } = claim;
  if (measured === undefined) return '\u2013';
  const spread = kind === 'relation' && interval ? [pointsInterval({ low: interval[0], high: interval[1] })] : [];
  return `${measuredInWords(claim)} (${[...spread, counted(seeds.length, 'seed')].join('; ')})`;
}

/** `89.02%, sd 0.23 (10 seeds): agrees`, of the same recipe to the end on the data set itself. */
function besideReference(claim: ClaimVerdict, { references }: Summary): string {
  const { kind, experiment, backend, known } = claim;
  if (known?.reference !== undefined) return knownInWords(claim, known.reference);
  const found = references.find(
    (each) =>
      each.experiment === experiment && each.backend === backend && each.profile === 'full' && each.standIn !== true,
  );
  if (kind !== 'accuracy' || found === undefined) return '\u2013';
  return `${referenceInWords(found)}: ${referenceVerdictInWords(found.verdict)}`;
}

/** The reference's own judgement of a claim that was not run, and what it was trained on. */
function referenceReason(known: ClaimVerdict['known']): readonly string[] {
  if (known?.reference === undefined) return [];
  const { by, machine, reason } = known.reference;
  return [`Reference (${by} on ${machine}): ${reason}.`];
}

/** Every distinct mistake of a slide, in the order of the ledger. */
function errataTable({ summary }: Publication): readonly string[] {
  const found = findings(summary.claims, 'erratum');
  if (found.length === 0) return [];
  const table = markdownTable(
    ['deck', 'where', 'claim', 'slide says', 'it is', 'why'],
    found.map(({ claim }) => [
      claim.deck,
      markdown(claim.place),
      markdown(claim.statement),
      markdown(claim.printed),
      markdown(measuredInWords(claim)),
      markdown(claim.reason),
    ]),
    ['left', 'left', 'left', 'right', 'right', 'left'],
  );
  return [table];
}

function countsTable({ summary }: Publication): readonly string[] {
  const groups = groupClaims(summary.claims);
  return groups.length === 0 ? [] : [`**${headline(groups)}**`, verdictCounts(groups)];
}

/** Which runs, by which builds, on what machines, backends and files. */
function provenanceTables({ summary, runs }: Publication): readonly string[] {
  const origin = markdownTable(
    ['run', 'started', 'cells', 'time in cells', 'command'],
    runs.map(({ name, report, startedAt, outcomes, seconds, command }) => [
      `[${markdown(name)}](<${report}>)`,
      markdown(startedAt),
      outcomesInWords(outcomes),
      durationInWords(seconds),
      markdownCode(command),
    ]),
  );
  const builds = runs.flatMap(({ name, environments }) =>
    environments.map((environment) => [
      markdown(name),
      markdown(cnnbenchInWords(environment)),
      markdown(environment.node),
      markdown(`${environment.platform} ${environment.arch}`),
      markdown(`${environment.cpu}, ${environment.cores} cores`),
      `${numberInWords(environment.memory / 2 ** 30)} GiB`,
    ]),
  );
  const machines = markdownTable(['run', 'cnnbench', 'Node.js', 'system', 'processor', 'memory'], builds);
  return [origin, machines, ...backendAndDataTables(summary)];
}

/** `41 cells (1 crashed)`: a failure is published like a success. */
function outcomesInWords(outcomes: readonly Outcome[]): string {
  const others = outcomes.filter((outcome) => outcome !== 'completed');
  const words = [...new Set(others)].map((outcome) => `${others.filter((each) => each === outcome).length} ${outcome}`);
  return `${cellsInWords(outcomes.length)}${words.length === 0 ? '' : ` (${words.join(', ')})`}`;
}
