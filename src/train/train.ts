import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Tf } from '../backends/tfjs.js';
import { atChanceSince } from '../core/chance.js';
import type { Dataset, Split } from '../core/dataset.js';
import { streamsOf, type ProfileSettings, type TrainingExperiment } from '../core/experiment.js';
import { randomStream } from '../core/random.js';
import type { CurvePoint } from '../core/record.js';
import type { Symptom } from '../core/symptom.js';
import type { ModelSpec } from '../model/spec.js';
import { makeBatch, shuffledBatches, type Batch } from './batches.js';
import { weightsDigest } from './digest.js';
import { HealthWatch } from './health.js';
import { tensorsOf, type HostTensor } from './initialise.js';
import { crossEntropy, forward, startTrainer, type Trainer, type TrainingBackend } from './trainer.js';

export interface TrainingJob {
  readonly experiment: TrainingExperiment;
  readonly settings: ProfileSettings;
  readonly model: ModelSpec;
  readonly dataset: Dataset;
  readonly seed: number;
}

/** Where a run stands, after a step. */
export interface StepReport {
  /** 1-based. */
  readonly epoch: number;
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly loss: number;
  /** Wall time of the step, batch preparation included, seconds. */
  readonly seconds: number;
  /** Of that, preparing the batch. */
  readonly preparationSeconds: number;
}

/** Awaited, so that an observer can let the event loop turn between two steps. */
export interface TrainingObserver {
  onStep(report: StepReport): Promise<void>;
  onEpoch(point: CurvePoint): Promise<void>;
}

export type TrainingOutcome =
  | {
      readonly outcome: 'completed';
      /** Of the final epoch. */
      readonly testAccuracy: number;
      readonly curve: readonly CurvePoint[];
      /** What was wrong with it all the same. */
      readonly symptoms: readonly Symptom[];
      readonly parameters: number;
      readonly initialWeightsSha256: string;
      readonly weightsSha256: string;
      /** The trained weights, in the order of the model. */
      readonly weights: readonly HostTensor[];
    }
  | { readonly outcome: 'diverged'; readonly reason: string; readonly curve: readonly CurvePoint[] };

/** Examples a forward pass of the evaluation takes at once. Does not change the result. */
const EVALUATION_BATCH = 1000;

/**
 * Trains one cell: softmax cross entropy, Adam, batches reshuffled each epoch, the last partial batch dropped in
 * training and kept in testing, test accuracy after every epoch.
 *
 * @param now milliseconds of a monotonic clock
 */
export async function train(
  backend: TrainingBackend,
  job: TrainingJob,
  observer: TrainingObserver,
  now: () => number,
): Promise<TrainingOutcome> {
  const trainer = startTrainer(backend, job);
  try {
    return await trainModel(backend, trainer, job, observer, now);
  } finally {
    trainer.dispose();
  }
}

async function trainModel(
  backend: TrainingBackend,
  trainer: Trainer,
  { experiment, settings, dataset, seed }: TrainingJob,
  observer: TrainingObserver,
  now: () => number,
): Promise<TrainingOutcome> {
  const { model } = trainer;
  const shuffle = randomStream(streamsOf(experiment), seed, 'shuffle');
  const batchSize = batchSizeOf(experiment, settings, dataset);
  const batchOf = (split: Split, first: number, end: number, order?: Uint32Array) =>
    makeBatch(backend, split, dataset.imageShape, dataset.classes.length, first, end, order);
  const curve: CurvePoint[] = [];
  const health = new HealthWatch(trainer.start, () => trainer.weights());
  const diverged = (reason: string): TrainingOutcome => ({ outcome: 'diverged', reason, curve });

  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    const batches = shuffledBatches(dataset.train.count, batchSize, shuffle);
    const stepsPerEpoch = batches.length;
    const epochStart = now();
    let lossSum = 0;
    for (const [index, examples] of batches.entries()) {
      const step = index + 1;
      const stepStart = now();
      const batch = batchOf(dataset.train, 0, batchSize, examples);
      const preparationSeconds = (now() - stepStart) / 1000;
      const loss = await trainer.step(batch, (gradients) => health.lookAtStep({ epoch, step }, gradients));
      if (!Number.isFinite(loss)) return diverged(`the loss became ${loss} in step ${step} of epoch ${epoch}`);
      if (health.failure !== undefined) return diverged(health.failure);
      lossSum += loss;
      const seconds = (now() - stepStart) / 1000;
      await observer.onStep({ epoch, step, stepsPerEpoch, loss, seconds, preparationSeconds });
    }
    const trainSeconds = (now() - epochStart) / 1000;
    await health.lookAtEpoch(epoch);
    if (health.failure !== undefined) return diverged(health.failure);
    const { accuracy, loss } = await evaluate(backend.tf, model, dataset.test, batchOf);
    if (!Number.isFinite(loss)) return diverged(`the test loss became ${loss} after epoch ${epoch}`);
    const point = { epoch, trainLoss: lossSum / stepsPerEpoch, testLoss: loss, testAccuracy: accuracy, trainSeconds };
    curve.push(point);
    await observer.onEpoch(point);
  }

  const weights = await trainer.weights();
  const chanceSince = atChanceSince(curve, dataset.test.count, dataset.classes.length);
  return {
    outcome: 'completed',
    testAccuracy: (curve.at(-1) as CurvePoint).testAccuracy,
    curve,
    symptoms: [
      ...health.zeroGradients,
      ...(chanceSince === undefined ? [] : [{ kind: 'chance-accuracy' as const, epoch: chanceSince }]),
    ],
    parameters: model.countParams(),
    initialWeightsSha256: weightsDigest(trainer.start.flatMap(tensorsOf)),
    weightsSha256: weightsDigest(weights),
    weights,
  };
}

/** Examples a training step: the profile's, else the recipe's, and never more than there are. */
export function batchSizeOf(experiment: TrainingExperiment, settings: ProfileSettings, dataset: Dataset): number {
  return Math.min(settings.batchSize ?? experiment.batchSize, dataset.train.count);
}

/** Accuracy (0 to 1) and mean loss over a split, the last partial batch included. */
async function evaluate(
  tf: Tf,
  model: LayersModel,
  split: Split,
  batchOf: (split: Split, first: number, end: number) => Batch,
): Promise<{ accuracy: number; loss: number }> {
  let correct = 0;
  let lossSum = 0;
  for (let start = 0; start < split.count; start += EVALUATION_BATCH) {
    const end = Math.min(start + EVALUATION_BATCH, split.count);
    const batch = batchOf(split, start, end);
    const [loss, predicted] = tf.tidy(() => {
      const logits = forward(model, batch.images, false);
      return [crossEntropy(tf, batch.labels, logits), tf.argMax<Tensor1D>(logits, 1)] as const;
    });
    lossSum += ((await loss.data())[0] as number) * (end - start);
    const guesses = await predicted.data();
    batch.classes.forEach((label, row) => (correct += guesses[row] === label ? 1 : 0));
    tf.dispose([batch.images, batch.labels, loss, predicted]);
  }
  return { accuracy: correct / split.count, loss: lossSum / split.count };
}
