import { grouped, type NonEmpty } from '../../core/grouped.js';
import { isFailure } from '../../core/record.js';
import type { Summary, SummaryCell } from '../../core/summary.js';
import { checkThreshold, findingInWords } from '../../stats/gate/gate.js';
import { symptomWords } from '../../stats/symptoms.js';
import { list, section, table, type Block, type ColumnOf } from '../document.js';
import { text } from '../cells.js';
import { cellsInWords, dataLabel, seedsInWords, VERDICT_SIGNS } from '../words.js';
import { backendColumn, dataColumn, experimentColumn, on, profileColumn } from './columns.js';

/** Cells that did not come to a result, and accuracies below their threshold. */
export function failureSections({ cells, thresholds }: Pick<Summary, 'cells' | 'thresholds'>): readonly Block[] {
  const failed = cells.filter(isFailure);
  const absent = cells.filter(({ outcome }) => outcome === 'unsupported' || outcome === 'skipped');
  const missed = thresholds.map(checkThreshold).filter((found) => found !== undefined);
  const titled = (verdict: 'not reproduced' | 'not run', what: string, count: number) =>
    `${VERDICT_SIGNS[verdict]} ${what}: ${count}`;
  return [
    ...section(titled('not reproduced', 'Cells that failed', failed.length), cellTable(failed), { tone: 'bad' }),
    ...section(titled('not run', 'Cells that were not started', absent.length), cellTable(absent), { tone: 'dim' }),
    ...section(
      titled('not reproduced', 'Below the threshold of the profile', missed.length),
      list(missed.map(findingInWords)),
      { tone: 'bad' },
    ),
  ];
}

/** Cells that ended alike are one row. */
function cellTable(cells: readonly SummaryCell[]): readonly Block[] {
  const alike = grouped(cells, ({ experiment, dataset, backend, profile, outcome, reason }) => [
    ...[experiment, dataset?.fingerprint, backend, profile, outcome, reason],
  ]);
  const first = ([cell]: NonEmpty<SummaryCell>) => cell;
  const columns: readonly ColumnOf<NonEmpty<SummaryCell>>[] = [
    on(experimentColumn, first),
    { ...on(dataColumn, ([{ dataset }]) => ({ dataset })), optional: true },
    on(backendColumn, ([{ backend }]) => ({ backend })),
    on(profileColumn, first),
    { head: 'seeds', cell: (same) => text(seedsInWords(same.map(({ seed }) => seed))) },
    { head: 'outcome', cell: ([{ outcome }]) => text(outcome, isFailure({ outcome }) ? 'bad' : 'dim') },
  ];
  return table(columns, alike, {
    layout: 'records',
    rowOf: ([{ reason }]) => ({ note: reason ?? 'no reason given' }),
  });
}

/** What is wrong with trainings that came to a result; nothing where nothing is. */
export function symptomSection({ cells }: Pick<Summary, 'cells'>): readonly Block[] {
  return section(`${VERDICT_SIGNS.inconclusive} Symptoms`, list(symptomLines(cells)), { tone: 'warn' });
}

interface Marked {
  readonly cell: SummaryCell;
  readonly words: string;
}

/** Cells that came to a result, and what is wrong with it: a line for those that are alike. */
export function symptomLines(cells: readonly SummaryCell[]): readonly string[] {
  const marked: Marked[] = [];
  const atChanceInSmoke: SummaryCell[] = [];
  for (const cell of cells) {
    const { zeroGradients, atChance } = symptomWords(cell.symptoms);
    if (zeroGradients === undefined && atChance !== undefined && cell.profile === 'smoke') atChanceInSmoke.push(cell);
    else if (zeroGradients !== undefined || atChance !== undefined) {
      marked.push({ cell, words: [zeroGradients, atChance].filter((clause) => clause !== undefined).join('; ') });
    }
  }
  const alike = grouped(marked, ({ cell: { experiment, dataset, backend, profile }, words }) => [
    ...[experiment, dataset?.fingerprint, backend, profile, words],
  ]);
  return [...alike.map(lineOf), ...smokeLine(atChanceInSmoke)];
}

function lineOf(same: NonEmpty<Marked>): string {
  const [{ cell, words }] = same;
  const { experiment, dataset, backend, profile } = cell;
  const seeds = `${same.length === 1 ? 'seed' : 'seeds'} ${seedsInWords(same.map((each) => each.cell.seed))}`;
  const where = [experiment, ...(dataset === undefined ? [] : [dataLabel(dataset)]), backend, profile, seeds];
  return `${where.join(', ')}: ${words}`;
}

/** All of them in one line: after a few steps chance is what to expect. */
function smokeLine(cells: readonly SummaryCell[]): readonly string[] {
  if (cells.length === 0) return [];
  const experiments = [...new Set(cells.map(({ experiment }) => experiment))].join(', ');
  const count = cellsInWords(cells.length);
  return [`${experiments}, smoke, ${count}: accuracy at chance, as is to be expected of a few steps`];
}
