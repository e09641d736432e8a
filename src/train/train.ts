import type { Optimizer, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ActiveBackend } from '../backends/backend.js';
import type { Tf } from '../backends/tfjs.js';
import type { Dataset, Split } from '../core/dataset.js';
import type { ProfileSettings, TrainingExperiment } from '../core/experiment.js';
import { permutation, randomStream } from '../core/random.js';
import type { CurvePoint } from '../core/record.js';
import type { ModelSpec } from '../model/spec.js';
import { makeBatch, type Batch } from './batches.js';
import { buildModel } from './build.js';
import { weightsDigest } from './digest.js';
import { initialWeights, tensorsOf, type LayerWeights } from './initialise.js';

/** What training takes from a backend. */
export type TrainingBackend = Pick<ActiveBackend, 'tf' | 'layers' | 'adam' | 'normalise'>;

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
      readonly parameters: number;
      readonly initialWeightsSha256: string;
      readonly weightsSha256: string;
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
  const model = buildModel(backend.layers, job.model);
  const optimizer = backend.adam(job.experiment.optimizer);
  try {
    return await trainModel(backend, model, optimizer, job, observer, now);
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

async function trainModel(
  backend: TrainingBackend,
  model: LayersModel,
  optimizer: Optimizer,
  { experiment, settings, model: spec, dataset, seed }: TrainingJob,
  observer: TrainingObserver,
  now: () => number,
): Promise<TrainingOutcome> {
  const { tf } = backend;
  const start = initialWeights(spec, experiment.initialisation, randomStream(experiment.id, seed, 'init'));
  setWeights(tf, model, start);
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  const shuffle = randomStream(experiment.id, seed, 'shuffle');
  const batchSize = batchSizeOf(experiment, settings, dataset);
  const stepsPerEpoch = Math.floor(dataset.train.count / batchSize);
  const batchOf = (split: Split, first: number, end: number, order?: Uint32Array) =>
    makeBatch(backend, split, dataset.imageShape, dataset.classes.length, first, end, order);
  const curve: CurvePoint[] = [];

  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    const order = permutation(dataset.train.count, shuffle);
    const epochStart = now();
    let lossSum = 0;
    for (let step = 1; step <= stepsPerEpoch; step++) {
      const stepStart = now();
      const batch = batchOf(dataset.train, (step - 1) * batchSize, step * batchSize, order);
      const preparationSeconds = (now() - stepStart) / 1000;
      const batchLoss = () => crossEntropy(tf, batch.labels, forward(model, batch.images, true));
      const cost = optimizer.minimize(batchLoss, true, variables) as Scalar;
      const loss = (await cost.data())[0] as number;
      tf.dispose([cost, batch.images, batch.labels]);
      if (!Number.isFinite(loss)) {
        return { outcome: 'diverged', reason: `the loss became ${loss} in step ${step} of epoch ${epoch}`, curve };
      }
      lossSum += loss;
      const seconds = (now() - stepStart) / 1000;
      await observer.onStep({ epoch, step, stepsPerEpoch, loss, seconds, preparationSeconds });
    }
    const trainSeconds = (now() - epochStart) / 1000;
    const { accuracy, loss } = await evaluate(tf, model, dataset.test, batchOf);
    if (!Number.isFinite(loss)) {
      return { outcome: 'diverged', reason: `the test loss became ${loss} after epoch ${epoch}`, curve };
    }
    const point = { epoch, trainLoss: lossSum / stepsPerEpoch, testLoss: loss, testAccuracy: accuracy, trainSeconds };
    curve.push(point);
    await observer.onEpoch(point);
  }

  const trained = await Promise.all(
    variables.map(async (variable) => ({ shape: variable.shape, values: (await variable.data()) as Float32Array })),
  );
  return {
    outcome: 'completed',
    testAccuracy: (curve.at(-1) as CurvePoint).testAccuracy,
    curve,
    parameters: model.countParams(),
    initialWeightsSha256: weightsDigest(start.flatMap(tensorsOf)),
    weightsSha256: weightsDigest(trained),
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

function forward(model: LayersModel, images: Tensor, training: boolean): Tensor2D {
  return model.apply(images, { training }) as Tensor2D;
}

/** Mean over the batch of -log softmax(logits)[label]. */
function crossEntropy(tf: Tf, labels: Tensor2D, logits: Tensor2D): Scalar {
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

function setWeights(tf: Tf, model: LayersModel, weights: readonly LayerWeights[]): void {
  const tensors = weights.flatMap(tensorsOf).map(({ shape, values }) => tf.tensor(values, [...shape]));
  model.setWeights(tensors);
  tf.dispose(tensors);
}
