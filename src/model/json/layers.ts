import { z } from 'zod';
import { list } from '../../core/list.js';
import type { Shape } from '../spec.js';
import { joinShapes, sizeOf, type LayerSummary, type Pair } from '../summary.js';
import { axisLength } from './topology.js';

/** What a layer makes of the shapes of its inputs. Parts that cost nothing are left out. */
type Effect = Pick<LayerSummary, 'outputShape' | 'window'> &
  Partial<Pick<LayerSummary, 'weights' | 'biases' | 'nonTrainable' | 'macs'>>;

/** Reads the configuration (throws ZodError) and the inputs' shapes (throws RangeError). */
type Rule = (config: unknown, inputs: readonly Shape[]) => Effect;

type Image = readonly [number, number, number];

const pair = z.union([
  axisLength.transform((length): Pair => [length, length]),
  z.tuple([axisLength, axisLength]).transform(([height, width]): Pair => [height, width]),
]);
const ONE: Pair = [1, 1];
const channelsLast = z.literal('channels_last', 'only channels_last is supported').nullish();
const padding = z.enum(['valid', 'same']).default('valid');

function rule<Config>(schema: z.ZodType<Config>, effect: (config: Config, inputs: readonly Shape[]) => Effect): Rule {
  return (config, inputs) => effect(schema.parse(config), inputs);
}

function single(inputs: readonly Shape[]): Shape {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) throw new RangeError(`takes one input, not ${inputs.length}`);
  return input;
}

function image(inputs: readonly Shape[]): Image {
  const input = single(inputs);
  if (input.length !== 3) throw new RangeError(`needs an input of rank 3, got ${input.join('x')}`);
  return input as unknown as Image;
}

/** Output length of a window along one axis, as TensorFlow pads. */
function along(length: number, size: number, stride: number, mode: 'valid' | 'same', dilation = 1): number {
  if (mode === 'same') return Math.ceil(length / stride);
  return Math.floor((length - (size - 1) * dilation - 1) / stride) + 1;
}

const convolutionSchema = z.object({
  kernel_size: pair,
  strides: pair.default(ONE),
  dilation_rate: pair.default(ONE),
  padding,
  data_format: channelsLast,
  use_bias: z.boolean().default(true),
  groups: z.literal(1, 'only one group is supported').optional(),
});
const filters = { filters: axisLength };
const depthMultiplier = { depth_multiplier: axisLength.default(1) };

/** Positions and channels of a convolution. `macs` follow from the weights: each is used once a position. */
function convolve(
  { kernel_size: size, strides, dilation_rate: dilation, padding: mode, use_bias }: z.infer<typeof convolutionSchema>,
  [height, width]: Image,
  channels: number,
  weights: number,
): Effect {
  const outputHeight = along(height, size[0], strides[0], mode, dilation[0]);
  const outputWidth = along(width, size[1], strides[1], mode, dilation[1]);
  return {
    outputShape: [outputHeight, outputWidth, channels],
    window: { size, stride: strides },
    weights,
    biases: use_bias ? channels : 0,
    macs: weights * outputHeight * outputWidth,
  };
}

const conv2d = rule(convolutionSchema.extend(filters), (config, inputs) => {
  const input = image(inputs);
  return convolve(config, input, config.filters, sizeOf(config.kernel_size) * input[2] * config.filters);
});

const depthwise = rule(convolutionSchema.extend(depthMultiplier), (config, inputs) => {
  const input = image(inputs);
  const channels = input[2] * config.depth_multiplier;
  return convolve(config, input, channels, sizeOf(config.kernel_size) * channels);
});

const separable = rule(convolutionSchema.extend({ ...filters, ...depthMultiplier }), (config, inputs) => {
  const input = image(inputs);
  const between = input[2] * config.depth_multiplier;
  return convolve(config, input, config.filters, sizeOf(config.kernel_size) * between + between * config.filters);
});

const transposed = rule(convolutionSchema.extend(filters), (config, inputs) => {
  const [height, width, channels] = image(inputs);
  const { kernel_size: size, strides, padding: mode } = config;
  const grow = (length: number, axis: 0 | 1) =>
    length * strides[axis] + (mode === 'valid' ? Math.max(size[axis] - strides[axis], 0) : 0);
  const weights = sizeOf(size) * channels * config.filters;
  return {
    outputShape: [grow(height, 0), grow(width, 1), config.filters],
    window: { size, stride: strides },
    weights,
    biases: config.use_bias ? config.filters : 0,
    // Every input value is multiplied with the whole kernel.
    macs: weights * height * width,
  };
});

const dense = rule(z.object({ units: axisLength, use_bias: z.boolean().default(true) }), (config, inputs) => {
  const input = single(inputs);
  const features = input.at(-1);
  if (features === undefined) throw new RangeError('needs an input of rank 1 or more');
  const weights = features * config.units;
  const outputShape = [...input.slice(0, -1), config.units];
  const macs = weights * sizeOf(input.slice(0, -1));
  return { outputShape, weights, biases: config.use_bias ? config.units : 0, macs };
});

const poolSchema = z.object({ pool_size: pair, strides: pair.nullish(), padding, data_format: channelsLast });
const pool = rule(poolSchema, ({ pool_size: size, strides, padding: mode }, inputs) => {
  const [height, width, channels] = image(inputs);
  const stride = strides ?? size;
  const outputShape = [along(height, size[0], stride[0], mode), along(width, size[1], stride[1], mode), channels];
  return { outputShape, window: { size, stride } };
});

const globalPool = rule(z.object({ data_format: channelsLast }), (_, inputs) => ({ outputShape: [image(inputs)[2]] }));

const batchNormSchema = z.object({
  axis: z
    .union([z.number().int(), list(z.number().int(), { least: 1, most: 1 }).transform(([axis]) => axis ?? -1)])
    .default(-1),
  scale: z.boolean().default(true),
  center: z.boolean().default(true),
});
const batchNorm = rule(batchNormSchema, ({ axis, scale, center }, inputs) => {
  const outputShape = single(inputs);
  // Axis 0 is the batch.
  const channels = outputShape.at(axis < 0 ? axis : axis - 1);
  if (axis === 0 || channels === undefined) throw new RangeError(`has no axis ${axis} to normalise`);
  return {
    outputShape,
    weights: scale ? channels : 0,
    biases: center ? channels : 0,
    nonTrainable: 2 * channels,
  };
});

const flatten = rule(z.unknown(), (_, inputs) => ({ outputShape: [sizeOf(single(inputs))] }));

const reshapeSchema = z.object({ target_shape: list(z.union([axisLength, z.literal(-1), z.null()]), { most: 8 }) });
const reshape = rule(reshapeSchema, ({ target_shape: target }, inputs) => {
  const size = sizeOf(single(inputs));
  const known = sizeOf(target.map((length) => (length === null || length === -1 ? 1 : length)));
  const outputShape = target.map((length) => (length === null || length === -1 ? size / known : length));
  if (sizeOf(outputShape) !== size || !outputShape.every(Number.isInteger)) {
    throw new RangeError(`cannot make ${target.map((length) => length ?? -1).join('x')} of ${size} values`);
  }
  return { outputShape };
});

const permute = rule(z.object({ dims: list(z.number().int().min(1).max(8), { most: 8 }) }), ({ dims }, inputs) => {
  const input = single(inputs);
  const sorted = [...dims].sort((a, b) => a - b);
  if (sorted.length !== input.length || sorted.some((axis, index) => axis !== index + 1)) {
    throw new RangeError(`cannot reorder ${input.join('x')} as ${dims.join(', ')}`);
  }
  return { outputShape: dims.map((axis) => input[axis - 1] as number) };
});

const margin = z.number().int().min(0).max(4096);
const marginPair = z.tuple([margin, margin]);
/** One number, one for each axis, or before and after for each. */
const margins = z.union([
  margin.transform((all) => [2 * all, 2 * all] as const),
  marginPair.transform(([height, width]) => [2 * height, 2 * width] as const),
  z.tuple([marginPair, marginPair]).transform(([[a, b], [c, d]]) => [a + b, c + d] as const),
]);

const zeroPadding = rule(
  z.object({ padding: margins.default([2, 2]), data_format: channelsLast }),
  (config, inputs) => {
    const [height, width, channels] = image(inputs);
    return { outputShape: [height + config.padding[0], width + config.padding[1], channels] };
  },
);

const cropping = rule(z.object({ cropping: margins, data_format: channelsLast }), (config, inputs) => {
  const [height, width, channels] = image(inputs);
  return { outputShape: [height - config.cropping[0], width - config.cropping[1], channels] };
});

const upSampling = rule(z.object({ size: pair.default([2, 2]), data_format: channelsLast }), ({ size }, inputs) => {
  const [height, width, channels] = image(inputs);
  return { outputShape: [height * size[0], width * size[1], channels] };
});

/** Element by element; shapes that tf.layers would broadcast are refused. */
const merge = rule(z.unknown(), (_, inputs) => ({ outputShape: joinShapes('add', inputs, 'its inputs') }));

const concatenate = rule(z.object({ axis: z.number().int().default(-1) }), ({ axis }, inputs) => {
  const rank = inputs[0]?.length ?? 0;
  if (axis !== -1 && axis !== rank) throw new RangeError('only the last axis is supported');
  return { outputShape: joinShapes('concat', inputs, 'its inputs') };
});

const unchanged = rule(z.unknown(), (_, inputs) => ({ outputShape: single(inputs) }));

/** Everything that can be counted, by its class in tf.layers. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Conv2D', conv2d],
  ['DepthwiseConv2D', depthwise],
  ['SeparableConv2D', separable],
  ['Conv2DTranspose', transposed],
  ['Dense', dense],
  ['MaxPooling2D', pool],
  ['AveragePooling2D', pool],
  ['GlobalAveragePooling2D', globalPool],
  ['GlobalMaxPooling2D', globalPool],
  ['BatchNormalization', batchNorm],
  ['Flatten', flatten],
  ['Reshape', reshape],
  ['Permute', permute],
  ['ZeroPadding2D', zeroPadding],
  ['Cropping2D', cropping],
  ['UpSampling2D', upSampling],
  ['Concatenate', concatenate],
  ...['Add', 'Average', 'Maximum', 'Minimum', 'Multiply'].map((name): [string, Rule] => [name, merge]),
  ...['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU', 'Softmax'].map((name): [string, Rule] => [
    name,
    unchanged,
  ]),
  ...['Dropout', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise', 'Rescaling'].map((name): [string, Rule] => [
    name,
    unchanged,
  ]),
]);
