import type { Dataset } from '../core/dataset.js';
import { streamsOf } from '../core/experiment.js';
import { randomStream } from '../core/random.js';
import type { HostTensor } from '../core/tensor.js';
import { firstBatches, makeBatch, stepsOfEpoch } from './batches.js';
import { startTrainer, type StartingPoint, type TrainingBackend } from './trainer.js';

/** The first steps of a training. */
export interface TrajectoryJob extends StartingPoint {
  readonly dataset: Dataset;
  /** Examples a step. */
  readonly batchSize: number;
  readonly steps: number;
}

export interface Trajectory {
  /** Of each step's batch, before the step. */
  readonly losses: readonly number[];
  /** After the last step, in the order of the model. */
  readonly weights: readonly HostTensor[];
}

/**
 * Takes the first steps of a training, as `train` takes them: the same start, batches, loss and optimizer.
 *
 * @param onStep called before each step, which is 1-based
 */
export async function replayTrajectory(
  backend: TrainingBackend,
  job: TrajectoryJob,
  onStep: (step: number) => Promise<void> = async () => undefined,
): Promise<Trajectory> {
  const { dataset, experiment, seed, batchSize, steps } = job;
  const { train: split } = dataset;
  const trainer = startTrainer(backend, job);
  try {
    const losses: number[] = [];
    const shuffle = randomStream(streamsOf(experiment), seed, 'shuffle');
    const perEpoch = stepsOfEpoch(split.count, batchSize, experiment);
    for (const examples of firstBatches(split.count, batchSize, shuffle, steps, experiment)) {
      await onStep(losses.length + 1);
      const batch = makeBatch(backend, dataset, split, 0, examples.length, examples);
      losses.push(await trainer.step({ ...batch, epoch: Math.floor(losses.length / perEpoch) }));
    }
    return { losses, weights: await trainer.weights() };
  } finally {
    trainer.dispose();
  }
}
