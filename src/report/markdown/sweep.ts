import type { SweepResult } from '../../core/sweep.js';
import { markdown } from '../escape.js';
import { markdownTable } from '../markdown-table.js';
import { effectLine, POINT_COLUMNS, pointRow, printedLine, rangeLines, SWEEP_NOTE } from '../sweep.js';

export function sweepSection(result: SweepResult): readonly string[] {
  const { experiment, profile, backend } = result.grid;
  const lines = [...rangeLines(result), ...result.printed.map((each) => printedLine(each, result))];
  return [
    `## What is left out of ${markdown(experiment)}`,
    `Profile ${profile}, backend ${backend}. ${markdown(SWEEP_NOTE)}`,
    markdownTable(
      POINT_COLUMNS,
      result.points.map((point) => pointRow(point).map(markdown)),
      ['right', 'left', 'right', 'right', 'left', 'right'],
    ),
    lines.map((line) => `- ${markdown(line)}`).join('\n'),
    ...(result.effects.length === 0
      ? []
      : [
          '### What matters, the most first',
          result.effects.map((effect) => `- ${markdown(effectLine(effect))}`).join('\n'),
        ]),
  ];
}
