import type { Schedule } from '../../../src/core/optimizer.js';
import type { Loss, TrainingExperiment } from '../../../src/core/experiment.js';
import type { LayerSpec, ModelSpec, Shape } from '../../../src/core/model.js';
import type { OptimizerSettings } from '../../../src/core/optimizer.js';
import { dropoutMask } from '../../../src/core/random.js';
import { evaluationOrder, sizeOf } from '../../../src/model/summary.js';
import { weightShapes } from '../../../src/train/initialise.js';
import { randomNumbers } from '../numbers.js';

/** A training of a few steps, as reference/pytorch/trajectories.py and reference/keras/trajectories.py take it. */
export interface Problem {
  readonly name: string;
  readonly input: Shape;
  readonly layers: readonly LayerSpec[];
  readonly optimizer: OptimizerSettings;
  readonly schedule?: Schedule;
  readonly loss?: Loss;
  readonly stepsPerEpoch: number;
  readonly weights: Readonly<Record<string, { readonly shape: Shape; readonly values: readonly number[] }>>;
  readonly batches: readonly { readonly images: readonly number[]; readonly labels: readonly number[] }[];
  /** Of each dropout layer by its path, one a step. */
  readonly masks: Readonly<Record<string, readonly (readonly number[])[]>>;
}

export interface Answer {
  readonly losses: readonly number[];
  /** Of the last batch, after the last step, not training. */
  readonly outputs: readonly number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

/** What is asked for: a model, which ends in logits, and how it is trained. */
export interface Case {
  readonly name: string;
  readonly input: Shape;
  readonly layers: readonly LayerSpec[];
  readonly optimizer?: OptimizerSettings;
  readonly schedule?: Schedule;
  readonly loss?: Loss;
  readonly steps?: number;
  readonly stepsPerEpoch?: number;
  /** Examples a step. */
  readonly batch?: number;
  /** Inputs are whole numbers below this one. */
  readonly below?: number;
}

const MOMENTUM: OptimizerSettings = { name: 'sgd', learningRate: 0.1, momentum: 0.5 };

/** @param seed of inputs, labels and start weights */
export function problemOf(wanted: Case, seed: number): Problem {
  const { name, input, layers, optimizer = MOMENTUM, schedule, loss, steps = 3, stepsPerEpoch = 1, batch = 3 } = wanted;
  const numbers = randomNumbers(seed);
  const model: ModelSpec = { id: 'm', title: 'm', input, layers };
  const order = evaluationOrder(model);
  const classes = order.at(-1)?.summary.outputShape.at(-1) as number;
  const value = (factor: number, offset = 0) => Math.fround(offset + factor * (numbers.values(1)[0] as number));
  const weights = weightShapes(model).map(({ name: tensor, shape }) => {
    const isScale = /(gamma|moving_variance)$/.test(tensor);
    const [factor, offset] = isScale ? [0.5, 1] : [0.6, 0];
    return [tensor, { shape, values: Array.from({ length: sizeOf(shape) }, () => value(factor, offset)) }] as const;
  });
  const batches = Array.from({ length: steps }, () => ({
    images: Array.from({ length: batch * sizeOf(input) }, () =>
      wanted.below === undefined ? value(1) : numbers.integer(0, wanted.below - 1),
    ),
    labels: Array.from({ length: batch }, () => numbers.integer(0, classes - 1)),
  }));
  const dropouts = order.flatMap(({ layer, summary }) =>
    layer.kind === 'dropout' ? [{ layer: summary.name, count: batch * summary.activations, rate: layer.rate }] : [],
  );
  const masks = dropouts.map(({ layer, count, rate }) => [
    layer,
    batches.map((_, step) => [...dropoutMask({ experiment: name, seed, step: step + 1, layer }, count, rate)]),
  ]);
  return {
    ...{ name, input, layers, optimizer, stepsPerEpoch, weights: Object.fromEntries(weights), batches },
    ...(schedule && { schedule }),
    ...(loss && { loss }),
    masks: Object.fromEntries(masks) as Problem['masks'],
  };
}

/** The recipe that cnnbench trains. */
export function experimentOf({ name, input, layers, optimizer, schedule, loss }: Problem) {
  return {
    ...{ id: name, model: { id: 'm', title: 'm', input, layers }, initialisation: 'zeros' as const, optimizer },
    ...(schedule && { schedule }),
    ...(loss && { loss }),
  } satisfies Partial<TrainingExperiment>;
}
