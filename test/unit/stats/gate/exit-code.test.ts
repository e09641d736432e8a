import { expect, test } from 'vitest';
import type { Summary, SummaryCell } from '../../../../src/core/summary.js';
import { exitCodeOf, sweepExitCodeOf } from '../../../../src/stats/gate/exit-code.js';

function summary(outcomes: readonly SummaryCell['outcome'][]): Summary {
  return { cells: outcomes.map((outcome) => ({ outcome })) } as unknown as Summary;
}
const passed = { passed: true };
const failed = { passed: false };

test.each([
  ['every cell completed', summary(['completed', 'completed']), passed, 0],
  ['some cells are unsupported', summary(['completed', 'unsupported']), passed, 0],
  ['the gate fails', summary(['completed']), failed, 1],
  ['there is no gate', summary(['completed']), undefined, 0],
  ['a cell crashed, without a gate', summary(['completed', 'crashed']), undefined, 1],
  ['a cell diverged, without a gate', summary(['completed', 'diverged']), undefined, 1],
  ['a cell timed out, without a gate', summary(['completed', 'timed-out']), undefined, 1],
  ['a cell crashed, and the policy does not mind', summary(['completed', 'crashed']), passed, 0],
  ['no cell had a result', summary(['crashed', 'unsupported']), failed, 3],
  ['there was no cell', summary([]), undefined, 3],
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
