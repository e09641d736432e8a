import type { Summary } from '../../core/summary.js';
import { checkThreshold, findingInWords } from '../../stats/gate/gate.js';
import { absentCells, failedCells } from '../cells.js';
import { markdown, markdownCode } from '../escape.js';
import { markdownTable } from '../markdown-table.js';
import { dataLabel } from '../words.js';
import { folded } from './fold.js';

export function failureSections(summary: Summary): readonly string[] {
  const failed = failedCells(summary);
  const table = (cells: typeof failed) =>
    markdownTable(
      ['experiment', 'data', 'backend', 'profile', 'seed', 'outcome', 'reason'],
      cells.map(({ experiment, dataset, backend, profile, seed, outcome, reason }) => [
        markdownCode(experiment),
        dataset === undefined ? '\u2013' : markdown(dataLabel(dataset)),
        backend,
        profile,
        String(seed),
        outcome,
        markdown(reason ?? ''),
      ]),
    );
  const absent = absentCells(summary);
  const missed = summary.thresholds.map(checkThreshold).filter((found) => found !== undefined);
  return [
    ...(failed.length === 0 ? [] : ['## Cells that failed', table(failed)]),
    ...(absent.length === 0 ? [] : folded(`Cells that were not started (${absent.length})`, table(absent))),
    ...(missed.length === 0
      ? []
      : ['## Below the threshold', missed.map((found) => `- ${markdown(findingInWords(found))}`).join('\n')]),
  ];
}
