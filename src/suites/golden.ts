import type { TrainingExperiment } from '../core/experiment.js';
import type { GoldenTrajectory } from '../core/golden-trajectory.js';
import { narrowTwin } from '../model/narrow.js';
import { EXPERIMENTS } from './experiments.js';

const COMMON = { steps: 20, trainImages: 2048 } as const;

/**
 * Trajectories of reference/pytorch/golden, the cheap ones first. Seed and batch size of mlp-4 are such that rounding does
 * not decide where the training goes: golden.py measures that. A step of a narrow twin takes `js` 25 s.
 */
export const GOLDEN_TRAJECTORIES: readonly GoldenTrajectory[] = [
  { ...COMMON, ...whole('mlp-4'), seed: 4, batchSize: 16 },
  { ...COMMON, ...narrow('cnn-1'), seed: 1, batchSize: 16, stepsOn: { js: 2 } },
  { ...COMMON, ...narrow('cnn-2'), seed: 1, batchSize: 16, stepsOn: { js: 1 } },
  { ...COMMON, ...whole('cnn-2'), seed: 1, batchSize: 8, stepsOn: { js: 0, webgpu: 0 } },
];

type Recipe = Pick<GoldenTrajectory, 'experiment' | 'of' | 'narrow'>;

function whole(id: string): Recipe {
  return { experiment: EXPERIMENTS.find((it) => it.id === id) as TrainingExperiment, of: id, narrow: false };
}

function narrow(id: string): Recipe {
  const { experiment } = whole(id);
  const twin = { ...experiment, id: `${id}-narrow`, model: narrowTwin(experiment.model) };
  return { experiment: twin, of: id, narrow: true };
}
