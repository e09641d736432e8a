import { z } from 'zod';

/** Numbers in rows, as slides print them. */
const gridSchema = z.array(z.array(z.number()).readonly()).readonly();
export type Grid = z.infer<typeof gridSchema>;

/** What one operation left: `shape` and, in row-major order, its values. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const size = z.number().int().positive();
/** Largest value of each number of a grid of sizes, inclusive. */
const upTo = <const Name extends string>(...names: readonly Name[]) =>
  z.strictObject(
    Object.fromEntries(names.map((name) => [name, z.number().int().nonnegative()])) as Record<Name, z.ZodNumber>,
  );

/** @param op what is computed; the name is unique within its experiment, and claims refer to it */
function operation<const Op extends string, Fields extends z.ZodRawShape>(op: readonly Op[], fields: Fields) {
  return z.strictObject({ op: z.enum(op), name: z.string().min(1).max(200), ...fields });
}

/** [batch, height, width, channels] */
const imagesShape = z.tuple([size, size, size, size]).readonly();

const ACTIVATIONS = ['relu', 'sigmoid', 'tanh', 'softmax'] as const;

/** One real computation of the `ops` suite. Plain data. */
export const operationSchema = z.discriminatedUnion('op', [
  /** Cross-correlation of an image with filters. Leaves [outHeight, outWidth, filters]. */
  operation(['correlation'], {
    /** One grid a channel. */
    input: z.array(gridSchema).readonly(),
    /** One list of grids a filter, one grid a channel. */
    filters: z.array(z.array(gridSchema).readonly()).readonly(),
    /** Default 1. */
    stride: size.optional(),
    /** Zeros on every side. Default 0. */
    padding: z.number().int().nonnegative().optional(),
    /** One number a filter. Default none. */
    bias: z.array(z.number()).readonly().optional(),
  }),
  /** Pooling of one channel. Leaves [outHeight, outWidth]. */
  operation(['max-pool', 'average-pool'], { input: gridSchema, size, stride: size }),
  /** max(0, x) of single numbers. Leaves rows [x, y]. */
  operation(['relu'], { values: z.array(z.number()).readonly() }),
  /** A function of each number, or softmax of them all. Leaves [1, numbers]. */
  operation(['activation'], { function: z.enum(ACTIVATIONS), values: z.array(z.number()).min(1).readonly() }),
  /** A matrix product. Leaves [rows of the left one, columns of the right one]. */
  operation(['product'], { left: gridSchema, right: gridSchema }),
  /** Weights, a row an output, times the input, plus one bias an output. Leaves [1, outputs]. */
  operation(['dense'], {
    input: z.array(z.number()).min(1).readonly(),
    weights: gridSchema,
    /** Default none. */
    bias: z.array(z.number()).readonly().optional(),
  }),
  /** -log of the probability of the label, from 0; of logits, after a softmax. Leaves [1, 1]. */
  operation(['cross-entropy'], {
    of: z.enum(['logits', 'probabilities']),
    values: z.array(z.number()).min(1).readonly(),
    label: z.number().int().nonnegative(),
  }),
  /** Shape of what a convolution returns for zeros of a shape. Leaves [batch, height, width, channels], without values. */
  operation(['convolution-shape'], { input: imagesShape, filters: size, kernel: size }),
  /** Shape of what a max pooling without padding returns. Leaves [batch, height, width, channels], without values. */
  operation(['pool-shape'], { input: imagesShape, size, stride: size }),
  /**
   * Convolutions of ones by ones over a whole grid of sizes, on images of height i and width i + 1. Leaves rows
   * [height, width, k, s, p, d, outHeight, outWidth, sum of the output]. Points without room for the kernel are left out,
   * as are stride and dilation at once, which tfjs refuses. Numbers go from 1, the padding from 0.
   */
  operation(['convolution-grid'], { upTo: upTo('i', 'k', 's', 'p', 'd') }),
  /**
   * Pooling without padding over a whole grid of sizes, on two channels of height i and width i + 1. Leaves rows
   * [height, width, f, s, channels, outHeight, outWidth, outChannels].
   */
  operation(['max-pool-grid', 'average-pool-grid'], { upTo: upTo('i', 'f', 's') }),
  /**
   * Responses to every pair of a unit image and a unit kernel. Leaves [pixels, outHeight, outWidth, taps]: 1 where the
   * output holds the product of that pixel and that tap. As both operations are bilinear, these coefficients are the
   * whole operation, for every input and kernel.
   */
  operation(['unit-responses'], {
    /** [height, width, channels] */
    input: z.tuple([size, size, size]).readonly(),
    /** [height, width] */
    kernel: z.tuple([size, size]).readonly(),
    /** `convolution` turns the kernel by 180 degrees and pads with kernel - 1 zeros. */
    as: z.enum(['correlation', 'convolution']),
  }),
  /**
   * A convolution against the product with its matrix C, and the transposed convolution against that with C^T, on small
   * integers. Leaves rows [i, k, s, p, o, largest difference to C x, largest difference to C^T y].
   */
  operation(['convolution-matrix'], { upTo: upTo('i', 'k', 's', 'p') }),
  /**
   * The transposed convolution of i' x i' inputs, and which direct convolution with unit stride and turned kernel equals
   * it. Leaves rows [i', k, s, p, k', s', p', zeros between the inputs, o']. k' is the extent of the response to one unit;
   * s', p' and the zeros are those that return the same size and values; -1 where several of them do, -2 where none does.
   */
  operation(['transposed-grid'], { upTo: upTo('i', 'k', 's') }),
  /**
   * tf.layers over a grid of sizes. Leaves rows [kind, in, extent, out, weights, biases, outputs]: kind 0 convolution
   * (channels in, F, filters; outputs are channels), 1 dense (inputs, 0, units), 2 max and 3 average pooling (channels
   * in, size, 0).
   */
  operation(['layer-grid'], { upTo: size }),
  /** Which channels of data and kernel a convolution accepts together. Leaves rows [of the data, of the kernel, 1 or 0]. */
  operation(['channel-grid'], { upTo: size }),
  /**
   * An image of random digits and the same one moved by one pixel. Leaves rows [f, s, pooled values, unchanged ones,
   * image values, unchanged ones], f = 1 for no pooling.
   */
  operation(['pooling-of-shifted'], { side: size }),
  /**
   * Whether convolution and shift commute. Leaves rows [kernel, values away from the border, values that differ between
   * the convolution of the shifted image and the shifted convolution].
   */
  operation(['convolution-of-shifted'], { side: size }),
  /** A dense layer on images whose pixels, and weights with them, are shuffled. Leaves rows [outputs, outputs that differ]. */
  operation(['dense-of-shuffled'], { side: size }),
  /**
   * Dilated convolutions of random digits over a grid of sizes, k from 2, d from 2, beside ordinary ones whose kernel has d - 1
   * zeros between its elements. Leaves rows [height, width, k, s, p, d, outHeight, outWidth, 1 where the backend refuses the
   * dilated one, values that differ]. What is refused has the size of the ordinary one.
   */
  operation(['dilated-grid'], { upTo: upTo('i', 'k', 's', 'p', 'd') }),
  /** Dense layers of random digits. Leaves rows [inputs, units, values that differ from W x + b, from a 1x1 convolution]. */
  operation(['dense-grid'], { upTo: size }),
  /** w x + b of points, for each parameter alone. Leaves [points, parameters], the offset last. */
  operation(['affine-scores'], { points: gridSchema }),
]);
export type Operation = Readonly<z.infer<typeof operationSchema>>;

/** The operations of one name. */
export type OperationOf<Op extends Operation['op']> = Operation & { readonly op: Op };
