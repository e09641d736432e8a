import { z } from 'zod';
import { list } from '../../core/list.js';
import { sizeOf } from '../summary.js';
import { channelsLast, grid, ones, perAxis, rule, type Effect, type Rule } from './rule.js';
import { axisLength } from './topology.js';

/** Layers whose windows slide over 1 to 3 axes: convolutions, poolings, and what adds or takes away positions. */

type Padding = 'valid' | 'same' | 'causal';

const padding = z.enum(['valid', 'same']).default('valid');

/** Output length of a window along one axis, as TensorFlow pads. */
function along(length: number, size: number, stride: number, mode: Padding, dilation = 1): number {
  if (mode !== 'valid') return Math.ceil(length / stride);
  return Math.floor((length - (size - 1) * dilation - 1) / stride) + 1;
}

function convolutionSchema(rank: number) {
  return z.object({
    kernel_size: perAxis(rank),
    strides: perAxis(rank).default(ones(rank)),
    dilation_rate: perAxis(rank).default(ones(rank)),
    padding: z.enum(['valid', 'same', ...(rank === 1 ? (['causal'] as const) : [])]).default('valid'),
    data_format: channelsLast,
    use_bias: z.boolean().default(true),
    groups: axisLength.default(1),
  });
}
const filters = { filters: axisLength };
const depthMultiplier = { depth_multiplier: axisLength.default(1) };

/** Positions and channels of a convolution. `macs` follow from the weights: each is used once a position. */
function convolve(
  { kernel_size: size, strides, dilation_rate, padding: mode, use_bias }: z.infer<ReturnType<typeof convolutionSchema>>,
  lengths: readonly number[],
  channels: number,
  weights: number,
): Effect {
  const positions = lengths.map((length, axis) =>
    along(length, size[axis] as number, strides[axis] as number, mode, dilation_rate[axis]),
  );
  return {
    outputShape: [...positions, channels],
    window: { size, stride: strides },
    weights,
    biases: use_bias ? channels : 0,
    macs: weights * sizeOf(positions),
  };
}

export const convolution = (rank: number): Rule =>
  rule(convolutionSchema(rank).extend(filters), (config, inputs) => {
    const { lengths, channels } = grid(inputs, rank);
    const { groups } = config;
    if (channels % groups !== 0 || config.filters % groups !== 0) {
      throw new RangeError(`${groups} groups do not divide ${channels} channels and ${config.filters} filters`);
    }
    const weights = (sizeOf(config.kernel_size) * channels * config.filters) / groups;
    return convolve(config, lengths, config.filters, weights);
  });

export const depthwise = (rank: number): Rule =>
  rule(convolutionSchema(rank).extend(depthMultiplier), (config, inputs) => {
    const { lengths, channels } = grid(inputs, rank);
    const outputs = channels * config.depth_multiplier;
    return convolve(config, lengths, outputs, sizeOf(config.kernel_size) * outputs);
  });

export const separable = (rank: number): Rule =>
  rule(convolutionSchema(rank).extend({ ...filters, ...depthMultiplier }), (config, inputs) => {
    const { lengths, channels } = grid(inputs, rank);
    const between = channels * config.depth_multiplier;
    return convolve(config, lengths, config.filters, sizeOf(config.kernel_size) * between + between * config.filters);
  });

export const transposed = (rank: number): Rule =>
  rule(
    convolutionSchema(rank).extend({
      ...filters,
      output_padding: z.null('output_padding is not supported').optional(),
    }),
    (config, inputs) => {
      const { lengths, channels } = grid(inputs, rank);
      const { kernel_size: size, strides, dilation_rate, padding: mode } = config;
      const positions = lengths.map((length, axis) => {
        const stride = strides[axis] as number;
        const extent = ((size[axis] as number) - 1) * (dilation_rate[axis] as number) + 1;
        return length * stride + (mode === 'valid' ? Math.max(extent - stride, 0) : 0);
      });
      const weights = sizeOf(size) * channels * config.filters;
      return {
        outputShape: [...positions, config.filters],
        window: { size, stride: strides },
        weights,
        biases: config.use_bias ? config.filters : 0,
        // Every input value is multiplied with the whole kernel.
        macs: weights * sizeOf(lengths),
      };
    },
  );

export const pooling = (rank: number): Rule =>
  rule(
    z.object({
      pool_size: perAxis(rank),
      strides: perAxis(rank).nullish(),
      padding,
      data_format: channelsLast,
    }),
    ({ pool_size: size, strides, padding: mode }, inputs) => {
      const { lengths, channels } = grid(inputs, rank);
      const stride = strides ?? size;
      const positions = lengths.map((length, axis) =>
        along(length, size[axis] as number, stride[axis] as number, mode),
      );
      return { outputShape: [...positions, channels], window: { size, stride } };
    },
  );

export const globalPooling = (rank: number): Rule =>
  rule(z.object({ data_format: channelsLast, keepdims: z.boolean().default(false) }), ({ keepdims }, inputs) => {
    const { channels } = grid(inputs, rank);
    return { outputShape: [...(keepdims ? ones(rank) : []), channels] };
  });

const margin = z.number().int().min(0).max(4096);
const marginPair = z.tuple([margin, margin]).transform(([before, after]) => before + after);

/** Positions before and after, together, of each axis: one number, one for each axis, or before and after for each. */
function margins(rank: number) {
  return z.union([
    margin.transform((all) => Array<number>(rank).fill(2 * all)),
    // Of one axis, a pair is what stands before and after.
    ...(rank === 1 ? [marginPair.transform((both) => [both])] : []),
    list(
      margin.transform((each) => 2 * each),
      { least: rank, most: rank },
    ),
    list(marginPair, { least: rank, most: rank }),
  ]);
}

export const zeroPadding = (rank: number): Rule =>
  rule(
    z.object({ padding: margins(rank).default(Array<number>(rank).fill(2)), data_format: channelsLast }),
    (config, inputs) => {
      const { lengths, channels } = grid(inputs, rank);
      return { outputShape: [...lengths.map((length, axis) => length + (config.padding[axis] as number)), channels] };
    },
  );

export const cropping = (rank: number): Rule =>
  rule(z.object({ cropping: margins(rank), data_format: channelsLast }), (config, inputs) => {
    const { lengths, channels } = grid(inputs, rank);
    return { outputShape: [...lengths.map((length, axis) => length - (config.cropping[axis] as number)), channels] };
  });

export const upSampling = (rank: number): Rule =>
  rule(
    z.object({ size: perAxis(rank).default(Array<number>(rank).fill(2)), data_format: channelsLast }),
    ({ size }, inputs) => {
      const { lengths, channels } = grid(inputs, rank);
      return { outputShape: [...lengths.map((length, axis) => length * (size[axis] as number)), channels] };
    },
  );
