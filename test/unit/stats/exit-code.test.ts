import { expect, test } from 'vitest';
import type { Summary, SummaryCell, ThresholdResult } from '../../../src/core/summary.js';
import { exitCodeOf, sweepExitCodeOf } from '../../../src/stats/exit-code.js';

const missed = { experiment: 'mlp-1', passed: false, testAccuracy: 0.5, minAccuracy: 0.8 } as ThresholdResult;

function summary(outcomes: readonly SummaryCell['outcome'][], thresholds: readonly ThresholdResult[] = []): Summary {
  return { cells: outcomes.map((outcome) => ({ outcome })), claims: [], thresholds } as unknown as Summary;
}

test.each([
  ['every cell completed', summary(['completed', 'completed']), true, 0],
  ['some cells are unsupported', summary(['completed', 'unsupported']), true, 0],
  ['a threshold is missed, without --gate', summary(['completed'], [missed]), false, 0],
  ['a threshold is missed, with --gate', summary(['completed'], [missed]), true, 1],
  ['a cell crashed, also without --gate', summary(['completed', 'crashed']), false, 1],
  ['a cell diverged', summary(['completed', 'diverged']), false, 1],
  ['a cell timed out', summary(['completed', 'timed-out']), false, 1],
  ['no cell had a result', summary(['crashed', 'unsupported']), true, 3],
  ['there was no cell', summary([]), false, 3],
] as const)('where %s', (_, run, gated, code) => {
  expect(exitCodeOf(run, gated)).toBe(code);
});

test.each([
  [['completed', 'diverged'], 0],
  [['diverged'], 0],
  [['completed', 'crashed'], 1],
  [['completed', 'timed-out'], 1],
  [['crashed', 'skipped'], 3],
  [[], 3],
] as const)('a sweep with cells that %s ends with %i', (outcomes, code) => {
  expect(sweepExitCodeOf(summary(outcomes))).toBe(code);
});
