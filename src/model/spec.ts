/**
 * A model as data: layers in the order in which they are evaluated, some of them branching. One spec gives output shapes,
 * parameter counts, activation sizes and multiply-accumulates (`summary.ts`, symbolically) and the tf.layers model
 * (`train/build.ts`). Activations are layers of their own, as in the decks' torchsummary tables.
 */
export type LayerSpec = SingleLayer | Junction;

export type SingleLayer =
  | { readonly kind: 'flatten'; readonly name?: string }
  | {
      readonly kind: 'dense';
      readonly name?: string;
      readonly units: number;
      /** Default true. */
      readonly bias?: boolean;
    }
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
      /** Default true. */
      readonly bias?: boolean;
    }
  | (Pooling & {
      readonly kind: 'max-pool';
      /** A last window that hangs over the edge counts too, as with PyTorch's ceil_mode. Default false. */
      readonly ceil?: boolean;
    })
  | (Pooling & { readonly kind: 'average-pool' })
  /** Mean over height and width: [H, W, C] -> [C]. */
  | { readonly kind: 'global-average-pool'; readonly name?: string }
  /** Scale and shift per channel, trainable; running mean and variance per channel, not trainable. */
  | { readonly kind: 'batch-norm'; readonly name?: string }
  | { readonly kind: Activation; readonly name?: string }
  | { readonly kind: 'dropout'; readonly name?: string; readonly rate: number };

interface Pooling {
  readonly name?: string;
  readonly size: number;
  /** Default: `size`. */
  readonly stride?: number;
  /** Pixels added on every side. Averages count them as zeros, maxima ignore them. Default 0. */
  readonly padding?: number;
}

/** Branches that all see the same input, and how their outputs meet: along the channels, or as a sum. */
export interface Junction {
  readonly kind: 'concat' | 'add';
  readonly name?: string;
  /** Two or more. An empty branch is the identity. */
  readonly branches: readonly (readonly LayerSpec[])[];
}

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
