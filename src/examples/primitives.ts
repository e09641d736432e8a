import type { Values } from '../core/operation.js';

/** Strides, zero padding and dilation, the same along both axes. */
interface Geometry {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

interface Window {
  readonly size: number;
  readonly stride: number;
}

/** A layer to be built and counted. */
export type LayerQuestion =
  | { readonly kind: 'conv2d'; readonly channels: number; readonly kernel: number; readonly filters: number }
  | { readonly kind: 'dense'; readonly inputs: number; readonly units: number }
  | { readonly kind: 'max-pool' | 'average-pool'; readonly channels: number; readonly size: number };

interface LayerAnswer {
  /** Length of the last axis of the output. */
  readonly outputs: number;
  readonly weights: number;
  readonly biases: number;
}

/** Functions of a vector; `log` is the natural one. */
export type VectorFunction = 'sigmoid' | 'tanh' | 'softmax' | 'log-softmax' | 'log';

/**
 * All that the `ops` suite asks of a backend. Images are [N, H, W, C], filters [H, W, C, filters]. What a backend
 * refuses rejects with its words.
 */
export interface Primitives {
  /** Cross-correlation. Output lengths are rounded down. */
  readonly conv2d: (input: Values, filter: Values, geometry: Geometry) => Promise<Values>;
  /** The gradient of `conv2d` by its input, which has `inputShape`. */
  readonly conv2dTranspose: (
    output: Values,
    filter: Values,
    inputShape: readonly number[],
    geometry: Pick<Geometry, 'stride' | 'padding'>,
  ) => Promise<Values>;
  readonly pool: (kind: 'max' | 'average', input: Values, window: Window) => Promise<Values>;
  /** Adds one number a channel. */
  readonly addBias: (input: Values, bias: readonly number[]) => Promise<Values>;
  readonly matMul: (left: Values, right: Values) => Promise<Values>;
  /** A dense layer: [1, inputs] and weights [inputs, units] to [1, units]. */
  readonly dense: (input: Values, weights: Values, bias: readonly number[]) => Promise<Values>;
  readonly relu: (input: Values) => Promise<Values>;
  /** Of [n], element by element or, for the two softmaxes, over all of them. */
  readonly apply: (what: VectorFunction, input: Values) => Promise<Values>;
  readonly layer: (question: LayerQuestion) => LayerAnswer;
}
