import type { BackendName } from '../core/cell.js';
import { CnnbenchError } from '../core/errors.js';
import type { TrainingExperiment } from '../core/experiment.js';
import { narrowTwin } from '../model/narrow.js';
import type { ModelSpec } from '../model/spec.js';
import { findTraining, modelOf } from './recipe.js';

/**
 * The first steps of a training that PyTorch has taken, from the same weights and on the same batches. The images are the
 * first ones of the drawn stand-in, which has the same bits everywhere.
 */
export interface GoldenTrajectory {
  /** Recipe of the training; its id names the random streams and the file of the results. */
  readonly experiment: TrainingExperiment;
  /** Id of the experiment whose steps these are, or those of its narrow twin. */
  readonly of: string;
  readonly narrow: boolean;
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

/**
 * Largest relative difference of the length of what the steps changed a tensor by; 0.3 % is the most that was measured.
 * The CNNs' learning rate is so small that their losses say little of the optimizer.
 */
export const GOLDEN_CHANGE_TOLERANCE = 0.01;

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

/** Steps of a trajectory on backends that would take many minutes for all of them. A step of a twin takes `js` 25 s. */
const FEWER_STEPS: Readonly<Record<string, Partial<Record<BackendName, number>>>> = {
  'cnn-1-narrow': { js: 2 },
  'cnn-2-narrow': { js: 1 },
  'cnn-2': { js: 0, webgpu: 0 },
};

/** How many of the steps a backend replays: all, fewer, or none. */
export function goldenSteps({ experiment, steps }: GoldenTrajectory, backend: BackendName): number {
  return FEWER_STEPS[experiment.id]?.[backend] ?? steps;
}

/** @throws CnnbenchError E_UNKNOWN_EXPERIMENT */
export function findGolden(id: string): GoldenTrajectory {
  const found = GOLDEN_TRAJECTORIES.find(({ experiment }) => experiment.id === id);
  if (found !== undefined) return found;
  const known = GOLDEN_TRAJECTORIES.map(({ experiment }) => experiment.id).join(', ');
  throw new CnnbenchError('E_UNKNOWN_EXPERIMENT', `there is no golden trajectory "${id}"`, `Choose one of ${known}.`);
}

type Recipe = Pick<GoldenTrajectory, 'experiment' | 'of' | 'narrow' | 'model'>;

function whole(id: string): Recipe {
  const experiment = findTraining(id);
  return { experiment, of: id, narrow: false, model: modelOf(experiment) };
}

function narrow(id: string): Recipe {
  const { experiment, model } = whole(id);
  return { experiment: { ...experiment, id: `${id}-narrow` }, of: id, narrow: true, model: narrowTwin(model) };
}
