import type { Tensor } from '@tensorflow/tfjs-core';
import { ulps } from '../bounds.js';
import { logUniform, type OpProblem } from '../problem.js';

/** Sizes around the vector of four and the task of 16,384 weights of the wasm kernel, and one weight. */
const SIZES = [1, 5, 1001, 16_385] as const;

/** What the gradients are multiplied by in each step: constant ones would hide wrong decay rates. */
const FACTORS = [1, 4, 0.25, 2] as const;

/** As the recipes have it; epsilon is not the 1e-7 that tfjs takes where it is not told. */
const SETTINGS = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * Steps of Adam from zero, with gradients from far below epsilon to far above it that never change their sign: nothing
 * cancels, and each weight can be held to its own size.
 */
export const OPTIMIZERS: readonly OpProblem[] = SIZES.map((size) => ({
  kernel: 'Adam',
  detail: `[${size}], ${FACTORS.length} steps`,
  inputs: [{ shape: [size], draw: logUniform(1e-12, 1) }],
  bound: ulps(64, 'about ten operations a step, a division and a square root of WGSL, 1 - beta^t in float32'),
  run({ tf, adam }, [gradients]) {
    const weights = tf.variable(tf.zeros([size]));
    const optimizer = adam(SETTINGS);
    try {
      for (const factor of FACTORS) {
        optimizer.minimize(() => tf.sum(tf.mul(tf.mul(weights, gradients as Tensor), factor)), false, [weights]);
      }
      return tf.clone<Tensor>(weights);
    } finally {
      optimizer.dispose();
      weights.dispose();
    }
  },
}));
