import { buildsOf } from '../../core/build.js';
import { cellId } from '../../core/cell.js';
import { CnnbenchError } from '../../core/errors.js';
import { isTrained } from '../../core/experiment.js';
import { grouped } from '../../core/grouped.js';
import { datasetUsed, isFailure, type CellRecord } from '../../core/record.js';
import type { Ledger } from '../../ledger/ledger.js';
import { cellsOfPlan } from '../../records/manifest.js';
import { plain } from '../../report/escape.js';
import { cellsInWords } from '../../report/words.js';
import { isCompletedTraining } from '../../stats/comparable.js';
import { buildsInWords } from '../../stats/gate/population.js';
import { lintRecords } from '../../stats/gate/lint.js';
import { differencesIn, memberOf } from '../../stats/population.js';
import { counted } from '../../stats/wording.js';
import { listed, type Objection } from '../objection.js';
import { outdated } from '../outdated.js';
import type { Run } from '../summarize-runs.js';

/** What may be published all the same, when it is allowed by name. */
export const ALLOWANCES = [
  'stand-in',
  'unknown-data',
  'few-seeds',
  'unfinished',
  'dirty',
  'unknown-commit',
  'mixed-commits',
] as const;
export type Allowance = (typeof ALLOWANCES)[number];

/** The first look at a verdict. With two seeds Student's t is 6.3, and an interval says next to nothing. */
export const LEAST_SEEDS = 3;

/** Something that speaks against publishing a run. Where it was allowed, tables have it as a caveat. */
export interface PublishObjection extends Objection {
  /** Absent: it cannot be allowed. */
  readonly allowance?: Allowance;
}

/** What speaks against publishing a run; nothing where it may stand as it is. Cells that failed are results, and no objection. */
export function objectionsTo(ledger: Ledger, { manifest, records }: Run): readonly PublishObjection[] {
  if (records.length === 0) return [{ what: 'the run has no records yet', remedy: 'Run it first.' }];
  return [
    ...objection(
      records.flatMap((record) => reasonOf(record, outdated(ledger, record))),
      (reasons) => ({
        what: `${reasons.length} of its records ${reasons.length === 1 ? 'is' : 'are'} of another version: ${listed(reasons)}`,
        remedy: 'Run it again with this version, or publish it with the one that made it.',
      }),
    ),
    ...lintObjections(records, cellsOfPlan(manifest)),
    ...objection(onData(records, 'stand-in'), (cells) => ({
      allowance: 'stand-in',
      what: `${inWords(cells)} made on stand-in images, which say nothing about a data set`,
      remedy: 'Run again with the data sets: "cnnbench data pull", or --data-dir.',
    })),
    ...objection(onData(records, 'unknown'), (cells) => ({
      allowance: 'unknown-data',
      what: `${inWords(cells)} made on unrecognised data files`,
      remedy: 'Run again with the official files; "cnnbench data verify" lists the others.',
    })),
    ...objection(shortOfSeeds(records), (groups) => ({
      allowance: 'few-seeds',
      what: `fewer than ${LEAST_SEEDS} seeds: ${listed(groups)}`,
      remedy: `Run again with --seeds ${LEAST_SEEDS} or more and the same --out: existing seeds are kept.`,
    })),
    ...objection(
      cellsWhere(records, ({ environment }) => environment.dirty === true),
      (cells) => ({
        allowance: 'dirty',
        what: `${inWords(cells)} made by a build with uncommitted changes, which cannot be rebuilt`,
        remedy: 'Commit, build and run again.',
      }),
    ),
    ...objection(
      cellsWhere(records, ({ environment }) => environment.commit === undefined),
      (cells) => ({
        allowance: 'unknown-commit',
        what: `${inWords(cells)} made by a build from an unknown commit`,
        remedy: 'Build in a git checkout, and run again.',
      }),
    ),
    ...mixedBuilds(records),
  ];
}

/**
 * Refuses what was not allowed.
 *
 * @returns what was objected and allowed, for the readers of the tables
 * @throws CnnbenchError E_NOT_PUBLISHABLE, with every objection and its remedy
 */
export function refuseUnlessAllowed(
  ledger: Ledger,
  runs: readonly Run[],
  allowed: readonly Allowance[],
): readonly string[] {
  const objections = runs.flatMap((run) =>
    objectionsTo(ledger, run).map((each) => ({ ...each, directory: run.directory })),
  );
  const standing = objections.filter(({ allowance }) => allowance === undefined || !allowed.includes(allowance));
  if (standing.length === 0) return [...new Set(objections.map(({ what }) => what))];
  const lines = standing.map(
    ({ directory, allowance, what, remedy }) =>
      `  - ${allowance ?? 'never allowed'}: ${directory}: ${plain(what)}.\n    ${remedy}`,
  );
  const names = [...new Set(standing.flatMap(({ allowance }) => allowance ?? []))];
  const hopeless = standing.some(({ allowance }) => allowance === undefined);
  throw new CnnbenchError(
    'E_NOT_PUBLISHABLE',
    `these results cannot be published:\n${lines.join('\n')}`,
    hopeless
      ? 'Follow the remedies above.'
      : `Follow the remedies above, or publish anyway, with a caveat above each table: --allow ${names.join(' --allow ')}`,
  );
}

function objection<T>(
  found: readonly T[],
  toObjection: (found: readonly T[]) => PublishObjection,
): readonly PublishObjection[] {
  return found.length === 0 ? [] : [toObjection(found)];
}

function lintObjections(records: readonly CellRecord[], planned: readonly string[]): readonly PublishObjection[] {
  const findings = lintRecords(records, planned);
  const leftOut = findings.filter(({ rule }) => rule === 'left-out').map(({ cell }) => cell);
  const broken = findings.filter(({ rule }) => rule !== 'left-out').map(({ message }) => message);
  return [
    ...objection(broken, (found) => ({
      what: `its seeds are not independent draws: ${listed(found)}`,
      remedy: 'Run it again; if it happens again, it is a bug of the backend or of cnnbench.',
    })),
    ...objection(leftOut, (cells) => ({
      allowance: 'unfinished',
      what: `${cells.length} of the ${cellsInWords(planned.length)} that were planned have no record: ${listed(cells)}`,
      remedy: 'Run the same command again with the same --out: it resumes. Merge shards first.',
    })),
  ];
}

function mixedBuilds(records: readonly CellRecord[]): readonly PublishObjection[] {
  return differencesIn(records, ['build'], memberOf).map(() => ({
    allowance: 'mixed-commits',
    what: `its records were made by several builds: ${buildsInWords(buildsOf(records))}`,
    remedy: 'Run it again with --fresh.',
  }));
}

function reasonOf({ cell }: CellRecord, reason: string | undefined): readonly string[] {
  return reason === undefined ? [] : [`${cellId(cell)}: ${reason}`];
}

function cellsWhere(records: readonly CellRecord[], test: (record: CellRecord) => boolean): readonly string[] {
  return records.filter(test).map(({ cell }) => cellId(cell));
}

/** Results of the scripted backend are of no data set, either. */
function onData(records: readonly CellRecord[], provenance: 'stand-in' | 'unknown'): readonly string[] {
  return cellsWhere(records, (record) => {
    if (record.cell.backend === 'fake') return provenance === 'stand-in';
    return datasetUsed(record)?.provenance === provenance;
  });
}

/** A seed that failed counts: it is published as a failure. One that was never started does not. */
function shortOfSeeds(records: readonly CellRecord[]): readonly string[] {
  const attempted = records.filter((record) => isCompletedTraining(record) || (isFailure(record) && isTrained(record)));
  return grouped(attempted, ({ cell: { experiment, backend, profile } }) => [experiment, backend, profile]).flatMap(
    (seeds) => {
      const [first] = seeds;
      if (seeds.length >= LEAST_SEEDS) return [];
      const { experiment, backend, profile } = first.cell;
      return [`${experiment} on ${backend} (${profile}) has ${counted(seeds.length, 'seed')}`];
    },
  );
}

function inWords(cells: readonly string[]): string {
  return `${cellsInWords(cells.length)} (${listed(cells)}) ${cells.length === 1 ? 'was' : 'were'}`;
}
