import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { measureGigaflops } from '../../../../src/runner/child/measure-gigaflops.js';

describe('the measured speed of a matrix product', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test('is a speed, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    expect(await measureGigaflops(tf)).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
  });
  test('is refused where one value of the product is wrong', async () => {
    const matMul = (a: tf.Tensor2D, b: tf.Tensor2D) => {
      const product = tf.matMul(a, b);
      const values = product.dataSync().slice();
      values[values.length - 2] = (values.at(-2) ?? 0) + 1;
      return tf.tensor(values, product.shape);
    };
    await expect(measureGigaflops({ ...tf, matMul: matMul as typeof tf.matMul })).rejects.toThrow(
      'a matrix product is wrong',
    );
  });
});
