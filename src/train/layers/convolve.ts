import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../backends/tfjs.js';
import type { Shape } from '../../core/model.js';
import type { Margin, Sliding, TransposedAxis } from '../../model/layers/windows.js';

/** Two-dimensional convolutions from what tfjs differentiates on every backend: no dilation, no groups, no uneven padding. */

type Window = Pick<Sliding, 'stride' | 'dilation' | 'margins'>;
type Pair = [number, number];

/** Adds a value around the positions of [N,H,W,C], or of [N,steps,C]. */
export function padPositions(tf: Tf, x: Tensor, margins: readonly Margin[], value = 0): Tensor {
  if (margins.every(([before, behind]) => before + behind === 0)) return x;
  return tf.pad(x, [[0, 0], ...margins.map(([before, behind]): Pair => [before, behind]), [0, 0]], value);
}

/**
 * @param x [N,H,W,C]
 * @param kernel [kh,kw,C/groups,K]
 */
export function convolve(tf: Tf, x: Tensor, kernel: Tensor, { stride, dilation, margins }: Window, groups = 1): Tensor {
  const padded = padPositions(tf, x, margins) as Tensor4D;
  const wide = dilate(tf, kernel as Tensor4D, dilation);
  const convolution = (part: Tensor, filter: Tensor) =>
    tf.conv2d(part as Tensor4D, filter as Tensor4D, stride as Pair, 'valid');
  if (groups === 1) return convolution(padded, wide);
  const [height, width, , filters] = wide.shape;
  // Each channel with its own filters: their order is the same.
  if (groups === padded.shape[3]) {
    return depthwise(tf, padded, tf.reshape(wide, [height, width, groups, filters / groups]), stride);
  }
  const [parts, kernels] = [tf.split(padded, groups, 3), tf.split(wide, groups, 3)];
  return tf.concat(
    parts.map((part, group) => convolution(part, kernels[group] as Tensor)),
    3,
  );
}

/**
 * @param x [N,H,W,C]
 * @param kernel [kh,kw,C,multiplier]
 */
export function convolveDepthwise(tf: Tf, x: Tensor, kernel: Tensor, { stride, dilation, margins }: Window): Tensor {
  return depthwise(tf, padPositions(tf, x, margins), dilate(tf, kernel as Tensor4D, dilation), stride);
}

function depthwise(tf: Tf, x: Tensor, kernel: Tensor, stride: readonly number[]): Tensor {
  const [down, right] = stride as Pair;
  const apply = (step: number) => tf.depthwiseConv2d(x as Tensor4D, kernel as Tensor4D, step, 'valid');
  if (down === right) return apply(down);
  // tfjs has one stride for both axes: those that are left out of all.
  return everyOther(tf, apply(1), stride);
}

/** Every so many positions of [N,H,W,C]. */
function everyOther(tf: Tf, x: Tensor, stride: readonly number[]): Tensor {
  return [1, 2].reduce((kept, axis) => {
    const length = Math.ceil((kept.shape[axis] as number) / (stride[axis - 1] as number));
    const chosen = Array.from({ length }, (_, index) => index * (stride[axis - 1] as number));
    return tf.gather(kept, tf.tensor1d(chosen, 'int32'), axis);
  }, x);
}

/** A kernel with zeros between its positions, since tfjs differentiates no other dilation. */
function dilate(tf: Tf, kernel: Tensor4D, [down, right]: readonly number[]): Tensor4D {
  if (down === 1 && right === 1) return kernel;
  const [height, width, channels, filters] = kernel.shape;
  const [rows, columns] = [down as number, right as number];
  const spread: Tensor4D = tf.pad(tf.reshape(kernel, [height, 1, width, channels * filters]), [
    [0, 0],
    [0, rows - 1],
    [0, 0],
    [0, 0],
  ]);
  const tall: Tensor4D = tf.reshape(spread, [height * rows, width, 1, channels * filters]);
  const wide: Tensor4D = tf.pad(tall, [
    [0, 0],
    [0, 0],
    [0, columns - 1],
    [0, 0],
  ]);
  const all: Tensor4D = tf.reshape(wide, [height * rows, width * columns, channels, filters]);
  return tf.slice(all, [0, 0, 0, 0], [(height - 1) * rows + 1, (width - 1) * columns + 1, channels, filters]);
}

/**
 * The gradient of a convolution with regard to its input.
 *
 * @param x [N,H,W,C]
 * @param kernel [kh,kw,K,C]
 */
export function convolveTransposed(
  tf: Tf,
  x: Tensor,
  kernel: Tensor,
  stride: Shape,
  axes: readonly [TransposedAxis, TransposedAxis],
): Tensor {
  const [batch, height, width] = x.shape as [number, number, number];
  const [kernelHeight, kernelWidth, filters] = kernel.shape as [number, number, number];
  // All positions that a kernel reaches.
  const full = [(height - 1) * (stride[0] as number) + kernelHeight, (width - 1) * (stride[1] as number) + kernelWidth];
  const shape: [number, number, number, number] = [batch, full[0] as number, full[1] as number, filters];
  const whole = tf.conv2dTranspose(x as Tensor4D, kernel as Tensor4D, shape, stride as Pair, 'valid');
  const missing = axes.map(({ cut, length }, axis): Margin => [0, Math.max(0, cut + length - (full[axis] as number))]);
  const [top, left] = axes;
  return tf.slice(
    padPositions(tf, whole, missing),
    [0, top.cut, left.cut, 0],
    [batch, top.length, left.length, filters],
  );
}
