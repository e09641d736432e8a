import { z } from 'zod';
import { nameSchema } from './name.js';

const size = z.number().int().positive();
/** Path of a layer among its neighbours; default: kind and position, `conv2d-2`. */
const name = z.string().min(1).max(200).optional();
const bias = z.boolean().optional();
const amount = z.number().int().nonnegative();

/** Of an image: one number for both axes, or one for the height and one for the width. */
const onBoth = z.union([size, z.tuple([size, size]).readonly()]);
/**
 * - A number, or one for the height and one for the width: positions added on both sides of the axis.
 * - `valid`: none.
 * - `same`: as many as give ceil(length / stride) positions; of an odd number of them, the last one behind (TensorFlow). Without
 *   a stride these are the ones of PyTorch's `same`.
 */
const paddingOfAxis = z.union([amount, z.enum(['valid', 'same'])]);
const paddingOfBoth = z.union([paddingOfAxis, z.tuple([amount, amount]).readonly()]);

const pool1d = { name, size, stride: size.optional(), padding: paddingOfAxis.optional() };
const pool2d = {
  name,
  size: onBoth,
  /** Default: `size`. */
  stride: onBoth.optional(),
  /** Maxima ignore what is added. Averages count it as zeros where it is a number, and leave it out where it is `same`. Default 0. */
  padding: paddingOfBoth.optional(),
};
const convolution1d = {
  kernel: size,
  /** Default 1. */
  stride: size.optional(),
  /** Distance between two positions under the kernel. Default 1. */
  dilation: size.optional(),
  /** Default 0. */
  padding: paddingOfAxis.optional(),
  bias,
};
const convolution2d = {
  /** Kernel height and width in pixels. */
  kernel: onBoth,
  /** Default 1. */
  stride: onBoth.optional(),
  /** Distance between two pixels under the kernel. Default 1. */
  dilation: onBoth.optional(),
  /** Zeros around the image. Default 0. */
  padding: paddingOfBoth.optional(),
  bias,
};
const recurrent = {
  units: size,
  /** Put out the state after each step, [steps, units], and not only the last one. Default false. */
  returnSequences: z.boolean().optional(),
  bias,
};

/** Of which framework a convention is, where the two differ. */
const convention = z.enum(['keras', 'pytorch']).optional();

/** Element by element, without parameters; `softmax` and `log-softmax` along the last axis. */
const ACTIVATIONS = [
  ...(['relu', 'sigmoid', 'tanh', 'softmax', 'log-softmax', 'relu6', 'selu', 'silu', 'softplus'] as const),
] as const;

/** One layer, by its kind. The words of a deck file for kinds and options are made from it. */
export const singleLayerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flatten'), name }),
  /** Row-major: the values keep their order. */
  z.strictObject({ kind: z.literal('reshape'), name, shape: z.array(size).min(1).max(4).readonly() }),
  /** x * scale + offset. `offset` defaults to 0. */
  z.strictObject({
    kind: z.literal('rescaling'),
    name,
    scale: z.number(),
    offset: z.number().optional(),
  }),
  /** Of [features], or of each step of [steps, features]. */
  z.strictObject({ kind: z.literal('dense'), name, units: size, bias }),
  /** Of [steps, channels]. `causal` adds zeros in front only, as many as let a position see none that comes after it. */
  z.strictObject({
    kind: z.literal('conv1d'),
    name,
    filters: size,
    ...convolution1d,
    padding: z.union([paddingOfAxis, z.literal('causal')]).optional(),
    groups: size.optional(),
  }),
  z.strictObject({
    kind: z.literal('conv2d'),
    name,
    filters: size,
    ...convolution2d,
    /** Channels and filters fall into so many parts that see nothing of each other. Default 1. */
    groups: size.optional(),
  }),
  /**
   * The gradient of a convolution with regard to its input. `padding` is that of the convolution: positions that are cut off on
   * both sides. `valid` and `same` are those of Keras: at least the input's length times the stride, or as much.
   */
  z.strictObject({
    kind: z.literal('conv2d-transpose'),
    name,
    filters: size,
    kernel: onBoth,
    stride: onBoth.optional(),
    padding: paddingOfBoth.optional(),
    /** Positions added behind, fewer than the stride; only with a padding in pixels (PyTorch's output_padding). Default 0. */
    outputPadding: amount.optional(),
    bias,
  }),
  /** Each channel convolved with `multiplier` kernels of its own. Default 1. */
  z.strictObject({ kind: z.literal('depthwise-conv2d'), name, multiplier: size.optional(), ...convolution2d }),
  /** A depthwise convolution without biases, then one with 1x1 kernels. */
  z.strictObject({
    kind: z.literal('separable-conv2d'),
    name,
    filters: size,
    multiplier: size.optional(),
    ...convolution2d,
  }),
  /** `ceil`: a last window that hangs over the edge counts too, as with PyTorch's ceil_mode. Default false. */
  z.strictObject({ kind: z.literal('max-pool'), ...pool2d, ceil: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('average-pool'), ...pool2d }),
  z.strictObject({ kind: z.literal('max-pool1d'), ...pool1d }),
  z.strictObject({ kind: z.literal('average-pool1d'), ...pool1d }),
  /** Mean or largest value over height and width: [H, W, C] -> [C]; over the steps: [steps, C] -> [C]. */
  z.strictObject({
    kind: z.enum(['global-average-pool', 'global-max-pool', 'global-average-pool1d', 'global-max-pool1d']),
    name,
  }),
  /**
   * Scale and shift per channel, trainable; running mean and variance per channel, not trainable.
   * - `keras`, the default: momentum is the share of the old value (0.99), epsilon 1e-3, and the running variance is that of the
   *   batch as a population.
   * - `pytorch`: momentum is the share of the new value (0.1), epsilon 1e-5, and the running variance is an unbiased estimate.
   */
  z.strictObject({
    kind: z.literal('batch-norm'),
    name,
    momentum: z.number().min(0).max(1).optional(),
    epsilon: z.number().positive().optional(),
    convention,
  }),
  /** Over the last axis, with a scale and a shift for each of its positions. Epsilon: default 1e-3, Keras's; PyTorch's is 1e-5. */
  z.strictObject({ kind: z.literal('layer-norm'), name, epsilon: z.number().positive().optional() }),
  z.strictObject({ kind: z.enum(ACTIVATIONS), name }),
  /** max(x, slope x). Default 0.01, PyTorch's; Keras has 0.3 in the layer and 0.2 in the function. */
  z.strictObject({ kind: z.literal('leaky-relu'), name, slope: z.number().min(0).max(1).optional() }),
  /** x, or alpha (exp(x) - 1) where x < 0. Default 1. */
  z.strictObject({ kind: z.literal('elu'), name, alpha: z.number().positive().optional() }),
  /** x times the normal distribution function of x. `approximate`: by a tanh. Default false. */
  z.strictObject({ kind: z.literal('gelu'), name, approximate: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('dropout'), name, rate: z.number().min(0).max(1) }),
  /** A number, [height, width], or [[top, bottom], [left, right]]. */
  z.strictObject({
    kind: z.literal('zero-padding'),
    name,
    padding: z.union([
      amount,
      z.tuple([amount, amount]).readonly(),
      z.tuple([z.tuple([amount, amount]).readonly(), z.tuple([amount, amount]).readonly()]).readonly(),
    ]),
  }),
  /** Steps in front and behind: a number for both, or one for each. */
  z.strictObject({
    kind: z.literal('zero-padding1d'),
    name,
    padding: z.union([amount, z.tuple([amount, amount]).readonly()]),
  }),
  /** `bilinear` looks between the centres of pixels (Keras; PyTorch without align_corners). Default `nearest`. */
  z.strictObject({
    kind: z.literal('upsampling'),
    name,
    size: onBoth,
    interpolation: z.enum(['nearest', 'bilinear']).optional(),
  }),
  z.strictObject({ kind: z.literal('upsampling1d'), name, size }),
  /** A vector of `features` numbers for each of `vocabulary` words: [steps] -> [steps, features]. */
  z.strictObject({ kind: z.literal('embedding'), name, vocabulary: size, features: size }),
  /**
   * Recurrent layers on [steps, features], with tanh and sigmoid. `biases`: vectors a gate, 1 (the default, Keras) or 2 (PyTorch).
   */
  z.strictObject({ kind: z.enum(['simple-rnn', 'lstm']), name, ...recurrent, biases: z.literal([1, 2]).optional() }),
  /** `resetAfter`: the reset gate after the product, with two bias vectors a gate (Keras's default, PyTorch). Default true. */
  z.strictObject({ kind: z.literal('gru'), name, ...recurrent, resetAfter: z.boolean().optional() }),
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
