import { grouped, type NonEmpty } from '../core/grouped.js';
import type { SummaryCell } from '../core/summary.js';
import { symptomWords } from '../stats/symptoms.js';
import { cellsInWords, dataLabel, seedsInWords } from './words.js';

interface Marked {
  readonly cell: SummaryCell;
  readonly words: string;
}

/** Cells that came to a result, and what is wrong with it: a line for those that are alike. Not escaped. */
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
    experiment,
    dataset?.fingerprint,
    backend,
    profile,
    words,
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
