import {
  PROFILES,
  type Initialisation,
  type Profile,
  type ProfileSettings,
  type TrainingExperiment,
} from '../core/experiment.js';

/** What may be varied of a recipe. Absent fields stay as the recipe has them. */
export interface Variation {
  readonly learningRate?: number;
  readonly initialisation?: Initialisation;
  /** Examples a step, in every profile. */
  readonly batchSize?: number;
  /** In every profile. */
  readonly epochs?: number;
}

/** Stands between the id of an experiment and what is varied. */
export const MARK = '@';

/**
 * A recipe with some of its fields replaced: `mlp-2@lr=3e-4,init=xavier-uniform,batch=256,epochs=20`. The id names them in
 * that order, in one way each. A value that changes nothing in any profile is left out, so that a variation that changes
 * nothing at all is the experiment itself.
 *
 * It draws from the random streams of the experiment: seed 1 of all variations has the same random numbers, so that their
 * differences are differences of pairs. All else of the id is its own, its records among it.
 */
export function vary(base: TrainingExperiment, variation: Variation): TrainingExperiment {
  const { learningRate, initialisation } = variation;
  const batchSize = changes(base, 'batchSize', variation.batchSize) ? variation.batchSize : undefined;
  const epochs = changes(base, 'epochs', variation.epochs) ? variation.epochs : undefined;
  const words = [
    ...(learningRate === undefined || learningRate === base.optimizer.learningRate
      ? []
      : [`lr=${learningRateInWords(learningRate)}`]),
    ...(initialisation === undefined || initialisation === base.initialisation ? [] : [`init=${initialisation}`]),
    ...(batchSize === undefined ? [] : [`batch=${batchSize}`]),
    ...(epochs === undefined ? [] : [`epochs=${epochs}`]),
  ];
  if (words.length === 0) return base;
  const varied = (settings: ProfileSettings): ProfileSettings => ({
    ...settings,
    ...(batchSize !== undefined && { batchSize }),
    ...(epochs !== undefined && { epochs, basis: `${epochs} epochs, as asked for` }),
  });
  const { smoke, quick, full } = base.profiles;
  return {
    ...base,
    id: `${base.id}${MARK}${words.join(',')}`,
    variationOf: base.id,
    title: `${base.id} with ${words.join(', ')}`,
    initialisation: initialisation ?? base.initialisation,
    optimizer: { ...base.optimizer, learningRate: learningRate ?? base.optimizer.learningRate },
    batchSize: batchSize ?? base.batchSize,
    profiles: { smoke: varied(smoke), quick: varied(quick), full: varied(full) },
  };
}

/** Settings of a recipe in a profile: everything that can be varied. */
export function settingsOf(experiment: TrainingExperiment, profile: Profile): Required<Variation> {
  const { epochs, batchSize } = experiment.profiles[profile];
  return {
    learningRate: experiment.optimizer.learningRate,
    initialisation: experiment.initialisation,
    batchSize: batchSize ?? experiment.batchSize,
    epochs,
  };
}

/** `3e-4`: the shortest digits that are the number, always with an exponent. */
function learningRateInWords(learningRate: number): string {
  return learningRate.toExponential();
}

function changes(base: TrainingExperiment, field: 'batchSize' | 'epochs', value: number | undefined): boolean {
  return value !== undefined && PROFILES.some((profile) => settingsOf(base, profile)[field] !== value);
}
