import { CnnbenchError } from '../core/errors.js';
import { INITIALISATIONS, type Profile, type TrainingExperiment } from '../core/experiment.js';
import type { SweepGrid, SweepSettings } from '../core/sweep.js';
import { settingsOf, vary, type Variation } from '../ledger/variation.js';

/** A point of a grid, and what has to be trained for it. */
export interface PlannedPoint extends SweepSettings {
  /** Trained for the most epochs of the grid: its curve has the result of every smaller number. */
  readonly experiment: TrainingExperiment;
}

/** Values that an axis takes where none are given. Epochs: a quarter, half, one and two times the profile's. */
export function defaultValues(
  base: TrainingExperiment,
  profile: Profile,
): Required<Pick<SweepGrid, keyof SweepSettings>> {
  const { epochs } = settingsOf(base, profile);
  return {
    learningRate: [1e-4, 3e-4, 1e-3, 3e-3],
    initialisation: [...INITIALISATIONS],
    batchSize: [64, 256, 1024],
    epochs: [...new Set([0.25, 0.5, 1, 2].map((factor) => Math.max(1, Math.round(factor * epochs))))],
  };
}

/**
 * Every point of a grid, the last axis changing fastest: learning rate, initialisation, batch size, epochs. What the grid does
 * not vary is as the recipe has it in the profile.
 *
 * Adam's learning rate is constant and an epoch's shuffle depends on the epochs before it only, so that a training is after
 * e epochs exactly where a training of e epochs ends. Points that differ in nothing but epochs share one training.
 *
 * @param base the experiment of the grid
 */
export function sweepPoints(base: TrainingExperiment, grid: SweepGrid): PlannedPoint[] {
  const own = settingsOf(base, grid.profile);
  const { learningRate, initialisation, batchSize, epochs } = grid;
  return (learningRate ?? [own.learningRate]).flatMap((rate) =>
    (initialisation ?? [own.initialisation]).flatMap((scheme) =>
      (batchSize ?? [own.batchSize]).flatMap((size) => {
        const settings = { learningRate: rate, initialisation: scheme, batchSize: size };
        const longest = Math.max(...(epochs ?? [own.epochs]));
        const experiment = vary(base, differing(own, { ...settings, epochs: longest }));
        return (epochs ?? [own.epochs]).map((each) => ({ ...settings, epochs: each, experiment }));
      }),
    ),
  );
}

/** What a sweep trains, each once, in the order of its points. */
export function sweepExperiments(base: TrainingExperiment, grid: SweepGrid): TrainingExperiment[] {
  const byId = new Map(sweepPoints(base, grid).map(({ experiment }) => [experiment.id, experiment]));
  return [...byId.values()];
}

/**
 * Refuses a batch that the profile's images do not fill.
 *
 * @throws CnnbenchError E_USAGE
 */
export function checkBatches(base: TrainingExperiment, { profile, batchSize = [] }: SweepGrid): void {
  const { trainImages } = base.profiles[profile];
  const largest = Math.max(0, ...batchSize);
  if (trainImages === undefined || largest <= trainImages) return;
  throw new CnnbenchError(
    'E_USAGE',
    `--batch ${largest}: ${base.id} trains on ${trainImages} images in the profile ${profile}`,
    'Use smaller batches, or another --profile.',
  );
}

/** What of the settings is not the profile's own: the base point is the experiment itself. */
function differing(own: SweepSettings, settings: SweepSettings): Variation {
  return Object.fromEntries(
    Object.entries(settings).filter(([field, value]) => own[field as keyof SweepSettings] !== value),
  );
}
