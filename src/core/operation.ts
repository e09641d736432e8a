/** Numbers in rows, as slides print them. */
export type Grid = readonly (readonly number[])[];

/** What one operation left: `shape` and, in row-major order, its values. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Named {
  /** Unique within its experiment; claims refer to it. */
  readonly name: string;
}

/** Cross-correlation of an image with filters. Leaves [outHeight, outWidth, filters]. */
interface CorrelationOperation extends Named {
  readonly op: 'correlation';
  /** One grid a channel. */
  readonly input: readonly Grid[];
  /** One list of grids a filter, one grid a channel. */
  readonly filters: readonly (readonly Grid[])[];
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on every side. Default 0. */
  readonly padding?: number;
  /** One number a filter. Default none. */
  readonly bias?: readonly number[];
}

/** Pooling of one channel. Leaves [outHeight, outWidth]. */
interface PoolOperation extends Named {
  readonly op: 'max-pool' | 'average-pool';
  readonly input: Grid;
  readonly size: number;
  readonly stride: number;
}

/** max(0, x) of single numbers. Leaves rows [x, y]. */
interface ReluOperation extends Named {
  readonly op: 'relu';
  readonly values: readonly number[];
}

/** Shape of what a convolution returns for zeros of a shape. Leaves [batch, height, width, channels], without values. */
interface ConvolutionShapeOperation extends Named {
  readonly op: 'convolution-shape';
  readonly input: readonly [batch: number, height: number, width: number, channels: number];
  readonly filters: number;
  readonly kernel: number;
}

/** Shape of what a max pooling without padding returns. Leaves [batch, height, width, channels], without values. */
interface PoolShapeOperation extends Named {
  readonly op: 'pool-shape';
  readonly input: readonly [batch: number, height: number, width: number, channels: number];
  readonly size: number;
  readonly stride: number;
}

/**
 * Convolutions of ones by ones over a whole grid of sizes, on images of height i and width i + 1. Leaves rows
 * [height, width, k, s, p, d, outHeight, outWidth, sum of the output]. Points without room for the kernel are left out,
 * as are stride and dilation at once, which tfjs refuses.
 */
interface ConvolutionGridOperation extends Named {
  readonly op: 'convolution-grid';
  /** Each number goes from 1, the padding from 0, to this, inclusive. */
  readonly upTo: { readonly i: number; readonly k: number; readonly s: number; readonly p: number; readonly d: number };
}

/**
 * Pooling without padding over a whole grid of sizes, on two channels of height i and width i + 1. Leaves rows
 * [height, width, f, s, channels, outHeight, outWidth, outChannels].
 */
interface PoolGridOperation extends Named {
  readonly op: 'max-pool-grid' | 'average-pool-grid';
  readonly upTo: { readonly i: number; readonly f: number; readonly s: number };
}

/**
 * Responses to every pair of a unit image and a unit kernel. Leaves [pixels, outHeight, outWidth, taps]: 1 where the
 * output holds the product of that pixel and that tap. As both operations are bilinear, these coefficients are the
 * whole operation, for every input and kernel.
 */
interface UnitResponsesOperation extends Named {
  readonly op: 'unit-responses';
  readonly input: readonly [height: number, width: number, channels: number];
  readonly kernel: readonly [height: number, width: number];
  /** `convolution` turns the kernel by 180 degrees and pads with kernel - 1 zeros. */
  readonly as: 'correlation' | 'convolution';
}

/**
 * A convolution against the product with its matrix C, and the transposed convolution against that with C^T, on small
 * integers. Leaves rows [i, k, s, p, o, largest difference to C x, largest difference to C^T y].
 */
interface MatrixOperation extends Named {
  readonly op: 'convolution-matrix';
  readonly upTo: { readonly i: number; readonly k: number; readonly s: number; readonly p: number };
}

/**
 * The transposed convolution of i' x i' inputs, and which direct convolution with unit stride and turned kernel equals
 * it. Leaves rows [i', k, s, p, k', s', p', zeros between the inputs, o']. k' is the extent of the response to one unit;
 * s', p' and the zeros are those that return the same size and values; -1 where several of them do, -2 where none does.
 */
interface TransposedGridOperation extends Named {
  readonly op: 'transposed-grid';
  readonly upTo: { readonly i: number; readonly k: number; readonly s: number };
}

/**
 * tf.layers over a grid of sizes. Leaves rows [kind, in, extent, out, weights, biases, outputs]: kind 0 convolution
 * (channels in, F, filters; outputs are channels), 1 dense (inputs, 0, units), 2 max and 3 average pooling (channels
 * in, size, 0).
 */
interface LayerGridOperation extends Named {
  readonly op: 'layer-grid';
  readonly upTo: number;
}

/** Which channels of data and kernel a convolution accepts together. Leaves rows [of the data, of the kernel, 1 or 0]. */
interface ChannelGridOperation extends Named {
  readonly op: 'channel-grid';
  readonly upTo: number;
}

/**
 * An image of random digits and the same one moved by one pixel. Leaves rows [f, s, pooled values, unchanged ones,
 * image values, unchanged ones], f = 1 for no pooling.
 */
interface ShiftOperation extends Named {
  readonly op: 'pooling-of-shifted';
  readonly side: number;
}

/**
 * Whether convolution and shift commute. Leaves rows [kernel, values away from the border, values that differ between
 * the convolution of the shifted image and the shifted convolution].
 */
interface EquivarianceOperation extends Named {
  readonly op: 'convolution-of-shifted';
  readonly side: number;
}

/** A dense layer on images whose pixels, and weights with them, are shuffled. Leaves rows [outputs, outputs that differ]. */
interface ShuffledDenseOperation extends Named {
  readonly op: 'dense-of-shuffled';
  readonly side: number;
}

/** One real computation of the `ops` suite. Plain data. */
export type Operation =
  | CorrelationOperation
  | PoolOperation
  | ReluOperation
  | ConvolutionShapeOperation
  | PoolShapeOperation
  | ConvolutionGridOperation
  | PoolGridOperation
  | UnitResponsesOperation
  | MatrixOperation
  | TransposedGridOperation
  | LayerGridOperation
  | ChannelGridOperation
  | ShiftOperation
  | EquivarianceOperation
  | ShuffledDenseOperation;

/** The operations of one name. */
export type OperationOf<Op extends Operation['op']> = Operation & { readonly op: Op };
