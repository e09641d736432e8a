import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tfjsAdam } from '../../src/backends/adam.js';
import type { OptimizerFactory } from '../../src/backends/additions.js';
import type { Tf } from '../../src/backends/tfjs.js';
import { startTunedWasm, type TunedWasm } from '../../src/backends/wasm/tuned.js';
import { randomNumbers } from './oracle.js';

const SETTINGS = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

let tuned: TunedWasm;
let tf: Tf;
beforeAll(async () => {
  tuned = await startTunedWasm({ threads: 2 });
  ({ tf } = tuned);
});
afterAll(() => tuned.stop());

const bitsOf = (tensor: Tensor) => [...new Uint32Array((tensor.dataSync() as Float32Array).slice().buffer)];

/** Sizes around a vector of four numbers and a task of 16,384, and one weight more that the loss does not depend on. */
const SIZES = [1, 3, 4, 5, 16384, 16385, 40000];

/** Weights, and state as getWeights has it, after 20 steps; `restore` in the middle hands the state to another optimizer. */
async function train(factory: OptimizerFactory, restore: boolean) {
  const random = randomNumbers(7);
  const variables = [...SIZES, 6].map((size) => tf.variable(tf.tensor1d(random.values(size))));
  const targets = variables.map(({ size }) => tf.tensor1d(random.values(size)));
  let optimizer: Optimizer = factory(SETTINGS);
  const stepOnce = (step: number) => {
    optimizer.minimize(
      () =>
        tf.addN<Scalar>(
          SIZES.map((_, index) =>
            tf.sum<Scalar>(
              tf.square(tf.sub(tf.mul(variables[index] as Variable, 1 + step / 10), targets[index] as Tensor)),
            ),
          ),
        ),
      false,
      variables.slice(0, -1),
    );
  };
  for (let step = 0; step < 20; step++) {
    if (restore && step === 10) {
      // tfjs hands its own variables out, which end with the optimizer.
      const state = (await optimizer.getWeights()).map(({ name, tensor }) => ({ name, tensor: tf.clone(tensor) }));
      const before = state.map(({ tensor }) => bitsOf(tensor));
      const next = factory(SETTINGS);
      await next.setWeights(state);
      optimizer.dispose();
      optimizer = next;
      stepOnce(step);
      // What was handed over is the caller's.
      expect(state.map(({ tensor }) => bitsOf(tensor))).toEqual(before);
      tf.dispose(state.map(({ tensor }) => tensor));
    } else stepOnce(step);
  }
  const state = await optimizer.getWeights();
  const result = {
    weights: variables.map(bitsOf),
    state: state.map(({ name, tensor }) => ({ name: name.replace(/^variable_\d+|^[^/]*/, ''), bits: bitsOf(tensor) })),
    iterations: optimizer.iterations,
  };
  tf.dispose([...variables, ...targets]);
  optimizer.dispose();
  return result;
}

describe('the fused Adam', () => {
  test.for([false, true])('is that of tfjs to the last bit, state handed over in the middle: %s', async (restore) => {
    const fused = await train(tuned.adam, restore);
    const stock = await train(tfjsAdam(tf), restore);
    expect(fused.iterations).toBe(20);
    expect(fused.state.length).toBe(1 + 2 * SIZES.length);
    expect(fused).toEqual(stock);
  });

  test('disposes of all it made', async () => {
    const before = tf.memory();
    const variable = tf.variable(tf.ones([5]));
    const numTensors = tf.memory().numTensors;
    const optimizer = tuned.adam(SETTINGS);
    for (let step = 0; step < 3; step++) optimizer.minimize(() => tf.sum(tf.square(variable)));
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
    variable.dispose();
    expect(tf.memory().numDataBuffers).toBeLessThanOrEqual(before.numDataBuffers + 1);
  });

  test('leaves a weight without a gradient as it is', () => {
    const [used, unused] = [tf.variable(tf.ones([3])), tf.variable(tf.ones([3]))];
    const optimizer = tuned.adam(SETTINGS);
    optimizer.applyGradients([
      { name: used.name, tensor: tf.ones([3]) },
      { name: unused.name, tensor: null as unknown as Tensor },
    ]);
    expect([...unused.dataSync()]).toEqual([1, 1, 1]);
    expect(used.dataSync()[0]).toBeLessThan(1);
    optimizer.dispose();
    tf.dispose([used, unused]);
  });

  describe.for(['the fused Adam', 'the Adam of tfjs'])('%s takes a gradient that', (which) => {
    const factory = (): Optimizer => (which === 'the fused Adam' ? tuned.adam : tfjsAdam(tf))(SETTINGS);
    /** The weights of [4] after a step of 0.01 along the gradient. */
    const step = (gradient: Tensor): number[] => {
      const variable = tf.variable(tf.ones([4]));
      const optimizer = factory();
      try {
        optimizer.applyGradients([{ name: variable.name, tensor: gradient }]);
        return [...variable.dataSync()].map((value) => Math.round(1000 * value) / 1000);
      } finally {
        optimizer.dispose();
        variable.dispose();
      }
    };
    test('is of another type', () => expect(step(tf.tensor1d([1, -2, 0, 3], 'int32'))).toEqual([0.99, 1.01, 1, 0.99]));
    test('is one number', () => expect(step(tf.scalar(-5))).toEqual([1.01, 1.01, 1.01, 1.01]));
    test('is [1]', () => expect(step(tf.tensor1d([2]))).toEqual([0.99, 0.99, 0.99, 0.99]));
    test.for([[2], [5], [2, 4], [0]])('is %j: refused', (shape) => {
      expect(() => step(tf.ones(shape))).toThrow();
    });
  });

  test('goes on without its kernel, to the same bits', async () => {
    const [fused, plain] = [tf.variable(tf.ones([5])), tf.variable(tf.ones([5]))];
    const optimizers = [tuned.adam(SETTINGS), tfjsAdam(tf)(SETTINGS)] as const;
    const gradient = tf.tensor1d([1, -2, 3, 0.1, 0]);
    const stepBoth = () => {
      [fused, plain].forEach(({ name }, index) => optimizers[index]?.applyGradients([{ name, tensor: gradient }]));
    };
    stepBoth();
    await tuned.stop();
    stepBoth();
    expect(bitsOf(fused)).toEqual(bitsOf(plain));
    tuned = await startTunedWasm({ threads: 2 });
    stepBoth();
    expect(bitsOf(fused)).toEqual(bitsOf(plain));
    tf.dispose([fused, plain, gradient]);
  });

  test('trains a model by compile and fit', async () => {
    const model = layers.sequential({ layers: [layers.layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: tuned.adam({ ...SETTINGS, learningRate: 0.1 }), loss: 'meanSquaredError' });
    const x = tf.randomNormal([64, 4], 0, 1, 'float32', 1);
    const y = tf.sum(x, 1, true);
    const { history } = await model.fit(x, y, { epochs: 30, batchSize: 16 });
    expect(history['loss']?.at(-1)).toBeLessThan(0.01 * Number(history['loss']?.[0]));
    tf.dispose([x, y]);
    model.dispose();
  });
});
