import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { tfjsAdam } from '../../src/backends/adam.js';
import type { OptimizerFactory } from '../../src/backends/additions.js';
import { cpuBackend } from '../../src/backends/native/index.js';
import { describeBackend } from './available.js';
import { randomNumbers, relativeError } from './numbers.js';

const TOLERANCE = 2e-6;

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);

const random = randomNumbers(SEED);

await describeBackend(cpuBackend, `what cnnbench adds to cpu (CNNBENCH_TEST_SEED=${SEED})`, (active) => {
  const { tf } = active;

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
