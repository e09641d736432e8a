import { z } from 'zod';

const name = z.string().min(1).max(200);

/**
 * Layers of a model: a name such as `conv1_1`, or a pattern, in which `*` stands for anything but a slash and a first part
 * `**` for any path, or none; several of them; or `input`, the values that the model gets.
 */
const layersSchema = z.union([name, z.array(name).min(1).readonly()]);
export type Layers = z.infer<typeof layersSchema>;

/** Summed over layers. `activations` are output values, `macs` multiply-accumulates, `weight-layers` layers with weights. */
export const SUMS = ['parameters', 'weights', 'biases', 'activations', 'macs', 'layers', 'weight-layers'] as const;

/**
 * Of one layer. `size` is [height, width] of its output and `height` the first of it, `channels` their number; `kernel` is
 * [height, width], of a pooling the window; `stride` as the shapes have it, without padding; `filters` is the shape of a
 * convolution's weights as PyTorch writes it; `inputs` are those of each neuron of a dense layer.
 */
export const PROPERTIES = ['size', 'height', 'channels', 'kernel', 'stride', 'filters', 'inputs'] as const;

/** How a shape is written: PyTorch's order; a vector as one pixel of many channels, or as a matrix of one column. */
export const LAYOUTS = ['channels-first', 'volume', 'column'] as const;
const layoutSchema = z.enum(LAYOUTS);
export type Layout = z.infer<typeof layoutSchema>;

const termSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.enum(SUMS), of: layersSchema.optional() }),
  z.strictObject({ what: z.enum(PROPERTIES), of: name }),
  z.strictObject({ what: z.literal('shape'), of: name, as: layoutSchema.optional() }),
]);
type Term = Readonly<z.infer<typeof termSchema>>;

/** What can be counted in a model: a closed vocabulary, in place of a function. `memory` is MiB of 32-bit floats. */
export type Quantity =
  | Term
  | { readonly sum: readonly Quantity[] }
  | { readonly share: Quantity; readonly of: Quantity }
  | { readonly memory: Quantity };

export const quantitySchema: z.ZodType<Quantity> = z.lazy(() =>
  z.union([
    termSchema,
    z.strictObject({ sum: z.array(quantitySchema).min(1).readonly() }),
    z.strictObject({ share: quantitySchema, of: quantitySchema }),
    z.strictObject({ memory: quantitySchema }),
  ]),
);

/** What can be counted in the files of a data set. `classes` are those of which both splits have an image. */
export const dataFactSchema = z.enum([
  'training-images',
  'test-images',
  'images',
  'images-per-class',
  'classes',
  'resolution',
  'channels',
  'values',
  'range',
]);
export type DataFact = z.infer<typeof dataFactSchema>;

/** What can be taken of what an operation left: its first value, its rows, or its shape without the batch. */
export const outcomeSchema = z.discriminatedUnion('take', [
  z.strictObject({ take: z.enum(['first', 'size', 'height']) }),
  /** `columns`: the first ones. Default: all. */
  z.strictObject({ take: z.literal('grid'), columns: z.number().int().positive().optional() }),
  z.strictObject({ take: z.literal('shape'), as: layoutSchema.optional() }),
]);
export type OutcomePart = Readonly<z.infer<typeof outcomeSchema>>;
