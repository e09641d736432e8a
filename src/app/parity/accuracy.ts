import type { Accuracy, Subject } from '../../parity/ladder.js';
import type { BackendName } from '../../core/cell.js';
import type { CellRecord } from '../../core/record.js';
import { planCells, type PlannedCell } from '../../plan/plan.js';
import { jobFor } from '../../runner/parent/resume.js';
import { runUnkept } from '../../runner/parent/run-unkept.js';
import { duration } from '../format.js';
import type { Sources } from '../run/sources.js';

/** Longest estimate of a training that is waited for, seconds. */
export const LONGEST_SECONDS = 600;

export interface AccuracyOptions {
  /** Backends whose GPU a processor plays. */
  readonly software: ReadonlySet<BackendName>;
  readonly seed: number;
  readonly sources: Sources;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Trains an experiment, never its twin, with the profile `smoke`, as `run` does. */
export function trainedAccuracy({ software, seed, sources, timeoutMs, signal }: AccuracyOptions) {
  const jobOf = jobFor(sources, { fma: false, trace: false, timeoutMs });
  return async (backend: BackendName, { experiment }: Subject): Promise<Accuracy> => {
    const { cells } = planCells([experiment], [backend], [seed], 'smoke', { software: [...software] });
    const [planned] = cells as [PlannedCell];
    if (planned.estimateSeconds > LONGEST_SECONDS) {
      return { outcome: 'skipped', reason: `it would take about ${duration(planned.estimateSeconds)}` };
    }
    const [end] = (await runUnkept(cells, { jobFor: jobOf, signal })) as [CellRecord];
    switch (end.outcome) {
      case 'completed': {
        const { result } = end;
        if (result.kind !== 'training') throw new TypeError(`${experiment.id} left a result of kind ${result.kind}`);
        return { accuracy: result.testAccuracy, testImages: result.testImages };
      }
      case 'unsupported':
        return { outcome: 'unsupported', reason: end.reason };
      case 'diverged':
      case 'crashed':
      case 'timed-out':
      case 'skipped':
        return { outcome: 'crashed', reason: `the training ${end.outcome}: ${end.reason}` };
    }
  };
}
