import { join } from 'node:path';
import { plain } from '../../report/escape.js';
import { cellsInWords } from '../../report/words.js';
import { listed } from '../objection.js';
import type { Merged } from './merge.js';

const MOST_LINES = 20;

/** What became of the folders, a line each: cells that were there several times, cells that are missing, the report. */
export function renderMerged({ out, missing, repeated, summary }: Merged): string {
  const lines = [
    ...repeated
      .slice(0, MOST_LINES)
      .map(({ cell, kept, left }) => `${cell} is there ${left.length + 1} times: kept that of ${kept}`),
    ...(repeated.length > MOST_LINES ? [`and ${repeated.length - MOST_LINES} more such cells`] : []),
    ...(missing.length === 0
      ? []
      : [`${cellsInWords(missing.length)} of ${summary.run.plannedCells} missing: ${listed(missing, MOST_LINES)}`]),
    `Report: ${join(out, 'report.md')}`,
  ];
  return lines.map((line) => `${plain(line)}\n`).join('');
}
