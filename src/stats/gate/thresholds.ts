import { BACKENDS, type BackendName } from '../../core/cell.js';
import { PROFILES } from '../../core/experiment.js';
import type { Profile } from '../../core/experiment.js';
import type { CellRecord } from '../../core/record.js';
import type { ThresholdResult } from '../../core/summary.js';
import { isCompletedTraining, isReal } from '../comparable.js';
import { mean, standardDeviation } from '../inference/sample.js';

/** Accuracy, 0 to 1, below which an experiment fails in a profile on a backend; `undefined` for none. */
export type MinAccuracy = (experiment: string, profile: Profile, backend: BackendName) => number | undefined;

/** A threshold is rounded down to this. */
const STEP = 0.005;

/**
 * The threshold that a reference sets: its mean less four standard deviations and at least one point, rounded down to half
 * a point. One honest seed in 30,000 falls below four standard deviations, were they normal. Nothing where that is at
 * chance or below, or where there are fewer than two seeds.
 *
 * @param classes of the data set: guessing is right one time in so many
 */
export function thresholdOf(accuracies: readonly number[], classes: number): number | undefined {
  const [center, sd] = [mean(accuracies), standardDeviation(accuracies)];
  if (center === undefined || sd === undefined) return undefined;
  const threshold = Math.floor((center - Math.max(4 * sd, 0.01)) / STEP) * STEP;
  return threshold > 1 / classes ? Number(threshold.toFixed(3)) : undefined;
}

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
        const threshold = minAccuracy(experiment, profile, backend);
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
