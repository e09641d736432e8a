import { z } from 'zod';
import { nameSchema } from './name.js';

const size = z.number().int().positive();
/** Path of a layer among its neighbours; default: kind and position, `conv2d-2`. */
const name = z.string().min(1).max(200).optional();
const bias = z.boolean().optional();
const pooling = {
  name,
  size,
  /** Default: `size`. */
  stride: size.optional(),
  /** Pixels added on every side. Averages count them as zeros, maxima ignore them. Default 0. */
  padding: z.number().int().nonnegative().optional(),
};

const ACTIVATIONS = ['relu', 'sigmoid', 'tanh', 'softmax'] as const;

/** One layer, by its kind. The words of a deck file for kinds and options are made from it. */
export const singleLayerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flatten'), name }),
  z.strictObject({ kind: z.literal('dense'), name, units: size, bias }),
  z.strictObject({
    kind: z.literal('conv2d'),
    name,
    filters: size,
    /** Kernel height and width in pixels. */
    kernel: size,
    /** Default 1. */
    stride: size.optional(),
    /** Zeros added on every side, in pixels. Default 0. */
    padding: z.number().int().nonnegative().optional(),
    bias,
  }),
  /** `ceil`: a last window that hangs over the edge counts too, as with PyTorch's ceil_mode. Default false. */
  z.strictObject({ kind: z.literal('max-pool'), ...pooling, ceil: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('average-pool'), ...pooling }),
  /** Mean over height and width: [H, W, C] -> [C]. */
  z.strictObject({ kind: z.literal('global-average-pool'), name }),
  /** Scale and shift per channel, trainable; running mean and variance per channel, not trainable. */
  z.strictObject({ kind: z.literal('batch-norm'), name }),
  z.strictObject({ kind: z.enum(ACTIVATIONS), name }),
  z.strictObject({ kind: z.literal('dropout'), name, rate: z.number().min(0).max(1) }),
]);
/** Biases of dense layers and convolutions: default true. */
export type SingleLayer = Readonly<z.infer<typeof singleLayerSchema>>;

/** Branches that all see the same input, and how their outputs meet: along the channels, or as a sum. */
export interface Junction {
  readonly kind: 'concat' | 'add';
  readonly name?: string | undefined;
  /** Two or more. An empty branch is the identity. */
  readonly branches: readonly (readonly LayerSpec[])[];
}

/**
 * A model as data: layers in the order in which they are evaluated, some of them branching. One spec gives output shapes,
 * parameter counts, activation sizes and multiply-accumulates (`model/summary.ts`, symbolically) and the tf.layers model
 * (`train/build.ts`). Activations are layers of their own, as in the decks' torchsummary tables.
 */
export type LayerSpec = SingleLayer | Junction;

const layerSchema: z.ZodType<LayerSpec> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    ...singleLayerSchema.options,
    z.strictObject({ kind: z.enum(['concat', 'add']), name, branches: z.array(z.array(layerSchema)).min(2) }),
  ]),
);

/** An architecture: an input and its layers. */
export const modelSchema = z.strictObject({
  id: nameSchema,
  title: z.string(),
  /** Of one example: [height, width, channels] for images, [features] after flattening. */
  input: z.array(size).min(1).max(3).readonly(),
  layers: z.array(layerSchema).readonly(),
});
export type ModelSpec = Readonly<z.infer<typeof modelSchema>>;

/** Shape of one example: [height, width, channels] for images, [features] after flattening. */
export type Shape = readonly number[];
