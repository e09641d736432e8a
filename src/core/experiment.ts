import { z } from 'zod';
import type { DatasetName } from './dataset.js';
import { initialisationSchema } from './initialisation.js';
import { modelSchema } from './model.js';
import { nameSchema } from './name.js';
import { operationSchema } from './operation.js';
import { optimizerSchema, scheduleSchema } from './optimizer.js';

export { INITIALISATIONS, type Initialisation } from './initialisation.js';
export type { AdamSettings } from './optimizer.js';

const count = z.number().int().positive();

export const PROFILES = ['smoke', 'quick', 'full'] as const;
/** How much of a recipe is run: `smoke` takes seconds, `quick` minutes, `full` is the decks' recipe. */
export type Profile = (typeof PROFILES)[number];

/** Suites whose cells train nothing. */
const UNTRAINED = ['ops', 'params', 'data'] as const;
/** Experiments and claims that belong together: `ops`, `params` and `data`, or a name for trainings. */
export type SuiteName = string;

/** Whether the cells of a suite have an accuracy, or should have had one. */
export function isTrained({ suite }: { readonly suite: SuiteName }): boolean {
  return !(UNTRAINED as readonly string[]).includes(suite);
}

export const LOSSES = ['cross-entropy', 'cross-entropy-of-probabilities', 'mean-squared-error'] as const;
/**
 * What is made small, a mean over the batch.
 * - `cross-entropy`: -log softmax(output)[label], of logits; also of log-softmax, which it leaves as it is.
 * - `cross-entropy-of-probabilities`: -log output[label] of a model that ends in a softmax, whose outputs are probabilities.
 *   Computed from the inputs of that softmax, which is the same and loses no digits.
 * - `mean-squared-error`: the mean over the classes of (output - one-hot label)^2.
 */
export type Loss = (typeof LOSSES)[number];

/** What a profile does with a recipe. */
const profileSettingsSchema = z.strictObject({
  epochs: count,
  /** The training ends after that many steps, should the epochs have more. */
  steps: count.optional(),
  /** Replaces the recipe's batch size: in examples. */
  batchSize: count.optional(),
  /** Train on the first n images only. Default: all. */
  trainImages: count.optional(),
  /** Test on the first n images only. Default: all. */
  testImages: count.optional(),
  /** Why the number of epochs is what it is. Printed with the result. */
  basis: z.string(),
});
export type ProfileSettings = Readonly<z.infer<typeof profileSettingsSchema>>;

const common = { id: z.string().max(200), title: z.string(), suite: nameSchema };

/** A training recipe. Plain data: a model, a data set and how to train. */
export const trainingExperimentSchema = z.strictObject({
  kind: z.literal('training'),
  ...common,
  /**
   * Id of the experiment that this is a variation of. It names the random streams, so that a seed draws the same numbers for
   * all variations. Absent: the experiment's own id does.
   */
  variationOf: z.string().optional(),
  model: modelSchema,
  dataset: nameSchema,
  initialisation: initialisationSchema,
  optimizer: optimizerSchema,
  /** Of the learning rate. Default: it stays. */
  schedule: scheduleSchema.optional(),
  /** Default: `cross-entropy`. */
  loss: z.enum(LOSSES).optional(),
  /** Examples a step. A last partial batch is dropped in training, unless it is said to be kept, and kept in testing. */
  batchSize: count,
  lastBatch: z.literal('kept').optional(),
  /** Every epoch takes the examples in the order of the data set. Default: in a random order, another one each time. */
  shuffle: z.literal(false).optional(),
  /** Whether the accuracy on the training batches is measured: a claim is about it. Default: it is not. */
  trainAccuracy: z.literal(true).optional(),
  /** Settings that the page does not say: shown with every verdict. */
  unstated: z.array(nameSchema).max(20).readonly().optional(),
  profiles: z.strictObject({ smoke: profileSettingsSchema, quick: profileSettingsSchema, full: profileSettingsSchema }),
});
export type TrainingExperiment = Readonly<z.infer<typeof trainingExperimentSchema>>;

/** Builds the tf.layers model of an architecture on the backend and counts it. No data, no training. */
const architectureExperimentSchema = z.strictObject({ kind: z.literal('architecture'), ...common, model: modelSchema });
export type ArchitectureExperiment = Readonly<z.infer<typeof architectureExperimentSchema>>;

/** Runs worked examples and formulas as real operations of the backend. No data, no training. */
const opsExperimentSchema = z.strictObject({
  kind: z.literal('ops'),
  ...common,
  operations: z.array(operationSchema).readonly(),
});
export type OpsExperiment = Readonly<z.infer<typeof opsExperimentSchema>>;

/** Loads a whole data set and counts what is in it. */
const dataExperimentSchema = z.strictObject({ kind: z.literal('data'), ...common, dataset: nameSchema });
export type DataExperiment = Readonly<z.infer<typeof dataExperimentSchema>>;

/** Whole: whoever has an experiment needs to look nothing up. */
export const experimentSchema = z.discriminatedUnion('kind', [
  trainingExperimentSchema,
  architectureExperimentSchema,
  opsExperimentSchema,
  dataExperimentSchema,
]);
export type Experiment = Readonly<z.infer<typeof experimentSchema>>;

/** The data set an experiment needs, if any. */
export function datasetOf(experiment: Experiment): DatasetName | undefined {
  return experiment.kind === 'training' || experiment.kind === 'data' ? experiment.dataset : undefined;
}

/** Names the random streams of a training: of a variation, those of what it varies. */
export function streamsOf({ id, variationOf }: Pick<TrainingExperiment, 'id' | 'variationOf'>): string {
  return variationOf ?? id;
}
