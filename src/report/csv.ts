import type { Summary, SummaryCell } from '../core/summary.js';
import { csv } from './escape.js';

/** Fractions, seconds and images a second as they are; what a cell does not have is empty. */
const COLUMNS = {
  experiment: ({ experiment }) => experiment,
  suite: ({ suite }) => suite,
  backend: ({ backend }) => backend,
  profile: ({ profile }) => profile,
  seed: ({ seed }) => seed,
  outcome: ({ outcome }) => outcome,
  dataset: ({ dataset }) => dataset?.name,
  provenance: ({ dataset }) => dataset?.provenance,
  epochs: ({ epochs }) => epochs,
  batchSize: ({ batchSize }) => batchSize,
  trainImages: ({ trainImages }) => trainImages,
  testImages: ({ testImages }) => testImages,
  testAccuracy: ({ testAccuracy }) => testAccuracy,
  imagesPerSecond: ({ imagesPerSecond }) => imagesPerSecond,
  parameters: ({ parameters }) => parameters,
  seconds: ({ seconds }) => seconds,
  startedAt: ({ startedAt }) => startedAt,
  weightsSha256: ({ weightsSha256 }) => weightsSha256,
  reason: ({ reason, outdated }) => reason ?? outdated,
} as const satisfies Readonly<Record<string, (cell: SummaryCell) => string | number | undefined>>;

/** Comma-separated values (RFC 4180), a row a cell, for spreadsheets, pandas and R. */
export function cellsAsCsv({ cells }: Pick<Summary, 'cells'>): string {
  return csvTable(
    Object.keys(COLUMNS),
    cells.map((cell) => Object.values(COLUMNS).map((valueOf) => valueOf(cell))),
  );
}

/** A head and its rows, a line each; what a row does not have is empty. */
export function csvTable(
  head: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
  newline = '\r\n',
): string {
  return [head, ...rows].map((row) => `${row.map(csv).join(',')}${newline}`).join('');
}
