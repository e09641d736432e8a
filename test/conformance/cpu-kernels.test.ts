import type { Rank, Scalar, Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { tfjsAdam } from '../../src/backends/adam.js';
import type { ActiveBackend, OptimizerFactory } from '../../src/backends/backend.js';
import { cpuBackend } from '../../src/backends/native/index.js';
import type { Tf } from '../../src/backends/tfjs.js';
import { EXPERIMENTS } from '../../src/suites/experiments.js';
import { modelOf } from '../../src/suites/recipe.js';
import { missingKernels } from '../../src/train/kernels.js';
import { explicitPadding } from '../../src/backends/wasm/kernels/padding.js';
import { describeCpu } from './native.js';
import { randomNumbers, relativeError } from './numbers.js';
import { CHOSEN, DILATED, randomDilatedProblem, randomProblem, shapesOf } from './problems.js';

/** float32 sums of a few thousand products in another order. */
const TOLERANCE = 2e-6;

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);

const random = randomNumbers(SEED);
const draw = <T>(count: number, of: () => T) => Array.from({ length: count }, of);
const PROBLEMS = [...CHOSEN, ...draw(40, () => randomProblem(random))].map((it) => [JSON.stringify(it), it] as const);
const DILATED_PROBLEMS = [...DILATED, ...draw(10, () => randomDilatedProblem(random))].map(
  (it) => [JSON.stringify(it), it] as const,
);

describeCpu(`kernels of cpu against the oracle (CNNBENCH_TEST_SEED=${SEED})`, () => {
  let active: ActiveBackend;
  let tf: Tf;
  beforeAll(async () => {
    active = await cpuBackend.activate({});
    tf = active.tf;
  });

  /** The pure-JavaScript backend of the same tfjs is the oracle. */
  async function valuesOn(backend: 'tensorflow' | 'cpu', compute: () => Tensor[]): Promise<Float32Array[]> {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const results = tf.tidy(compute);
    const values = await Promise.all(results.map(async (result) => (await result.data()) as Float32Array));
    tf.dispose(results);
    expect(tf.memory().numTensors, `tensors left by ${backend}`).toBe(before);
    return values;
  }

  async function expectAgreement(compute: () => Tensor[]): Promise<void> {
    const actual = await valuesOn('tensorflow', compute);
    const oracle = await valuesOn('cpu', compute);
    expect(actual).toHaveLength(oracle.length);
    for (const [index, values] of actual.entries()) {
      expect(relativeError(values, oracle[index] as Float32Array), `result ${index}`).toBeLessThanOrEqual(TOLERANCE);
    }
  }

  const tensor = (shape: readonly number[]) =>
    tf.tensor(random.values(shape.reduce((product, length) => product * length, 1)), [...shape]);

  test('has every kernel that training takes', async () => {
    await tf.setBackend('tensorflow');
    for (const experiment of EXPERIMENTS) {
      if (experiment.kind === 'training') expect(missingKernels(tf, modelOf(experiment)), experiment.id).toEqual([]);
    }
  });

  test.each(PROBLEMS)('convolution and its gradients: %s', async (_, problem) => {
    const shapes = shapesOf(tf, problem);
    const [x, filter, dy] = [shapes.x, shapes.filter, shapes.y].map((shape) => tensor(shape).arraySync());
    const { strides, pad } = problem;
    await expectAgreement(() => {
      const convolve = (a: Tensor, b: Tensor): Tensor =>
        tf.conv2d(a as Tensor4D, b as Tensor4D, strides, explicitPadding(pad));
      const operands = [tf.tensor(x as number[]), tf.tensor(filter as number[])];
      const gradients = tf.grads((a, b) => convolve(a, b))(operands, tf.tensor(dy as number[]));
      return [convolve(operands[0] as Tensor, operands[1] as Tensor), ...gradients];
    });
  });

  test.each(DILATED_PROBLEMS)('dilated convolution: %s', async (_, { strides, pad, dilations, ...problem }) => {
    const shapes = shapesOf(tf, { ...problem, strides, pad, ...(dilations && { dilations }) });
    const [x, filter] = [shapes.x, shapes.filter].map((shape) => tensor(shape).arraySync());
    await expectAgreement(() => [
      tf.conv2d(
        tf.tensor<Rank.R4>(x as number[]),
        tf.tensor<Rank.R4>(filter as number[]),
        strides,
        explicitPadding(pad),
        'NHWC',
        dilations,
      ),
    ]);
  });

  test.each(['linear', 'relu', 'elu'] as const)('products and convolutions with a bias and %s', async (activation) => {
    const [a, b, bias] = [[33, 70], [70, 21], [21]].map((shape) => tensor(shape).arraySync());
    const [x, filter] = [
      [2, 9, 8, 3],
      [3, 3, 3, 21],
    ].map((shape) => tensor(shape).arraySync());
    await expectAgreement(() => {
      const product = tf.fused.matMul({
        ...{ a: tf.tensor(a as number[]), b: tf.tensor(b as number[]), bias: tf.tensor(bias as number[]) },
        activation,
      });
      const convolution = tf.fused.conv2d({
        x: tf.tensor<Rank.R4>(x as number[]),
        filter: tf.tensor<Rank.R4>(filter as number[]),
        bias: tf.tensor(bias as number[]),
        ...{ strides: 2, pad: 1, activation },
      });
      return [product, convolution];
    });
  });

  // As a layer of tf.layers has it: through the gradients of the fused operations, which are not tfjs's own.
  test('gradients of a layer with a bias', async () => {
    const [x, filter, bias] = [[4, 8, 8, 2], [3, 3, 2, 5], [5]].map((shape) => tensor(shape).arraySync());
    const [w, c] = [[180, 7], [7]].map((shape) => tensor(shape).arraySync());
    await expectAgreement(() =>
      tf.grads((...[a, f, e, m, d]) => {
        const options = { strides: 1, pad: 'valid' as const, activation: 'linear' as const };
        const y = tf.fused.conv2d({ x: a as Tensor4D, filter: f as Tensor4D, bias: e, ...options });
        const flat = tf.reshape(tf.relu(y), [4, 180]);
        const z = tf.fused.matMul({ a: flat, b: m as Tensor, bias: d, activation: 'linear' });
        return tf.mean(tf.square(tf.sigmoid(z)));
      })([x, filter, bias, w, c].map((values) => tf.tensor(values as number[]))),
    );
  });

  test('pooling, activations and reductions with their gradients', async () => {
    const x = tensor([3, 8, 8, 4]).arraySync();
    await expectAgreement(() => {
      const input = tf.tensor4d(x as number[][][][]);
      const gradient = (f: (a: Tensor) => Tensor) => tf.grad((a) => tf.sum(tf.square(f(a))))(input);
      return [
        gradient((a) => tf.maxPool(a as Tensor4D, 2, 2, 'valid')),
        // Not `same`: the oracle divides its gradient by all numbers of a window, not by those within the image.
        gradient((a) => tf.avgPool(a as Tensor4D, 3, 2, 'valid')),
        gradient((a) => tf.relu(a)),
        gradient((a) => tf.tanh(a)),
        gradient((a) => tf.softmax(tf.reshape(a, [48, 16]))),
        gradient((a) => tf.mean(a, [1, 2])),
        gradient((a) => tf.pad(a, [[0, 0], [1, 2], [2, 1], [0, 0]])), // prettier-ignore
        gradient((a) =>
          tf.losses.softmaxCrossEntropy(tf.oneHot(tf.range(0, 48, 1, 'int32'), 16), tf.reshape(a, [48, 16])),
        ),
      ];
    });
  });

  test('every byte is normalised to the bits that JavaScript gives', async () => {
    await tf.setBackend('tensorflow');
    const before = tf.memory().numTensors;
    for (const copies of [3, 1]) {
      const images = active.normalise?.([copies, 256], (bytes) =>
        bytes.forEach((__, at) => (bytes[at] = at)),
      ) as Tensor;
      const expected = Array.from({ length: copies * 256 }, (__, at) =>
        Math.fround(Math.fround(Math.fround((at % 256) / 255) - 0.5) / 0.5),
      );
      expect([...images.dataSync()]).toEqual(expected);
      images.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test('Adam is that of tfjs but for the last bits, and leaves no tensor', async () => {
    await tf.setBackend('tensorflow');
    const settings = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    const starts = [1, 5, 4099].map((size) => random.values(size));
    const targets = starts.map(({ length }) => random.values(length));
    const train = (factory: OptimizerFactory) => {
      const before = tf.memory().numTensors;
      const variable = (values: Float32Array) => tf.tidy(() => tf.variable(tf.tensor1d(values.slice())));
      const weights = starts.map(variable);
      const optimizer = factory(settings);
      for (let step = 0; step < 30; step++) {
        optimizer.minimize(
          () =>
            tf.addN<Scalar>(
              weights.map((weight: Variable, index) =>
                tf.sum(tf.square(tf.sub(weight, targets[index] as Float32Array))),
              ),
            ),
          false,
          weights,
        );
        // What somebody else assigns counts.
        if (step === 15) tf.tidy(() => (weights[1] as Variable).assign(tf.tensor1d([1, 2, 3, 4, 5])));
      }
      const values = weights.map((weight) => weight.dataSync() as Float32Array);
      expect(optimizer.iterations).toBe(30);
      tf.dispose(weights);
      optimizer.dispose();
      expect(tf.memory().numTensors).toBe(before);
      return values;
    };
    const [own, stock] = [train(active.adam), train(tfjsAdam(tf))];
    for (const [index, values] of own.entries()) {
      expect(relativeError(values, stock[index] as Float32Array)).toBeLessThan(TOLERANCE);
    }
  });
});
