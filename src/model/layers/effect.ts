import type { Shape, SingleLayer } from '../../core/model.js';

/** A tensor that a layer keeps. */
export interface TensorSpec {
  /** `kernel`, `bias`: names it within its layer. */
  readonly part: string;
  /** In the layout of tf.layers and Keras. */
  readonly shape: Shape;
  /** Statistics are not trained. The scales of a normalisation are weights and its shifts biases, as PyTorch calls them. */
  readonly role: 'weight' | 'bias' | 'statistic';
}

/** What a layer makes of an input. Parts that cost nothing are left out. */
export interface Effect {
  readonly outputShape: Shape;
  /** Of what slides over the input: lengths along its axes. */
  readonly window?: { readonly size: readonly number[]; readonly stride: readonly number[] };
  /** In the order of tf.layers. */
  readonly tensors?: readonly TensorSpec[];
  /** Multiply-accumulates of one forward pass; biases are not counted. */
  readonly macs?: number;
}

export type Kind = SingleLayer['kind'];
type Having<Layer, K> = Layer extends { kind: infer Kinds } ? (K extends Kinds ? Layer : never) : never;
/** The specs of a kind. */
export type LayerOf<K extends Kind> = Having<SingleLayer, K>;
/** @throws RangeError where the input does not fit, saying why without the layer's name */
export type EffectOf<K extends Kind> = (layer: LayerOf<K>, input: Shape) => Effect;

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The input, if it has `rank` axes. */
export function requireRank(input: Shape, rank: number, hint = ''): Shape {
  if (input.length !== rank) throw new RangeError(`needs an input of rank ${rank}, got ${input.join('x')}${hint}`);
  return input;
}

/** An input with `rank` axes of positions, and channels last. */
export function grid(input: Shape, rank: number): { readonly lengths: Shape; readonly channels: number } {
  requireRank(input, rank + 1);
  return { lengths: input.slice(0, -1), channels: input.at(-1) as number };
}

/** One number for all axes, or one for each. */
export function perAxis(value: number | readonly number[], rank: number): readonly number[] {
  return typeof value === 'number' ? Array<number>(rank).fill(value) : value;
}

export function weight(part: string, shape: Shape): TensorSpec {
  return { part, shape, role: 'weight' };
}

/** The biases of a layer, unless it has none. */
export function biasOf(layer: { readonly bias?: boolean | undefined }, length: number): TensorSpec[] {
  return layer.bias === false ? [] : [{ part: 'bias', shape: [length], role: 'bias' }];
}
