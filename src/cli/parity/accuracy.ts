import type { DataSource } from '../../data/source.js';
import type { Accuracy, Subject } from '../../parity/ladder.js';
import type { BackendName } from '../../core/cell.js';
import { estimateSeconds } from '../../plan/estimate.js';
import { forkExecutor } from '../../runner/fork.js';
import { duration } from '../format.js';

/** Longest estimate of a training that is waited for, seconds. */
const LONGEST_SECONDS = 600;

export interface AccuracyOptions {
  /** Backends whose GPU a processor plays. */
  readonly software: ReadonlySet<BackendName>;
  readonly seed: number;
  readonly sourceOf: (subject: Subject) => DataSource | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Trains an experiment, never its twin, with the profile `smoke`, as `run` does. */
export function trainedAccuracy({ software, seed, sourceOf, timeoutMs, signal }: AccuracyOptions) {
  return async (backend: BackendName, subject: Subject): Promise<Accuracy> => {
    const { experiment } = subject;
    const estimate = estimateSeconds(experiment, backend, 'smoke', software.has(backend));
    if (estimate > LONGEST_SECONDS) {
      return { outcome: 'skipped', reason: `it would take about ${duration(estimate)}` };
    }
    const source = sourceOf(subject);
    const cell = { experiment: experiment.id, backend, seed, profile: 'smoke' } as const;
    const silent = {
      onStart: () => undefined,
      onNotice: () => undefined,
      onStep: () => undefined,
      onEpoch: () => undefined,
    };
    const end = await forkExecutor({ cell, timeoutMs, ...(source && { source }) }, silent, signal);
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
        return { outcome: 'crashed', reason: `the training ${end.outcome}: ${end.reason}` };
    }
  };
}
