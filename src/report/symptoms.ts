import type { SummaryCell } from '../core/summary.js';
import { symptomWords } from '../stats/symptoms.js';
import { grouped } from './cells.js';
import { cellsInWords, dataLabel, seedsInWords } from './words.js';

/** Cells that came to a result, and what is wrong with it: a line for those that are alike. Not escaped. */
export function symptomLines(cells: readonly SummaryCell[]): readonly string[] {
  const marked = cells.flatMap((cell) => {
    const { zeroGradients, atChance } = symptomWords(cell.symptoms);
    const words = [zeroGradients, atChance].filter((clause) => clause !== undefined).join('; ');
    const expected = zeroGradients === undefined && cell.profile === 'smoke';
    return words === '' ? [] : [{ cell, words, expected }];
  });
  const alike = grouped(
    marked.filter(({ expected }) => !expected),
    ({ cell: { experiment, dataset, backend, profile }, words }) => [
      experiment,
      dataset?.fingerprint,
      backend,
      profile,
      words,
    ],
  );
  return [
    ...alike.map((same) =>
      lineOf(
        same.map(({ cell }) => cell),
        same[0]?.words ?? '',
      ),
    ),
    ...smokeLine(marked.flatMap(({ cell, expected }) => (expected ? [cell] : []))),
  ];
}

function lineOf(cells: readonly SummaryCell[], words: string): string {
  const [first] = cells;
  if (first === undefined) return '';
  const { experiment, dataset, backend, profile } = first;
  const seeds = `${cells.length === 1 ? 'seed' : 'seeds'} ${seedsInWords(cells.map(({ seed }) => seed))}`;
  const where = [experiment, ...(dataset === undefined ? [] : [dataLabel(dataset)]), backend, profile, seeds];
  return `${where.join(', ')}: ${words}`;
}

/** All of them in one line: after a few steps chance is what to expect. */
function smokeLine(cells: readonly SummaryCell[]): readonly string[] {
  if (cells.length === 0) return [];
  const experiments = [...new Set(cells.map(({ experiment }) => experiment))].join(', ');
  return [
    `${experiments}, smoke, ${cellsInWords(cells.length)}: accuracy at chance, as is to be expected of a few steps`,
  ];
}
