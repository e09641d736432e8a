import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { ActiveBackend } from '../../backends/backend.js';
import type { Tf } from '../../backends/tfjs.js';
import type { AdamSettings, OptimizerSettings } from '../../core/optimizer.js';
import { ElementwiseOptimizer } from './elementwise.js';
import type { StepOptimizer } from './step-optimizer.js';

export type OptimizerBackend = Pick<ActiveBackend, 'tf' | 'adam'>;

export function startOptimizer(backend: OptimizerBackend, settings: OptimizerSettings): StepOptimizer {
  const { tf } = backend;
  const inner =
    settings.name === 'adam' || settings.name === 'adamw'
      ? adamOptimizer(backend, settings)
      : new ElementwiseOptimizer(tf, settings);
  const { weightDecay = 0 } = settings;
  if (weightDecay === 0) return inner;
  const isDecoupled = settings.name === 'adamw' || settings.decoupled === true;
  return isDecoupled ? decoupled(tf, inner, weightDecay) : coupled(tf, inner, weightDecay);
}

/** The backend's own Adam. tfjs reads rate and epsilon at each step, and so do the Adams of `wasm` and `cpu`. */
function adamOptimizer(
  { adam }: OptimizerBackend,
  { learningRate, beta1, beta2, epsilon, form }: Omit<AdamSettings, 'name' | 'weightDecay' | 'decoupled'>,
): StepOptimizer {
  const optimizer = adam({ learningRate, beta1, beta2, epsilon });
  const fields = optimizer as unknown as { learningRate: number; epsilon: number };
  let last = learningRate;
  return {
    step(weights, gradients, rate) {
      if (rate !== last) fields.learningRate = last = rate;
      // tfjs divides by sqrt(v / (1 - beta2^t)) + epsilon.
      if (form === 'keras') fields.epsilon = epsilon / Math.sqrt(1 - beta2 ** (optimizer.iterations + 1));
      // Optimizers pass over a weight without a gradient; their types do not say so.
      const updates = weights.map(({ name }, index) => ({ name, tensor: gradients[index] as Tensor }));
      optimizer.applyGradients(updates);
    },
    saveState: (weights) => optimizer.saveState(weights),
    loadState: (state, weights) => optimizer.loadState(state, weights),
    dispose: () => optimizer.dispose(),
  };
}

/** Adds weightDecay w to each gradient. */
function coupled(tf: Tf, inner: StepOptimizer, weightDecay: number): StepOptimizer {
  return {
    ...delegate(inner),
    step(weights, gradients, rate) {
      tf.tidy(() => {
        const decayed = gradients.map(
          (gradient, index) => gradient && tf.add<Tensor>(gradient, tf.mul(weights[index] as Variable, weightDecay)),
        );
        inner.step(weights, decayed, rate);
      });
    },
  };
}

/** Subtracts learningRate weightDecay w before the step. */
function decoupled(tf: Tf, inner: StepOptimizer, weightDecay: number): StepOptimizer {
  return {
    ...delegate(inner),
    step(weights, gradients, rate) {
      tf.tidy(() => {
        for (const weight of weights) weight.assign(tf.mul(weight, 1 - rate * weightDecay));
      });
      inner.step(weights, gradients, rate);
    },
  };
}

function delegate(inner: StepOptimizer): StepOptimizer {
  return {
    step: (...args) => inner.step(...args),
    saveState: (weights) => inner.saveState(weights),
    loadState: (state, weights) => inner.loadState(state, weights),
    dispose: () => inner.dispose(),
  };
}
