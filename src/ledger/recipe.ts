import { createHash } from 'node:crypto';
import type { Experiment, Profile } from '../core/experiment.js';

/** Raised when the training loop or the random streams change what a recipe computes. */
const LOOP_VERSION = 1;

/** Raised when an operation of the `ops` suite leaves something else. */
const OPS_VERSION = 1;

/** Raised when something else is counted in a data set. */
const DATA_VERSION = 1;

/**
 * SHA-256 of everything that decides a cell's result apart from seed, backend and data: recipe, architecture, profile.
 * Titles and explanations do not count; the order of the fields of a layer or an operation does.
 */
export function recipeDigest(experiment: Experiment, profile: Profile): string {
  if (experiment.kind === 'ops') return sha256({ loop: OPS_VERSION, operations: experiment.operations });
  if (experiment.kind === 'data') return sha256({ loop: DATA_VERSION, dataset: experiment.dataset });
  const { input, layers } = experiment.model;
  const recipe = { loop: LOOP_VERSION, kind: experiment.kind, id: experiment.id, input, layers };
  if (experiment.kind === 'architecture') return sha256(recipe);
  const { dataset, initialisation, optimizer, schedule, loss, batchSize, lastBatch, shuffle, trainAccuracy } =
    experiment;
  const { epochs, steps, trainImages, testImages, batchSize: override } = experiment.profiles[profile];
  return sha256({
    ...recipe,
    dataset,
    initialisation,
    optimizer,
    epochs,
    batchSize: override ?? batchSize,
    trainImages: trainImages ?? 'all',
    testImages: testImages ?? 'all',
    // What a recipe leaves out is not there, and no part of the text.
    ...{ schedule, loss, lastBatch, shuffle, steps, trainAccuracy },
  });
}

function sha256(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
