import type { Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ActiveBackend } from '../backends/backend.js';
import type { Tf } from '../backends/tfjs.js';
import { streamsOf, type TrainingExperiment } from '../core/experiment.js';
import type { ModelSpec } from '../core/model.js';
import { learningRateAt } from '../core/optimizer.js';
import { dropoutMask, randomStream } from '../core/random.js';
import type { HostTensor } from '../core/tensor.js';
import type { TrainingState } from '../core/training-state.js';
import type { Batch } from './batches.js';
import { buildModel } from './build.js';
import type { Layer } from './layers/own-layer.js';
import { lossOf, type LossFunction } from './loss.js';
import { startOptimizer } from './optimizer/start-optimizer.js';
import type { Gradients } from './health.js';
import { initialWeights, tensorsOf, type LayerWeights } from './initialise.js';

/** What training takes from a backend. */
export type TrainingBackend = Pick<ActiveBackend, 'tf' | 'layers' | 'adam' | 'normalise'>;

/** What decides the start of a training. */
export interface StartingPoint {
  /** It and `seed` name the random streams. */
  readonly experiment: Pick<
    TrainingExperiment,
    'model' | 'id' | 'variationOf' | 'initialisation' | 'optimizer' | 'schedule' | 'loss' | 'lastBatch' | 'shuffle'
  >;
  readonly seed: number;
}

/** What a model and its optimizer have learnt. */
export type LearntState = Pick<TrainingState, 'weights' | 'optimizer'>;

/** A model in training with its optimizer. Whoever starts one disposes of it. */
export interface Trainer {
  /** Whose outputs the loss takes: without a last softmax, where it takes probabilities. */
  readonly spec: ModelSpec;
  readonly model: LayersModel;
  /** What a step changes, in the order of the start weights. */
  readonly variables: readonly Variable[];
  readonly loss: LossFunction;
  /** The weights it started from. */
  readonly start: readonly LayerWeights[];
  /**
   * One step of the optimizer. Disposes of the batch.
   *
   * @param look sees the gradients after the update, before they are disposed of; waited for together with the loss
   * @param count gets how many examples were right before the step
   * @returns the batch's loss before the step
   */
  step(
    batch: Batch,
    look?: (gradients: Gradients) => Promise<void>,
    count?: (correct: number) => void,
  ): Promise<number>;
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
export function startTrainer(backend: TrainingBackend, point: StartingPoint, from?: LearntState): Trainer {
  const { tf } = backend;
  const { experiment, seed } = point;
  const start = startWeights(point);
  const loss = lossOf(backend, experiment);
  let steps = from?.optimizer.steps ?? 0;
  const model = buildModel(backend, loss.trained, (layer, count, rate) =>
    dropoutMask({ experiment: streamsOf(experiment), seed, step: steps, layer }, count, rate),
  );
  const optimizer = startOptimizer(backend, experiment.optimizer);
  const { trained, all } = variablesOf(model, start);
  assignWeights(tf, all, from?.weights ?? start.flatMap(tensorsOf));
  if (from !== undefined) optimizer.loadState(from.optimizer, trained);
  const weights = () =>
    Promise.all(
      all.map(async (variable) => ({ shape: variable.shape, values: (await variable.data()) as Float32Array })),
    );
  return {
    spec: loss.trained,
    model,
    variables: trained,
    loss: loss.of,
    start,
    async step(batch, look, count) {
      const { epoch = 0 } = batch;
      const rate = learningRateAt(experiment.schedule, experiment.optimizer.learningRate, epoch, steps);
      steps += 1;
      let guesses: Tensor1D | undefined;
      const batchLoss = () => {
        const outputs = forward(model, batch.images, true);
        // Of the pass that is there anyway, as frameworks count it.
        if (count !== undefined) guesses = tf.keep(tf.argMax<Tensor1D>(outputs, 1));
        return loss.of(batch.labels, outputs);
      };
      const { value: cost, grads } = tf.variableGrads(batchLoss, trained);
      // What a weight has no part in has no gradient; tfjs's types do not say so.
      const gradients = trained.map(({ name }) => (grads as Record<string, Tensor | null>)[name] ?? null);
      optimizer.step(trained, gradients, rate);
      const [value, , guessed] = await Promise.all([cost.data(), look?.(gradients), guesses?.data()]);
      if (guessed !== undefined) count?.(agreeing(batch.classes, guessed));
      guesses?.dispose();
      tf.dispose([cost, grads, batch.images, batch.labels]);
      return value[0] as number;
    },
    weights,
    save: async () => ({ weights: await weights(), optimizer: await optimizer.saveState(trained) }),
    dispose() {
      model.dispose();
      optimizer.dispose();
    },
  };
}

function agreeing(labels: Batch['classes'], guesses: ArrayLike<number>): number {
  let correct = 0;
  labels.forEach((label, row) => (correct += guesses[row] === label ? 1 : 0));
  return correct;
}

export function forward(model: LayersModel, images: Tensor, training: boolean): Tensor2D {
  return model.apply(images, { training }) as Tensor2D;
}

/** The variables of the layers in the order of the start weights. */
function variablesOf(model: LayersModel, start: readonly LayerWeights[]): { trained: Variable[]; all: Variable[] } {
  const read = (weights: Layer['weights']) => weights.map((weight) => weight.read() as Variable);
  const layers = start.map(({ layer }) => model.getLayer(layer));
  return {
    trained: layers.flatMap((layer) => read(layer.trainableWeights)),
    all: layers.flatMap((layer) => [...read(layer.trainableWeights), ...read(layer.nonTrainableWeights)]),
  };
}

function assignWeights(tf: Tf, variables: readonly Variable[], weights: readonly HostTensor[]): void {
  for (const [index, variable] of variables.entries()) {
    const { shape, values } = weights[index] as HostTensor;
    tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
  }
}
