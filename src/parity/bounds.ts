import type { ModelSpec } from '../core/model.js';
import { sizeOf, summarize, type LayerSummary } from '../model/summary.js';

/** Largest relative difference of a loss from PyTorch's. */
export const GOLDEN_TOLERANCE = 1e-4;

/**
 * Largest relative difference of the length of what the steps changed a tensor by; 0.3 % is the most that was measured.
 * The CNNs' learning rate is so small that their losses say little of the optimizer.
 */
export const GOLDEN_CHANGE_TOLERANCE = 0.01;

/**
 * How far two tensors are apart.
 * - `normwise`: largest difference over the largest magnitude of the oracle's values. For sums, whose rounding errors
 *   have the size of their terms however small the sum is.
 * - `elementwise`: largest relative difference of two values. For what rounds each value once or a few times.
 * - `euclidean`: 2-norm of the difference over that of the oracle's values.
 * - `absolute`: largest difference.
 */
export type Measure = 'normwise' | 'elementwise' | 'euclidean' | 'absolute';

/** What is still the same result. */
export interface Bound {
  readonly measure: Measure;
  readonly limit: number;
  /** Why it is not less. */
  readonly reason: string;
}

/** Largest relative error of one rounding to float32. */
const UNIT_ROUNDOFF = 2 ** -24;

/** Largest relative size of a unit in the last place of float32. */
const ULP = 2 ** -23;

/**
 * Rounding errors of a sum of n terms behave as a random walk: they stay below lambda sqrt(n) u with a probability that
 * grows with lambda as 1 - 2 exp(-lambda^2 / 2) (Higham and Mary 2019, "A new approach to probabilistic rounding error
 * analysis", SIAM J. Sci. Comput. 41(5), theorem 2.4), relative to the sum of the terms' magnitudes. Here the error is
 * relative to the largest result; terms of random signs keep it as small.
 */
const LAMBDA = 4;

/** Nothing is rounded: every backend gives the same values. */
export const EXACT: Bound = { measure: 'normwise', limit: 0, reason: 'nothing is rounded' };

/** @param count units in the last place, of each value */
export function ulps(count: number, reason: string): Bound {
  return { measure: 'elementwise', limit: count * ULP, reason };
}

/** One addition, subtraction or product: WGSL may round it up or down, everything else rounds to nearest. */
export const ROUNDED = ulps(1, 'one rounding, in either direction (WGSL 15.7.4)');

/** @param parts numbers of terms of the sums that follow one on the other */
export function sums(...parts: readonly number[]): Bound {
  const limit = parts.reduce((total, terms) => total + growth(terms), 0);
  return { measure: 'normwise', limit, reason: `${LAMBDA} sqrt(n) u for sums of ${parts.join(' and ')} terms` };
}

function growth(terms: number): number {
  return LAMBDA * Math.sqrt(terms) * UNIT_ROUNDOFF;
}

/** exp(x) for |x| up to 8: 3 + 2 |x| ULP (WGSL 15.7.4.1). */
export const EXPONENTIAL = ulps(3 + 2 * 8, 'exp(x) of WGSL: 3 + 2|x| ULP');

/** 1 / (1 + exp(-x)) for |x| up to 8: that of exp, an addition, a division. */
export const SIGMOID = ulps(3 + 2 * 8 + 1 + 2.5, 'exp, + and / of WGSL: 3 + 2|x| + 1 + 2.5 ULP');

/** What softmax cross entropy adds to the error of the logits: exp and log of WGSL, sums over classes and batch. */
function lossGrowth(classes: number, batch: number): number {
  return EXPONENTIAL.limit + growth(classes) + growth(batch);
}

/** Error of each layer's output by its name: what the layers up to it may add, each the bound of its sums. */
export function forwardBounds(model: ModelSpec): ReadonlyMap<string, Bound> {
  let limit = 0;
  return new Map(
    summarize(model).layers.map((layer) => {
      limit += layerGrowth(layer);
      return [layer.name, { measure: 'normwise', limit, reason: 'the sums of this layer and those before it' }];
    }),
  );
}

function layerGrowth(layer: LayerSummary): number {
  if (layer.weights > 0) return growth(fanIn(layer) + 1);
  if (layer.window !== undefined) return growth(sizeOf(layer.window.size));
  return layer.kind === 'sigmoid' || layer.kind === 'tanh' ? SIGMOID.limit : 0;
}

function fanIn(layer: LayerSummary): number {
  return layer.weights / (layer.outputShape.at(-1) as number);
}

/** Of the loss before the first step. */
export function lossBound(model: ModelSpec, batch: number): Bound {
  const limit = logitsLimit(model) + lossGrowth(classesOf(model), batch);
  return { measure: 'normwise', limit, reason: 'all sums of the forward pass, exp and log of the loss' };
}

/**
 * Of the gradients of each layer with weights, by its name: what the forward pass, the loss, the layers after it on the
 * way back and the sum over the batch may add.
 */
export function gradientBounds(model: ModelSpec, batch: number): ReadonlyMap<string, Bound> {
  const bounds = new Map<string, Bound>();
  let limit = logitsLimit(model) + lossGrowth(classesOf(model), batch);
  for (const layer of summarize(model).layers.toReversed()) {
    const outputs = layer.outputShape.at(-1) as number;
    if (layer.weights > 0) {
      const own = limit + growth(batch * (layer.activations / outputs));
      const reason = 'the sums of the forward pass and of the backward pass down to this layer';
      bounds.set(layer.name, { measure: 'normwise', limit: own, reason });
    }
    const window = layer.window === undefined ? 1 : sizeOf(layer.window.size);
    limit += layer.weights > 0 ? growth(window * outputs) : layerGrowth(layer);
  }
  return bounds;
}

const ADAM_AMPLIFIES = 'Adam turns an error of a gradient near zero into one of the size of its step';

/** Of the losses of the optimizer steps. */
export const STEP_LOSSES: Bound = { measure: 'normwise', limit: GOLDEN_TOLERANCE, reason: ADAM_AMPLIFIES };

/** Of the losses of a golden trajectory, each relative to PyTorch's. */
export const GOLDEN_LOSSES: Bound = { measure: 'elementwise', limit: GOLDEN_TOLERANCE, reason: ADAM_AMPLIFIES };

/** Of the length of what the steps of a golden trajectory changed a tensor by. */
export const GOLDEN_CHANGE: Bound = {
  measure: 'elementwise',
  limit: GOLDEN_CHANGE_TOLERANCE,
  reason: `${ADAM_AMPLIFIES}; its bias correction is float32 in tfjs`,
};

/**
 * Of what the optimizer steps changed a weight tensor by. Adam divides a gradient by its own magnitude: where that is
 * within its error e of zero, the step may have the wrong sign, and where it is larger, the step is off by e / |g|. A share
 * of about e of the gradients is so small, e relative to the largest one: in the 2-norm that adds up to about sqrt(e).
 *
 * @param gradient bound of the tensor's gradient
 */
export function changeBound(gradient: Bound): Bound {
  const reason = 'sqrt(e), e the bound of the gradient: Adam divides it by its magnitude, however small';
  return { measure: 'euclidean', limit: Math.sqrt(gradient.limit), reason };
}

/**
 * Of the test accuracy: two standard deviations of the difference of two independent models that are equally good, which
 * is what chance alone allows.
 *
 * @param accuracy of the oracle, 0 to 1
 */
export function accuracyBound(accuracy: number, testImages: number): Bound {
  // Laplace's rule of succession: an accuracy of 1 leaves room, too.
  const share = (accuracy * testImages + 1) / (testImages + 2);
  const limit = 2 * Math.sqrt((2 * share * (1 - share)) / testImages);
  return { measure: 'absolute', limit, reason: `two standard deviations of chance on ${testImages} test images` };
}

function logitsLimit(model: ModelSpec): number {
  return [...forwardBounds(model).values()].at(-1)?.limit ?? 0;
}

function classesOf(model: ModelSpec): number {
  return summarize(model).layers.at(-1)?.outputShape.at(-1) ?? 1;
}
