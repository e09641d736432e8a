import type { CellRecord } from '../../core/record.js';
import type { PlannedCell } from '../../plan/plan.js';
import { captureEnvironment } from '../../records/environment.js';
import { forkExecutor } from './fork.js';
import { runCells, type RunOptions } from './run-cells.js';

const ignore = () => undefined;

/** Runs cells for their records alone, as `runCells` does: nothing is written. Without an observer nobody hears of it. */
export function runUnkept(
  cells: readonly PlannedCell[],
  options: Pick<RunOptions, 'jobFor' | 'signal'> & Partial<RunOptions>,
): Promise<CellRecord[]> {
  return runCells(cells, {
    execute: forkExecutor,
    environment: captureEnvironment(),
    save: async () => undefined,
    observer: {
      onCellStart: () => ({ onStart: ignore, onNotice: ignore, onStep: ignore, onEpoch: ignore }),
      onCellEnd: ignore,
    },
    now: () => new Date(),
    monotonic: () => performance.now(),
    ...options,
  });
}
