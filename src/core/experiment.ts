import type { DatasetName } from './dataset.js';
import type { Operation } from './operation.js';

export const PROFILES = ['smoke', 'quick', 'full'] as const;
/** How much of a recipe is run: `smoke` takes seconds, `quick` minutes, `full` is the decks' recipe. */
export type Profile = (typeof PROFILES)[number];

export const SUITES = ['ops', 'params', 'data', 'mlp', 'cnn'] as const;
export type SuiteName = (typeof SUITES)[number];

/** Suites whose cells have an accuracy, or should have had one. */
export const TRAINING_SUITES: readonly SuiteName[] = ['mlp', 'cnn'];

export const INITIALISATIONS = ['he-uniform', 'xavier-uniform', 'pytorch-default'] as const;
/**
 * How weights are drawn. Bounds of the uniform distributions:
 * - `he-uniform`: +-sqrt(6 / fanIn), biases zero (He et al. 2015; torch.nn.init.kaiming_uniform_, nonlinearity relu).
 * - `xavier-uniform`: +-sqrt(6 / (fanIn + fanOut)), biases zero (Glorot and Bengio 2010).
 * - `pytorch-default`: +-1 / sqrt(fanIn) for weights and biases (torch.nn.Linear and Conv2d, reset_parameters).
 */
export type Initialisation = (typeof INITIALISATIONS)[number];

/** Adam (Kingma and Ba 2015) with bias correction, epsilon added outside the square root. */
export interface AdamSettings {
  readonly name: 'adam';
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** What a profile does with a recipe. */
export interface ProfileSettings {
  readonly epochs: number;
  /** Replaces the recipe's batch size: in examples. */
  readonly batchSize?: number;
  /** Train on the first n images only. Default: all. */
  readonly trainImages?: number;
  /** Test on the first n images only. Default: all. */
  readonly testImages?: number;
  /** Why the number of epochs is what it is. Printed with the result. */
  readonly basis: string;
}

/** A training recipe. Plain data: a model of `suites/architectures.ts`, a data set and how to train. */
export interface TrainingExperiment {
  readonly kind: 'training';
  readonly id: string;
  /**
   * Id of the experiment that this is a variation of. It names the random streams, so that a seed draws the same numbers for
   * all variations. Absent: the experiment's own id does.
   */
  readonly variationOf?: string;
  readonly title: string;
  readonly suite: SuiteName;
  /** Id of the architecture. */
  readonly model: string;
  readonly dataset: DatasetName;
  readonly initialisation: Initialisation;
  readonly optimizer: AdamSettings;
  /** Examples a step. A last partial batch is dropped in training and kept in testing. */
  readonly batchSize: number;
  readonly profiles: Readonly<Record<Profile, ProfileSettings>>;
}

/** Builds the tf.layers model of an architecture on the backend and counts it. No data, no training. */
export interface ArchitectureExperiment {
  readonly kind: 'architecture';
  readonly id: string;
  readonly title: string;
  readonly suite: SuiteName;
  readonly model: string;
}

/** Runs worked examples and formulas as real operations of the backend. No data, no training. */
export interface OpsExperiment {
  readonly kind: 'ops';
  readonly id: string;
  readonly title: string;
  readonly suite: SuiteName;
  readonly operations: readonly Operation[];
}

/** Loads a whole data set and counts what is in it. */
export interface DataExperiment {
  readonly kind: 'data';
  readonly id: string;
  readonly title: string;
  readonly suite: SuiteName;
  readonly dataset: DatasetName;
}

export type Experiment = TrainingExperiment | ArchitectureExperiment | OpsExperiment | DataExperiment;

/** The data set an experiment needs, if any. */
export function datasetOf(experiment: Experiment): DatasetName | undefined {
  return experiment.kind === 'training' || experiment.kind === 'data' ? experiment.dataset : undefined;
}

/** Names the random streams of a training: of a variation, those of what it varies. */
export function streamsOf({ id, variationOf }: Pick<TrainingExperiment, 'id' | 'variationOf'>): string {
  return variationOf ?? id;
}
