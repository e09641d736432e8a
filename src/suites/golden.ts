import { CnnbenchError } from '../core/errors.js';
import type { TrainingExperiment } from '../core/experiment.js';
import { narrowTwin } from '../model/narrow.js';
import type { ModelSpec } from '../model/spec.js';
import { findExperiment, modelOf } from './recipe.js';

/**
 * The first steps of a training that PyTorch has taken, from the same weights and on the same batches. The images are the
 * first ones of the drawn stand-in, which has the same bits everywhere.
 */
export interface GoldenTrajectory {
  /** Recipe of the training; its id names the random streams and the file of the results. */
  readonly experiment: TrainingExperiment;
  readonly model: ModelSpec;
  readonly seed: number;
  /** Examples a step. */
  readonly batchSize: number;
  readonly steps: number;
  /** Images of the stand-in that are shuffled: enough for the steps. */
  readonly trainImages: number;
}

/** Largest relative difference of a loss from PyTorch's. */
export const GOLDEN_TOLERANCE = 1e-4;

const COMMON = { steps: 20, trainImages: 2048 } as const;

/**
 * Trajectories of reference/pytorch/golden, the cheap ones first. Seed and batch size of mlp-4 are such that rounding does
 * not decide where the training goes: golden.py measures that.
 */
export const GOLDEN_TRAJECTORIES: readonly GoldenTrajectory[] = [
  { ...COMMON, ...whole('mlp-4'), seed: 4, batchSize: 16 },
  { ...COMMON, ...narrow('cnn-1'), seed: 1, batchSize: 16 },
  { ...COMMON, ...narrow('cnn-2'), seed: 1, batchSize: 16 },
  { ...COMMON, ...whole('cnn-2'), seed: 1, batchSize: 8 },
];

/** @throws CnnbenchError E_UNKNOWN_EXPERIMENT */
export function findGolden(id: string): GoldenTrajectory {
  const found = GOLDEN_TRAJECTORIES.find(({ experiment }) => experiment.id === id);
  if (found !== undefined) return found;
  const known = GOLDEN_TRAJECTORIES.map(({ experiment }) => experiment.id).join(', ');
  throw new CnnbenchError('E_UNKNOWN_EXPERIMENT', `there is no golden trajectory "${id}"`, `Choose one of ${known}.`);
}

function whole(id: string): Pick<GoldenTrajectory, 'experiment' | 'model'> {
  const experiment = findExperiment(id);
  if (experiment.kind !== 'training') throw new RangeError(`${id} trains nothing`);
  return { experiment, model: modelOf(experiment) };
}

function narrow(id: string): Pick<GoldenTrajectory, 'experiment' | 'model'> {
  const { experiment, model } = whole(id);
  return { experiment: { ...experiment, id: `${id}-narrow` }, model: narrowTwin(model) };
}
