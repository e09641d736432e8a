import { BACKENDS } from '../core/cell.js';
import { PROFILES } from '../core/experiment.js';
import type { Profile } from '../core/experiment.js';
import type { CellRecord } from '../core/record.js';
import type { ThresholdResult } from '../core/summary.js';
import { isCompletedTraining, isReal } from './comparable.js';
import { mean } from './sample.js';

/** Accuracy, 0 to 1, below which an experiment fails in a profile; `undefined` for none. */
export type MinAccuracy = (experiment: string, profile: Profile) => number | undefined;

/**
 * Mean final accuracy over the seeds on real data against the profile's threshold, for every experiment, backend and
 * profile that has both. Cells without a result do not count here; the gate fails on them by themselves.
 */
export function judgeThresholds(records: readonly CellRecord[], minAccuracy: MinAccuracy): ThresholdResult[] {
  const real = records.filter(isCompletedTraining).filter(({ result }) => isReal(result.dataset));
  const experiments = [...new Set(real.map(({ cell }) => cell.experiment))];
  return experiments.flatMap((experiment) =>
    BACKENDS.flatMap((backend) =>
      PROFILES.flatMap((profile) => {
        const threshold = minAccuracy(experiment, profile);
        const cells = real.filter(
          ({ cell }) => cell.experiment === experiment && cell.backend === backend && cell.profile === profile,
        );
        const testAccuracy = mean(cells.map(({ result }) => result.testAccuracy));
        if (threshold === undefined || testAccuracy === undefined) return [];
        const seeds = cells.map(({ cell }) => cell.seed);
        return [
          {
            experiment,
            backend,
            profile,
            seeds,
            minAccuracy: threshold,
            testAccuracy,
            passed: testAccuracy >= threshold,
          },
        ];
      }),
    ),
  );
}
