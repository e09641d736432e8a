import { createHash } from 'node:crypto';
import type { ArchitectureExperiment, Experiment, Profile, TrainingExperiment } from '../core/experiment.js';
import { CnnbenchError } from '../core/errors.js';
import type { ModelSpec } from '../model/spec.js';
import { findArchitecture } from './architectures.js';
import { EXPERIMENTS } from './experiments.js';
import { findVariation, namesVariation } from './variation-id.js';

/** Raised when the training loop or the random streams change what a recipe computes. */
const LOOP_VERSION = 1;

/** Raised when an operation of the `ops` suite leaves something else. */
const OPS_VERSION = 1;

/** Raised when something else is counted in a data set. */
const DATA_VERSION = 1;

/**
 * The experiment of this id, or the variation of one.
 *
 * @throws CnnbenchError E_UNKNOWN_EXPERIMENT
 */
export function findExperiment(id: string): Experiment {
  if (namesVariation(id)) return findVariation(id);
  const experiment = EXPERIMENTS.find((candidate) => candidate.id === id);
  if (experiment === undefined) {
    throw new CnnbenchError(
      'E_UNKNOWN_EXPERIMENT',
      `there is no experiment "${id}"`,
      'Run "cnnbench list" to see them all.',
    );
  }
  return experiment;
}

/** Title of an experiment or a variation; nothing for an id that this version does not know. */
export function titleOf(id: string): string | undefined {
  return knownExperiment(id)?.title;
}

/** The same as `findExperiment`, and nothing for an id that this version does not know. */
export function knownExperiment(id: string): Experiment | undefined {
  try {
    return findExperiment(id);
  } catch (error) {
    if (error instanceof CnnbenchError) return undefined;
    throw error;
  }
}

/** @throws CnnbenchError E_UNKNOWN_EXPERIMENT, E_USAGE for one that trains nothing */
export function findTraining(id: string): TrainingExperiment {
  const experiment = findExperiment(id);
  if (experiment.kind === 'training') return experiment;
  throw new CnnbenchError(
    'E_USAGE',
    `${id} is not trained, so it has no weights`,
    'Name an experiment of the suites mlp and cnn; "cnnbench list" shows them.',
  );
}

export function modelOf(experiment: ArchitectureExperiment | TrainingExperiment): ModelSpec {
  return findArchitecture(experiment.model);
}

/**
 * SHA-256 of everything that decides a cell's result apart from seed, backend and data: recipe, architecture, profile.
 * Titles and explanations do not count.
 */
export function recipeDigest(experiment: Experiment, profile: Profile): string {
  if (experiment.kind === 'ops') return sha256({ loop: OPS_VERSION, operations: experiment.operations });
  if (experiment.kind === 'data') return sha256({ loop: DATA_VERSION, dataset: experiment.dataset });
  const { input, layers } = modelOf(experiment);
  const recipe = { loop: LOOP_VERSION, kind: experiment.kind, id: experiment.id, input, layers };
  if (experiment.kind === 'architecture') return sha256(recipe);
  const { dataset, initialisation, optimizer, batchSize } = experiment;
  const { epochs, trainImages, testImages, batchSize: override } = experiment.profiles[profile];
  return sha256({
    ...recipe,
    dataset,
    initialisation,
    optimizer,
    epochs,
    batchSize: override ?? batchSize,
    trainImages: trainImages ?? 'all',
    testImages: testImages ?? 'all',
  });
}

function sha256(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
