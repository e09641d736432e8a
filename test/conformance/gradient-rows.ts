import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/backends/tfjs.js';
import type { randomNumbers } from './numbers.js';

/** A function of tensors of these shapes. */
export interface Differentiable {
  readonly shapes: readonly number[][];
  readonly compute: (...operands: Tensor[]) => Tensor;
  /** Where it is to be differentiated, if no largest number of some may become another one. */
  readonly at?: { readonly values: readonly Float32Array[]; readonly step: number };
}

/** An operation whose gradient has kernels of its own. */
export interface GradientRow {
  readonly name: string;
  readonly kernels: readonly string[];
  readonly draw: (tf: Tf, random: ReturnType<typeof randomNumbers>) => Differentiable;
}

/** Numbers between -1 and 1 that are all at least 2 / count apart: a largest one of some stays the largest. */
export function apart(count: number, { integer }: ReturnType<typeof randomNumbers>): Float32Array {
  const numbers = Float32Array.from({ length: count }, (_, index) => (2 * index + 1) / count - 1);
  for (let last = count - 1; last > 0; last--) {
    const other = integer(0, last);
    [numbers[last], numbers[other]] = [numbers[other] as number, numbers[last] as number];
  }
  return numbers;
}

type Draw = (low: number, high: number) => number;

const sizes = (draw: Draw, count: number, low: number, high: number) =>
  Array.from({ length: count }, () => draw(low, high));
const padding = (draw: Draw) => (['same', 'valid'] as const)[draw(0, 1)];
const pick = <Value>(draw: Draw, ...values: Value[]) => values[draw(0, values.length - 1)] as Value;

/** Images or volumes, windows and strides, all of any size. */
function windows(draw: Draw, axes: number) {
  return {
    batch: draw(1, 2),
    channels: draw(1, 3),
    input: sizes(draw, axes, 4, 7 - axes + 2),
    window: sizes(draw, axes, 1, 3),
    strides: sizes(draw, axes, 1, 3) as never,
    pad: padding(draw) as never,
  };
}

function pooling(name: 'avgPool' | 'maxPool' | 'avgPool3d' | 'maxPool3d', kernel: string): GradientRow {
  return {
    ...{ name, kernels: [kernel] },
    draw(tf, { integer }) {
      const { batch, channels, input, window, strides, pad } = windows(integer, name.endsWith('3d') ? 3 : 2);
      const zeros = pick(integer, pad, (Math.min(...window) - 1) as never);
      const compute = (x: Tensor) => (tf[name] as (...args: unknown[]) => Tensor)(x, window, strides, zeros);
      return { shapes: [[batch, ...input, channels]], compute };
    },
  };
}

function convolution(name: 'conv2d' | 'conv3d' | 'depthwiseConv2d', kernels: readonly string[]): GradientRow {
  return {
    ...{ name, kernels },
    draw(tf, { integer }) {
      const { batch, channels, input, window, strides, pad } = windows(integer, name === 'conv3d' ? 3 : 2);
      const compute = (x: Tensor, filter: Tensor) =>
        (tf[name] as (...args: unknown[]) => Tensor)(x, filter, strides, pad);
      return {
        shapes: [
          [batch, ...input, channels],
          [...window, channels, integer(1, 3)],
        ],
        compute,
      };
    },
  };
}

function resizing(name: 'resizeBilinear' | 'resizeNearestNeighbor', kernel: string): GradientRow {
  return {
    ...{ name, kernels: [kernel] },
    draw(tf, { integer }) {
      const size = [integer(1, 9), integer(1, 9)] as [number, number];
      const [corners, half] = pick(integer, [false, false], [true, false], [false, true]) as [boolean, boolean];
      // tfjs's pure-JavaScript gradient never ends where a side of one pixel has its corners aligned.
      const shape = [integer(1, 2), integer(corners ? 2 : 1, 6), integer(corners ? 2 : 1, 6), integer(1, 3)];
      return { shapes: [shape], compute: (x) => tf.image[name](x as never, size, corners, half) };
    },
  };
}

/** Every gradient that has kernels of its own. */
export const GRADIENT_ROWS: readonly GradientRow[] = [
  convolution('conv2d', ['Conv2DBackpropInput', 'Conv2DBackpropFilter']),
  convolution('depthwiseConv2d', ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter']),
  convolution('conv3d', ['Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2']),
  pooling('maxPool', 'MaxPoolGrad'),
  pooling('maxPool3d', 'MaxPool3DGrad'),
  pooling('avgPool', 'AvgPoolGrad'),
  pooling('avgPool3d', 'AvgPool3DGrad'),
  {
    ...{ name: 'dilation2d', kernels: ['Dilation2DBackpropInput', 'Dilation2DBackpropFilter'] },
    draw(tf, random) {
      const { integer } = random;
      const { window, strides, pad } = windows(integer, 2);
      const distances = [integer(1, 2), integer(1, 2)] as never;
      const [x, filter] = [
        [1, integer(5, 6), integer(5, 6), 2],
        [...window, 2],
      ];
      const compute = (images: Tensor, taps: Tensor) =>
        tf.dilation2d(images as never, taps as never, strides, pad, distances);
      // Sums of one of each differ by more than 3e-4: those of the filter are fractions of the distance between those of the images.
      const [images, taps] = [x, filter].map((shape) => apart(tf.util.sizeFromShape(shape), random));
      const values = [
        images as Float32Array,
        (taps as Float32Array).map((each) => each / 4 / (images as Float32Array).length),
      ];
      return { shapes: [x, filter], compute, at: { values, step: 5e-5 } };
    },
  },
  resizing('resizeBilinear', 'ResizeBilinearGrad'),
  resizing('resizeNearestNeighbor', 'ResizeNearestNeighborGrad'),
  {
    ...{ name: 'localResponseNormalization', kernels: ['LRNGrad'] },
    draw(tf, { integer }) {
      const [radius, bias, alpha, beta] = [
        integer(1, 3),
        integer(10, 20) / 10,
        integer(1, 9) / 10,
        integer(3, 12) / 10,
      ];
      const compute = (x: Tensor) => tf.localResponseNormalization(x as never, radius, bias, alpha, beta);
      return { shapes: [[integer(1, 2), 3, 4, integer(1, 8)]], compute };
    },
  },
  {
    ...{ name: 'elu', kernels: ['EluGrad'] },
    draw: (tf, { integer }) => ({ shapes: [[integer(1, 9), integer(1, 9)]], compute: (x) => tf.elu(x) }),
  },
  {
    ...{ name: 'gather', kernels: ['UnsortedSegmentSum'] },
    draw(tf, { integer }) {
      const ids = sizes(integer, integer(1, 9), 0, 4);
      return {
        shapes: [[5, integer(1, 4)]],
        compute: (x) => tf.gather(x, tf.tensor1d(ids, 'int32')),
      };
    },
  },
];
