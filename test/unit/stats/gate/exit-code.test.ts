import { expect, test } from 'vitest';
import type { Outcome } from '../../../../src/core/record.js';
import type { Summary } from '../../../../src/core/summary.js';
import { exitCodeOf } from '../../../../src/stats/gate/exit-code.js';

const CELLS: Readonly<Record<string, readonly Outcome[]>> = {
  nothing: [],
  'not run': ['unsupported', 'skipped'],
  'all crashed': ['crashed', 'timed-out', 'skipped'],
  'all diverged': ['diverged'],
  completed: ['completed', 'completed'],
  'completed, unsupported': ['completed', 'unsupported'],
  'completed, diverged': ['completed', 'diverged'],
  'completed, crashed': ['completed', 'crashed'],
  'completed, timed out': ['completed', 'timed-out'],
};

/** Exit codes of a run and of a sweep without a gate, with one that passes, and with one that fails, whether for --strict or not. */
const CODES = [
  ['nothing', [3, 3, 3], [3, 3, 3]],
  ['not run', [3, 3, 3], [3, 3, 3]],
  ['all crashed', [3, 3, 3], [3, 3, 3]],
  ['all diverged', [3, 3, 3], [0, 0, 1]],
  ['completed', [0, 0, 1], [0, 0, 1]],
  ['completed, unsupported', [0, 0, 1], [0, 0, 1]],
  ['completed, diverged', [1, 0, 1], [0, 0, 1]],
  ['completed, crashed', [1, 0, 1], [1, 0, 1]],
  ['completed, timed out', [1, 0, 1], [1, 0, 1]],
] as const;

test('every kind of run has its codes', () => {
  expect(CODES.map(([kind]) => kind as string)).toEqual(Object.keys(CELLS));
});

test.each(CODES)('with cells that are %s, a run ends with %j and a sweep with %j', (kind, ofRun, ofSweep) => {
  const gates = [undefined, { passed: true }, { passed: false }];
  const cells = (CELLS[kind] ?? []).map((outcome) => ({ outcome }));
  const run = { cells } as unknown as Summary;
  const sweep = { cells, sweep: {} } as unknown as Summary;
  expect(gates.map((gated) => exitCodeOf(run, gated))).toEqual(ofRun);
  expect(gates.map((gated) => exitCodeOf(sweep, gated))).toEqual(ofSweep);
});
