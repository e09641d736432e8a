import type { Shape } from '../../core/model.js';
import { biasOf, grid, perAxis, sizeOf, weight, type Effect, type EffectOf, type LayerOf } from './effect.js';
import { slide, transposedAxis, type PaddingSpec, type TransposedAxis } from './windows.js';

interface Windowed {
  readonly kernel: number | readonly number[];
  readonly stride?: number | readonly number[] | undefined;
  readonly dilation?: number | readonly number[] | undefined;
  readonly padding?: PaddingSpec | undefined;
}

/** The window of a convolution on an input with `rank` axes of positions. */
export function slideKernel({ kernel, stride, dilation, padding }: Windowed, input: Shape, rank: number) {
  const { lengths } = grid(input, rank);
  return slide(lengths, { size: kernel, stride, dilation, padding });
}

const convolution =
  (rank: number): EffectOf<'conv1d' | 'conv2d'> =>
  (layer, input) => {
    const { channels } = grid(input, rank);
    const { filters, groups = 1 } = layer;
    if (channels % groups !== 0 || filters % groups !== 0) {
      throw new RangeError(`${groups} groups do not divide ${channels} channels and ${filters} filters`);
    }
    const { size, stride, positions } = slideKernel(layer, input, rank);
    const kernel = [...size, channels / groups, filters];
    return {
      outputShape: [...positions, filters],
      window: { size, stride },
      tensors: [weight('kernel', kernel), ...biasOf(layer, filters)],
      macs: sizeOf(kernel) * sizeOf(positions),
    };
  };

export const conv1d: EffectOf<'conv1d'> = (layer, input) => convolution(1)(layer, input);
export const conv2d: EffectOf<'conv2d'> = (layer, input) => convolution(2)(layer, input);

export const depthwiseConv2d: EffectOf<'depthwise-conv2d'> = (layer, input) => {
  const { channels } = grid(input, 2);
  const { multiplier = 1 } = layer;
  const { size, stride, positions } = slideKernel(layer, input, 2);
  const kernel = [...size, channels, multiplier];
  return {
    outputShape: [...positions, channels * multiplier],
    window: { size, stride },
    tensors: [weight('depthwise_kernel', kernel), ...biasOf(layer, channels * multiplier)],
    macs: sizeOf(kernel) * sizeOf(positions),
  };
};

export const separableConv2d: EffectOf<'separable-conv2d'> = (layer, input) => {
  const { channels } = grid(input, 2);
  const { filters, multiplier = 1 } = layer;
  const { size, stride, positions } = slideKernel(layer, input, 2);
  const depthwise = [...size, channels, multiplier];
  const pointwise = [1, 1, channels * multiplier, filters];
  return {
    outputShape: [...positions, filters],
    window: { size, stride },
    tensors: [weight('depthwise_kernel', depthwise), weight('pointwise_kernel', pointwise), ...biasOf(layer, filters)],
    macs: (sizeOf(depthwise) + sizeOf(pointwise)) * sizeOf(positions),
  };
};

/** Both axes of a transposed convolution. */
export function transposedAxes(
  { kernel, stride = 1, padding = 0, outputPadding = 0 }: LayerOf<'conv2d-transpose'>,
  input: Shape,
): readonly [TransposedAxis, TransposedAxis] {
  const { lengths } = grid(input, 2);
  const [size, step] = [perAxis(kernel, 2), perAxis(stride, 2)];
  if (outputPadding > 0 && typeof padding === 'string') {
    throw new RangeError(`an output padding goes with a padding in pixels, not with ${padding}`);
  }
  if (outputPadding >= Math.min(...step) && outputPadding > 0) {
    throw new RangeError(`an output padding of ${outputPadding} is not less than the stride`);
  }
  return lengths.map((length, axis) => {
    const added = typeof padding === 'string' ? padding : (perAxis(padding, 2)[axis] as number);
    return transposedAxis(length, size[axis] as number, step[axis] as number, added, outputPadding);
  }) as [TransposedAxis, TransposedAxis];
}

export const conv2dTranspose: EffectOf<'conv2d-transpose'> = (layer, input): Effect => {
  const { lengths, channels } = grid(input, 2);
  const { filters, kernel, stride = 1 } = layer;
  const size = perAxis(kernel, 2);
  // Height, width, filters, channels: that of the convolution whose gradient it is.
  const shape = [...size, filters, channels];
  return {
    outputShape: [...transposedAxes(layer, input).map(({ length }) => length), filters],
    window: { size, stride: perAxis(stride, 2) },
    tensors: [weight('kernel', shape), ...biasOf(layer, filters)],
    // Every input value is multiplied with the whole kernel.
    macs: sizeOf(shape) * sizeOf(lengths),
  };
};
