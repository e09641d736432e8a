import { describe, expect, test } from 'vitest';
import { recordSchema, type CellRecord } from '../../../../src/core/record.js';
import { planCells, type PlannedCell } from '../../../../src/plan/plan.js';
import { captureEnvironment } from '../../../../src/records/environment.js';
import type { CellExecutor, ExecutedCell } from '../../../../src/runner/parent/executor.js';
import { runCells } from '../../../../src/runner/parent/run-cells.js';
import { LEDGER } from '../../../fixtures/ledger.js';

const plan = planCells([LEDGER.experiment('mlp-2')], ['wasm'], [1, 2], 'smoke');
const silent = {
  onCellStart: () => ({
    onStart: () => undefined,
    onNotice: () => undefined,
    onStep: () => undefined,
    onEpoch: () => undefined,
  }),
  onCellEnd: () => undefined,
};

/** Runs the plan with scripted ends, starts by the wall clock and durations in seconds; returns what happened, in order. */
async function play(
  ends: readonly ExecutedCell[],
  starts: readonly string[],
  durations: readonly number[],
  cells = plan.cells,
) {
  const events: string[] = [];
  const saved: CellRecord[] = [];
  const wall = starts.map((time) => new Date(`2026-01-01T${time}Z`));
  const monotonic = durations.flatMap((seconds, cell) => [cell * 1e6, cell * 1e6 + seconds * 1000]);
  const execute: CellExecutor = async ({ cell }) => {
    events.push(`run ${cell.seed}`);
    return ends[cell.seed - 1] as ExecutedCell;
  };
  await runCells(cells, {
    execute,
    jobFor: ({ cell, experiment, recipeSha256 }) => ({ cell, experiment, recipeSha256, timeoutMs: 1000 }),
    environment: captureEnvironment(),
    save: async (record) => {
      events.push(`save ${record.cell.seed}`);
      saved.push(record);
    },
    observer: silent,
    signal: new AbortController().signal,
    now: () => wall.shift() as Date,
    monotonic: () => monotonic.shift() as number,
  });
  return { events, saved };
}

const crashed = { outcome: 'crashed', reason: 'gone' } as const;

describe('running cells', () => {
  test('saves each record before the next cell starts', async () => {
    const { events } = await play([crashed, crashed], ['00:00:00', '00:00:02'], [1, 1]);
    expect(events).toEqual(['run 1', 'save 1', 'run 2', 'save 2']);
  });

  test('of a training that went on from a checkpoint, adds the time before and says how often it was interrupted', async () => {
    const earlier = { seconds: 100, interruptions: 3 };
    const dataset = { name: 'cifar-10', fingerprint: 'f'.repeat(64), provenance: 'unknown' } as const;
    const ends: ExecutedCell[] = [
      { outcome: 'diverged', reason: 'NaN', dataset, curve: [], earlier },
      { ...crashed, earlier },
    ];
    const { saved } = await play(ends, ['00:00:00', '00:00:02'], [1, 2]);
    expect(saved).toMatchObject([
      { seconds: 101, interruptions: 3 },
      { seconds: 102, outcome: 'crashed' },
    ]);
    expect(saved[1]).not.toHaveProperty('interruptions');
    for (const record of saved) expect(recordSchema.parse(record)).toEqual(record);
  });

  test('makes valid records that say how long a cell took, also where the wall clock jumps back', async () => {
    const { saved } = await play([crashed, crashed], ['00:01:00', '00:00:00'], [2.5, 4]);
    expect(saved.map((record) => record.startedAt.slice(14, 19))).toEqual(['01:00', '00:00']);
    expect(saved.map((record) => record.seconds)).toEqual([2.5, 4]);
    for (const record of saved) expect(recordSchema.parse(record)).toEqual(record);
  });

  test('records a cell that is to be skipped without starting it', async () => {
    const [first, second] = plan.cells as [PlannedCell, PlannedCell];
    const cells = [{ ...first, skipReason: 'it would take years' }, second];
    const { events, saved } = await play([crashed, crashed], ['00:00:00', '00:00:01'], [0, 1], cells);
    expect(events).toEqual(['save 1', 'run 2', 'save 2']);
    expect(saved[0]).toMatchObject({ outcome: 'skipped', reason: 'it would take years', seconds: 0 });
    expect(recordSchema.parse(saved[0])).toEqual(saved[0]);
  });
});
