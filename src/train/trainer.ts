import type { Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ActiveBackend } from '../backends/backend.js';
import type { Tf } from '../backends/tfjs.js';
import { streamsOf, type TrainingExperiment } from '../core/experiment.js';
import { dropoutMask, randomStream } from '../core/random.js';
import type { HostTensor } from '../core/tensor.js';
import type { TrainingState } from '../core/training-state.js';
import type { Batch } from './batches.js';
import { buildModel } from './build.js';
import type { Gradients } from './health.js';
import { initialWeights, tensorsOf, type LayerWeights } from './initialise.js';

/** What training takes from a backend. */
export type TrainingBackend = Pick<ActiveBackend, 'tf' | 'layers' | 'adam' | 'normalise'>;

/** What decides the start of a training. */
export interface StartingPoint {
  /** It and `seed` name the random streams. */
  readonly experiment: Pick<TrainingExperiment, 'model' | 'id' | 'variationOf' | 'initialisation' | 'optimizer'>;
  readonly seed: number;
}

/** What a model and its optimizer have learnt. */
export type LearntState = Pick<TrainingState, 'weights' | 'optimizer'>;

/** A model in training with its optimizer. Whoever starts one disposes of it. */
export interface Trainer {
  readonly model: LayersModel;
  /** The weights it started from. */
  readonly start: readonly LayerWeights[];
  /**
   * One step of the optimizer. Disposes of the batch.
   *
   * @param look sees the gradients after the update, before they are disposed of; waited for together with the loss
   * @returns the batch's loss before the step
   */
  step(batch: Batch, look?: (gradients: Gradients) => Promise<void>): Promise<number>;
  /** The weights as they are now, in the order of the model. */
  weights(): Promise<HostTensor[]>;
  /** Weights and optimizer as they are now: `startTrainer` goes on from them to the same bits. */
  save(): Promise<LearntState>;
  dispose(): void;
}

/** The start weights of an experiment and seed, the same bits for every backend. */
export function startWeights({ experiment, seed }: StartingPoint): LayerWeights[] {
  return initialWeights(experiment.model, experiment.initialisation, randomStream(streamsOf(experiment), seed, 'init'));
}

/**
 * Builds the model on the backend and gives it its start weights.
 *
 * @param from what an earlier process saved, instead of them; of this model
 */
export function startTrainer({ tf, layers, adam }: TrainingBackend, point: StartingPoint, from?: LearntState): Trainer {
  const start = startWeights(point);
  let steps = from?.optimizer.steps ?? 0;
  const streams = { experiment: streamsOf(point.experiment), seed: point.seed };
  const model = buildModel({ tf, layers }, point.experiment.model, (layer, count, rate) =>
    dropoutMask({ ...streams, step: steps, layer }, count, rate),
  );
  const optimizer = adam(point.experiment.optimizer);
  setWeights(tf, model, from?.weights ?? start.flatMap(tensorsOf));
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  if (from !== undefined) optimizer.loadState(from.optimizer, variables);
  const weights = () =>
    Promise.all(
      variables.map(async (variable) => ({ shape: variable.shape, values: (await variable.data()) as Float32Array })),
    );
  return {
    model,
    start,
    async step(batch, look) {
      steps += 1;
      const batchLoss = () => crossEntropy(tf, batch.labels, forward(model, batch.images, true));
      const { value: cost, grads } = optimizer.computeGradients(batchLoss, variables);
      const gradients = variables.map(({ name }) => grads[name] ?? null);
      // Optimizers pass over a weight without a gradient; their types do not say so.
      const updates = variables.map(({ name }, index) => ({ name, tensor: gradients[index] as Tensor }));
      optimizer.applyGradients(updates);
      const [loss] = await Promise.all([cost.data(), look?.(gradients)]);
      tf.dispose([cost, grads, batch.images, batch.labels]);
      return loss[0] as number;
    },
    weights,
    save: async () => ({ weights: await weights(), optimizer: await optimizer.saveState(variables) }),
    dispose() {
      model.dispose();
      optimizer.dispose();
    },
  };
}

export function forward(model: LayersModel, images: Tensor, training: boolean): Tensor2D {
  return model.apply(images, { training }) as Tensor2D;
}

/** Mean over the batch of -log softmax(logits)[label]. */
export function crossEntropy(tf: Tf, labels: Tensor2D, logits: Tensor2D): Scalar {
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

function setWeights(tf: Tf, model: LayersModel, weights: readonly HostTensor[]): void {
  const tensors = weights.map(({ shape, values }) => tf.tensor(values, [...shape]));
  model.setWeights(tensors);
  tf.dispose(tensors);
}
