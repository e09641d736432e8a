import type { Dataset } from '../core/dataset.js';
import type { GoldenTrajectory } from '../core/golden-trajectory.js';
import type { NamedTensor } from '../core/safetensors.js';
import { tensorsOf, weightNames } from '../train/initialise.js';
import { startWeights, type TrainingBackend } from '../train/trainer.js';
import { replayTrajectory } from '../train/trajectory.js';
import { changeLengthName } from './golden.js';
import { LOSSES, PART_SEPARATOR, tensorName } from './task.js';

export interface GoldenProblem {
  readonly trajectory: GoldenTrajectory;
  readonly steps: number;
  /** The images of the trajectory. */
  readonly dataset: Dataset;
}

/**
 * The losses of the first steps of a golden trajectory, and the length of what they changed each weight tensor by.
 *
 * @param onStage called with what comes next
 */
export async function computeGolden(
  backend: TrainingBackend,
  { trajectory, steps, dataset }: GoldenProblem,
  onStage: (stage: string) => Promise<void>,
): Promise<NamedTensor[]> {
  const { experiment, seed, batchSize } = trajectory;
  const job = { experiment, seed, batchSize, steps, dataset };
  const { losses, weights } = await replayTrajectory(backend, job, (step) => onStage(`step ${step} of ${steps}`));
  const start = startWeights(job);
  const before = start.flatMap(tensorsOf);
  return [
    { name: tensorName('golden', LOSSES), shape: [losses.length], values: Float32Array.from(losses) },
    ...weightNames(start, PART_SEPARATOR).map((weight, index) => {
      const length = distance(weights[index]?.values as Float32Array, before[index]?.values as Float32Array);
      return { name: tensorName('golden', changeLengthName(weight)), shape: [], values: Float32Array.of(length) };
    }),
  ];
}

/** L2 norm of the difference. */
function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, index) => sum + (value - (b[index] as number)) ** 2, 0));
}
