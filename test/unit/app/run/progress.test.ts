import { describe, expect, test } from 'vitest';
import { cellRemainingSeconds, learn, remainingSeconds } from '../../../../src/app/run/eta.js';
import { duration, speed } from '../../../../src/app/format.js';
import { runProgress } from '../../../../src/app/run/progress.js';
import type { CellRecord } from '../../../../src/core/record.js';
import { planCells, type PlannedCell } from '../../../../src/plan/plan.js';
import { LEDGER } from '../../../fixtures/ledger.js';

const plan = planCells([LEDGER.experiment('mlp-2')], ['wasm'], [1, 2, 3], 'quick').cells.map((cell) => ({
  ...cell,
  estimateSeconds: 10,
}));
const [first] = plan as [PlannedCell, ...PlannedCell[]];

describe('the time that is left', () => {
  test('is the sum of the estimates before anything ran', () => {
    expect(remainingSeconds(plan, new Map())).toBe(30);
  });
  test('is corrected by what the first cells took on this machine', () => {
    const slow = learn(new Map(), first, 25);
    expect(remainingSeconds(plan.slice(1), slow)).toBe(50);
    expect(remainingSeconds(plan.slice(2), learn(slow, first, 15))).toBe(20);
  });
  test('of one backend does not follow from another', () => {
    const other = { ...first, cell: { ...first.cell, backend: 'js' as const } };
    expect(remainingSeconds([other], learn(new Map(), first, 100))).toBe(10);
  });
  test('of the running cell follows from its own pace, or from the estimate before its first step', () => {
    expect(cellRemainingSeconds(3, 0.25, 0, 999)).toBe(9);
    expect(cellRemainingSeconds(2, 0, 0, 10)).toBe(8);
    // Half of it was done by an earlier process: four steps in 3 s, eight to go.
    expect(cellRemainingSeconds(3, 0.6, 0.5, 999)).toBeCloseTo(12);
    expect(cellRemainingSeconds(0, 0.5, 0.5, 10)).toBe(5);
  });
});

test.each([
  [0.4, '0s'],
  [59.4, '59s'],
  [185, '3m 05s'],
  [7620, '2h 07m'],
])('%d seconds read %s', (seconds, text) => expect(duration(seconds)).toBe(text));

test.each([
  [41.26, '41.3'],
  [21_384, '21,384'],
])('a speed of %d reads %s', (perSecond, text) => expect(speed(perSecond)).toBe(text));

/** Plays a cell against a scripted clock and returns what was written. */
function play(isTTY: boolean): string {
  let written = '';
  let now = 0;
  const stream = { isTTY, columns: 120, write: (text: string) => (written += text) };
  const progress = runProgress(plan, stream, () => now);
  const cell = progress.onCellStart(first, 1);
  const step = { type: 'step', epochs: 3, stepsPerEpoch: 48, loss: 1.8, imagesPerSecond: 6250 } as const;
  for (const [time, epoch, number] of [
    [1_000, 1, 1],
    [1_050, 1, 2],
    [41_000, 2, 24],
  ] as const) {
    now = time;
    cell.onStep({ ...step, epoch, step: number });
  }
  const record = { outcome: 'crashed', reason: 'gone', cell: first.cell } as CellRecord;
  progress.onCellEnd(first, record);
  return written.replaceAll('\r\u001B[2K', '~');
}

describe('progress', () => {
  test('on a terminal redraws one line, not more often than ten times a second', () => {
    expect(play(true)).toBe(
      '~[1/3] mlp-2 wasm seed 1  starting' +
        '~[1/3] mlp-2 wasm seed 1  epoch 1/3 step 1/48  loss 1.8000  6,250 images/s  cell 10s left, run 30s left' +
        '~[1/3] mlp-2 wasm seed 1  epoch 2/3 step 24/48  loss 1.8000  6,250 images/s  cell 41s left, run 1m 01s left' +
        '~[1/3] mlp-2 wasm seed 1  crashed: gone\n',
    );
  });
  test('elsewhere adds a plain line every half minute and one a cell', () => {
    expect(play(false)).toBe(
      '[1/3] mlp-2 wasm seed 1  epoch 2/3 step 24/48  loss 1.8000  6,250 images/s  cell 41s left, run 1m 01s left\n' +
        '[1/3] mlp-2 wasm seed 1  crashed: gone\n',
    );
  });
});
