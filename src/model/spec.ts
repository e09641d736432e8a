/**
 * A model as data: an ordered list of layers. One list gives output shapes, parameter counts, activation sizes and
 * multiply-accumulates (`summary.ts`, symbolically) and the tf.layers model (`train/build.ts`). Activations are layers of
 * their own, as in the decks' torchsummary tables.
 */
export type LayerSpec =
  | { readonly kind: 'flatten'; readonly name?: string }
  | { readonly kind: 'dense'; readonly name?: string; readonly units: number }
  | {
      readonly kind: 'conv2d';
      readonly name?: string;
      readonly filters: number;
      /** Kernel height and width in pixels. */
      readonly kernel: number;
      /** Default 1. */
      readonly stride?: number;
      /** Zeros added on every side, in pixels. Default 0. */
      readonly padding?: number;
    }
  | {
      readonly kind: 'max-pool' | 'average-pool';
      readonly name?: string;
      readonly size: number;
      /** Default: `size`. */
      readonly stride?: number;
    }
  | { readonly kind: Activation; readonly name?: string }
  | { readonly kind: 'dropout'; readonly name?: string; readonly rate: number };

export type Activation = 'relu' | 'sigmoid' | 'tanh' | 'softmax';

/** Shape of one example: [height, width, channels] for images, [features] after flattening. */
export type Shape = readonly number[];

/** An architecture: an input and its layers. */
export interface ModelSpec {
  readonly id: string;
  readonly title: string;
  readonly input: Shape;
  readonly layers: readonly LayerSpec[];
}
