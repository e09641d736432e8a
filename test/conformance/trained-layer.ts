import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { vi } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import type { TfLayers } from '../../src/backends/tfjs-layers.js';
import { apart } from './gradient-rows.js';
import type { LayerRow } from './layer-rows.js';
import { randomNumbers } from './numbers.js';

const STEP = 5e-4;
const LEARNING_RATE = 0.1;

/** What a layer computes, and what one step of training makes of it. */
export interface Trained {
  readonly output: Float32Array;
  /** Of a weighted sum of the output, for inputs of float32 and weights; nothing where training fails. */
  readonly gradients: readonly Float32Array[];
  /** All weights after the step, those that are not trained among them. */
  readonly weights: readonly Float32Array[];
  /** Why it cannot be trained. */
  readonly failure?: string;
  /** How far the gradients are from differences along random directions, in parts of what a gradient of that size has in the mean. */
  readonly gradientError: number;
}

/** Draws, applies, differentiates and trains a layer; the same numbers on every backend. */
export async function trainLayer(tf: Tf, layers: TfLayers, backend: string, row: LayerRow): Promise<Trained> {
  await tf.setBackend(backend);
  const draws = randomNumbers(1);
  // Dropout and noise without a seed.
  const spy = vi.spyOn(Math, 'random').mockImplementation(() => draws.integer(0, 2 ** 30) / 2 ** 30);
  tf.engine().startScope();
  try {
    return train(tf, layers, row, spy);
  } finally {
    tf.engine().endScope();
    tf.disposeVariables();
    spy.mockRestore();
  }
}

function train(
  tf: Tf,
  layers: TfLayers,
  row: LayerRow,
  random: { mockImplementation: (draw: () => number) => void },
): Trained {
  const numbers = randomNumbers(7);
  const size = (shape: readonly number[]) => tf.util.sizeFromShape([...shape]);
  const floats = row.inputs.filter(({ below }) => below === undefined).map(({ shape }) => size(shape));
  const all = apart(
    floats.reduce((sum, length) => sum + length, 0),
    numbers,
  );
  let taken = 0;
  const inputs = row.inputs.map(({ shape, below }) => {
    const length = size(shape);
    if (below === undefined) return tf.variable(tf.tensor(all.slice(taken, (taken += length)), [...shape]));
    const values = Int32Array.from({ length }, () => numbers.integer(0, below - 1));
    return tf.tensor(values, [...shape], 'int32');
  });

  const layer = row.make(layers.layers);
  const symbols = row.inputs.map(({ shape, below }) =>
    layers.input({ batchShape: [...shape], dtype: below === undefined ? 'float32' : 'int32' }),
  );
  const one = <Value>(list: readonly Value[]) => (list.length === 1 ? (list[0] as Value) : ([...list] as Value[]));
  const model = row.alone
    ? layer
    : layers.model({ inputs: symbols, outputs: layer.apply(one(symbols)) as (typeof symbols)[number] });
  model.setWeights(
    model.weights.map(({ name, shape }) => {
      const values = numbers.values(size(shape as number[])).map((value) => 0.7 * value);
      return tf.tensor(
        name.includes('variance') ? values.map((value) => value * value + 0.5) : values,
        shape as number[],
      );
    }),
  );
  const variables = [
    ...inputs.filter((input): input is Variable => input instanceof tf.Variable),
    ...model.trainableWeights.map((weight) => weight.read() as Variable),
  ];

  let output = new Float32Array();
  const forward = () => {
    const again = randomNumbers(3);
    const generator = (layer as { randomGenerator?: { seed: number } }).randomGenerator;
    if (generator !== undefined) generator.seed = 3;
    random.mockImplementation(() => again.integer(0, 2 ** 30) / 2 ** 30);
    const y = model.apply(one<Tensor>(inputs), { training: true }) as Tensor;
    output = Float32Array.from(y.dataSync());
    return y;
  };
  const loss = () => {
    const y = forward();
    return tf.sum<Scalar>(tf.mul(y, tf.tensor(randomNumbers(11).values(y.size), y.shape)));
  };
  tf.tidy(forward);
  const result = { output, gradients: [], weights: [], gradientError: 0 };
  if (variables.length === 0) return result;
  try {
    const { grads } = tf.variableGrads(loss, variables);
    const gradients = variables.map(({ name }) => Float32Array.from((grads[name] as Tensor).dataSync()));
    const errors = variables.map((variable, index) => {
      const direction = randomNumbers(100 + index).values(variable.size);
      const start = Float32Array.from(variable.dataSync());
      const along = (distance: number) => {
        const values = start.map((value, at) => value + distance * (direction[at] as number));
        tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
        tf.tidy(forward);
        return dot(output, randomNumbers(11).values(output.length));
      };
      const difference = (along(STEP) - along(-STEP)) / (2 * STEP);
      along(0);
      const gradient = gradients[index] as Float32Array;
      const expected = Math.sqrt((dot(gradient, gradient) * dot(direction, direction)) / gradient.length);
      return Math.abs(difference - dot(gradient, direction)) / Math.max(expected, 1e-3);
    });
    tf.train.sgd(LEARNING_RATE).applyGradients(grads);
    const weights = model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
    return { ...result, gradients, weights, gradientError: Math.max(...errors) };
  } catch (error) {
    return { ...result, failure: (error as Error).message };
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
