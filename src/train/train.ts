import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Tf } from '../backends/tfjs.js';
import { atChanceSince } from '../core/chance.js';
import type { Dataset, Split } from '../core/dataset.js';
import { streamsOf, type ProfileSettings, type TrainingExperiment } from '../core/experiment.js';
import { randomStream } from '../core/random.js';
import type { CurvePoint } from '../core/record.js';
import type { Symptom } from '../core/symptom.js';
import type { HostTensor } from '../core/tensor.js';
import type { TrainingProgress, TrainingState } from '../core/training-state.js';
import { batchesOfEpoch, makeBatch, stepsOfEpoch, type Batch } from './batches.js';
import { countTrainable } from './build.js';
import { orderDigest, weightsDigest } from './digest.js';
import { HealthWatch } from './health.js';
import { tensorsOf } from './initialise.js';
import { forward, startTrainer, type Trainer, type TrainingBackend } from './trainer.js';

export interface TrainingJob {
  readonly experiment: TrainingExperiment;
  readonly settings: ProfileSettings;
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
  /**
   * Called wherever a training could be taken up again: after each step, and after each epoch's evaluation. `save` copies its
   * state. Time spent here is no step's.
   */
  onRest?(save: () => Promise<TrainingState>): Promise<void>;
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
      /** Of the examples of each step, from the first epoch on. */
      readonly orderSha256: string;
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
 * @param from state that an earlier process saved of the same job: what follows has the bits it would have had there
 */
export async function train(
  backend: TrainingBackend,
  job: TrainingJob,
  observer: TrainingObserver,
  now: () => number,
  from?: TrainingState,
): Promise<TrainingOutcome> {
  const trainer = startTrainer(backend, job, from);
  try {
    return await trainModel(backend, trainer, job, observer, now, from?.progress);
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
  earlier?: TrainingProgress,
): Promise<TrainingOutcome> {
  const progress = structuredClone(earlier) ?? { ...beginningOf(1), curve: [], zeroGradients: [] };
  const { curve } = progress;
  const shuffle = randomStream(streamsOf(experiment), seed, 'shuffle');
  const batchSize = batchSizeOf(experiment, settings, dataset);
  const batchOf = (split: Split, first: number, end: number, order?: Uint32Array) =>
    makeBatch(backend, dataset, split, first, end, order);
  const health = new HealthWatch(trainer.start, () => trainer.weights(), progress.zeroGradients);
  const diverged = (reason: string): TrainingOutcome => ({ outcome: 'diverged', reason, curve });
  const rest = () =>
    observer.onRest?.(async () => ({
      progress: structuredClone({ ...progress, zeroGradients: [...health.zeroGradients] }),
      ...(await trainer.save()),
    }));

  const digest = orderDigest();
  let digested = 0;
  const { epochs, lastSteps } = lengthOf(experiment, settings, dataset);
  const batchesOfNextEpoch = () => {
    const batches = batchesOfEpoch(dataset.train.count, batchSize, shuffle, experiment);
    if (digested === epochs - 1) batches.length = lastSteps;
    digested += 1;
    digest.add(batches);
    return batches;
  };
  // Stream and digest as they were when this epoch began.
  for (let epoch = 1; epoch < progress.epoch; epoch++) batchesOfNextEpoch();
  while (progress.epoch <= epochs) {
    const { epoch } = progress;
    const batches = batchesOfNextEpoch();
    const stepsPerEpoch = batches.length;
    for (const examples of batches.slice(progress.step)) {
      const step = progress.step + 1;
      const stepStart = now();
      const batch = { ...batchOf(dataset.train, 0, examples.length, examples), epoch: epoch - 1 };
      const preparationSeconds = (now() - stepStart) / 1000;
      let correct = 0;
      const count = experiment.trainAccuracy && ((found: number) => void (correct = found));
      const loss = await trainer.step(batch, (gradients) => health.lookAtStep({ epoch, step }, gradients), count);
      if (!Number.isFinite(loss)) return diverged(`the loss became ${loss} in step ${step} of epoch ${epoch}`);
      if (health.failure !== undefined) return diverged(health.failure);
      const seconds = (now() - stepStart) / 1000;
      progress.step = step;
      progress.lossSum += loss * (examples.length / batchSize);
      if (count !== undefined) progress.correct = (progress.correct ?? 0) + correct;
      progress.trainSeconds += seconds;
      await observer.onStep({ epoch, step, stepsPerEpoch, loss, seconds, preparationSeconds });
      await rest();
    }
    await health.lookAtEpoch(epoch);
    if (health.failure !== undefined) return diverged(health.failure);
    const { accuracy, loss } = await evaluate(backend.tf, trainer, dataset.test, batchOf);
    if (!Number.isFinite(loss)) return diverged(`the test loss became ${loss} after epoch ${epoch}`);
    const { lossSum, correct, trainSeconds } = progress;
    const point = {
      epoch,
      trainLoss: lossSum / (examplesOf(batches) / batchSize),
      ...(correct !== undefined && { trainAccuracy: correct / examplesOf(batches) }),
      testLoss: loss,
      testAccuracy: accuracy,
      trainSeconds,
    };
    curve.push(point);
    delete progress.correct;
    Object.assign(progress, beginningOf(epoch + 1));
    await observer.onEpoch(point);
    await rest();
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
    parameters: countTrainable(trainer.model),
    orderSha256: digest.hex(),
    initialWeightsSha256: weightsDigest(trainer.start.flatMap(tensorsOf)),
    weightsSha256: weightsDigest(weights),
    weights,
  };
}

function beginningOf(epoch: number): Omit<TrainingProgress, 'curve' | 'zeroGradients'> {
  return { epoch, step: 0, lossSum: 0, trainSeconds: 0 };
}

/** How far a training goes: its epochs, and the steps of the last one, which ends with the steps that were asked for. */
export function lengthOf(
  experiment: TrainingExperiment,
  settings: ProfileSettings,
  dataset: Dataset,
): { readonly epochs: number; readonly stepsPerEpoch: number; readonly lastSteps: number } {
  const stepsPerEpoch = stepsOfEpoch(dataset.train.count, batchSizeOf(experiment, settings, dataset), experiment);
  const steps = Math.min(settings.epochs * stepsPerEpoch, settings.steps ?? Infinity);
  const epochs = Math.ceil(steps / stepsPerEpoch);
  return { epochs, stepsPerEpoch, lastSteps: steps - (epochs - 1) * stepsPerEpoch };
}

function examplesOf(batches: readonly Uint32Array[]): number {
  return batches.reduce((sum, batch) => sum + batch.length, 0);
}

/** Examples a training step: the profile's, else the recipe's, and never more than there are. */
export function batchSizeOf(experiment: TrainingExperiment, settings: ProfileSettings, dataset: Dataset): number {
  return Math.min(settings.batchSize ?? experiment.batchSize, dataset.train.count);
}

/** Accuracy (0 to 1) and mean loss over a split, the last partial batch included. */
async function evaluate(
  tf: Tf,
  { model, loss: lossOf }: Pick<Trainer, 'model' | 'loss'>,
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
      return [lossOf(batch.labels, logits), tf.argMax<Tensor1D>(logits, 1)] as const;
    });
    lossSum += ((await loss.data())[0] as number) * (end - start);
    const guesses = await predicted.data();
    batch.classes.forEach((label, row) => (correct += guesses[row] === label ? 1 : 0));
    tf.dispose([batch.images, batch.labels, loss, predicted]);
  }
  return { accuracy: correct / split.count, loss: lossSum / split.count };
}
