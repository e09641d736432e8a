import type { Shape } from '../../core/model.js';
import { perAxis } from './effect.js';

/** As a spec has it: pixels for all axes or for each, or a word. */
export type PaddingSpec = number | readonly number[] | 'valid' | 'same' | 'causal';

/** Positions added before and behind. */
export type Margin = readonly [before: number, behind: number];

/** A window that slides over axes of positions. */
export interface Sliding {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  /** Distance between two positions under the window. */
  readonly dilation: readonly number[];
  readonly margins: readonly Margin[];
  /** Positions of the window. */
  readonly positions: Shape;
}

/** Where a window of the spec goes on an input. */
export function slide(
  lengths: Shape,
  spec: {
    readonly size: number | readonly number[];
    readonly stride?: number | readonly number[] | undefined;
    readonly dilation?: number | readonly number[] | undefined;
    readonly padding?: PaddingSpec | undefined;
    readonly ceil?: boolean;
  },
): Sliding {
  const [size, stride, dilation] = [spec.size, spec.stride ?? 1, spec.dilation ?? 1].map((value) =>
    perAxis(value, lengths.length),
  ) as [Shape, Shape, Shape];
  const { padding = 0, ceil = false } = spec;
  const axes = lengths.map((length, axis) => {
    const [step, extent] = [stride[axis] as number, extentOf(size[axis] as number, dilation[axis] as number)];
    const margin = marginOf(padding, axis, length, extent, step);
    const added = margin[0] + margin[1];
    const position =
      typeof padding === 'string'
        ? outputLength(length + added, extent, step, 0)
        : outputLength(length, extent, step, margin[0], ceil);
    return { margin, position };
  });
  return {
    size,
    stride,
    dilation,
    margins: axes.map(({ margin }) => margin),
    positions: axes.map(({ position }) => position),
  };
}

/** Positions from the first to the last one under a window. */
function extentOf(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}

/** Padding along one axis. `same` is TensorFlow's: ceil(length / stride) windows fit, an odd position goes behind. */
function marginOf(padding: PaddingSpec, axis: number, length: number, extent: number, stride: number): Margin {
  if (padding === 'valid') return [0, 0];
  if (padding === 'causal') return [extent - 1, 0];
  if (padding === 'same') {
    const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + extent - length);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const each = perAxis(padding, axis + 1)[axis] as number;
  return [each, each];
}

/**
 * Output length of a convolution or pooling along one axis: floor((input + 2 padding - kernel) / stride) + 1. With
 * `ceil` rounded up, unless the last window would start in the padding behind the input (PyTorch, pooling_output_shape).
 */
export function outputLength(input: number, kernel: number, stride: number, padding: number, ceil = false): number {
  const steps = (input + 2 * padding - kernel) / stride;
  if (!ceil) return Math.floor(steps) + 1;
  const last = Math.ceil(steps) * stride < input + padding ? Math.ceil(steps) : Math.ceil(steps) - 1;
  return last + 1;
}

/**
 * One axis of a transposed convolution: of all (length - 1) stride + kernel positions, those from `cut` on, with zeros behind
 * where there are too few.
 */
export interface TransposedAxis {
  readonly cut: number;
  readonly length: number;
}

/**
 * - `valid` and `same` as in Keras: length stride + max(kernel - stride, 0), and length stride.
 * - A number, as in PyTorch: (length - 1) stride - 2 padding + kernel + output padding.
 */
export function transposedAxis(
  length: number,
  kernel: number,
  stride: number,
  padding: number | 'valid' | 'same',
  outputPadding: number,
): TransposedAxis {
  if (padding === 'valid') return { cut: 0, length: length * stride + Math.max(kernel - stride, 0) };
  if (padding === 'same') return { cut: Math.floor(Math.max(kernel - stride, 0) / 2), length: length * stride };
  return { cut: padding, length: (length - 1) * stride - 2 * padding + kernel + outputPadding };
}
