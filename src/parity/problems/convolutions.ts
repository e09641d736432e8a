import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { sums } from '../bounds.js';
import { drawForSums, type OpProblem } from '../problem.js';

/** A convolution of [batch, height, width, channels] with square filters, as the suites have them. */
export interface Geometry {
  readonly image: readonly [batch: number, height: number, width: number, channels: number];
  readonly kernel: number;
  readonly filters: number;
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on every side, pixels. Default 0. */
  readonly pad?: number;
}

/**
 * One pixel; a window as large as the image; odd sides; strides, also wider than the filter; padding; the first layer of
 * each kind of image; few pixels with many channels and many filters, as in the last layers; what transforms are for. The
 * conformance tests of kernels take them, too.
 */
export const GEOMETRIES: readonly Geometry[] = [
  { image: [1, 1, 1, 1], kernel: 1, filters: 1 },
  { image: [3, 7, 7, 3], kernel: 7, filters: 5 },
  { image: [2, 13, 11, 4], kernel: 7, filters: 9 },
  { image: [2, 9, 8, 3], kernel: 3, filters: 4, stride: 2 },
  { image: [1, 10, 11, 2], kernel: 1, filters: 3, stride: 3 },
  { image: [2, 6, 5, 5], kernel: 5, filters: 7, pad: 2 },
  { image: [2, 6, 7, 5], kernel: 3, filters: 7, stride: 2, pad: 1 },
  { image: [1, 5, 5, 2], kernel: 2, filters: 3, pad: 2 },
  { image: [1, 28, 28, 1], kernel: 7, filters: 32 },
  { image: [1, 32, 32, 3], kernel: 7, filters: 32 },
  { image: [1, 9, 9, 128], kernel: 7, filters: 8 },
  { image: [1, 9, 9, 8], kernel: 7, filters: 256 },
  { image: [3, 16, 17, 16], kernel: 7, filters: 16 },
];

interface Shapes {
  readonly image: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly output: [number, number, number, number];
}

function shapesOf({ image, kernel, filters, stride = 1, pad = 0 }: Geometry): Shapes {
  const [batch, height, width, channels] = image;
  const length = (side: number) => Math.floor((side + 2 * pad - kernel) / stride) + 1;
  return {
    image: [...image],
    filter: [kernel, kernel, channels, filters],
    output: [batch, length(height), length(width), filters],
  };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function detailOf({ image, kernel, filters, stride = 1, pad = 0 }: Geometry): string {
  const extras = [...(stride > 1 ? [`stride ${stride}`] : []), ...(pad > 0 ? [`pad ${pad}`] : [])];
  return [`${image.join('x')}, ${filters} of ${kernel}x${kernel}`, ...extras].join(', ');
}

/** Convolutions, forward (alone, and fused with the bias), and both of their gradients. */
export const CONVOLUTIONS: readonly OpProblem[] = GEOMETRIES.flatMap((geometry): OpProblem[] => {
  const { image, filter, output } = shapesOf(geometry);
  const { kernel, filters, stride = 1, pad = 0 } = geometry;
  const [area, detail] = [kernel * kernel, detailOf(geometry)];
  const inputs = (outputs: readonly number[], ...shapes: readonly number[][]) =>
    shapes.map((shape) => ({ shape, draw: drawForSums(sizeOf(outputs)) }));
  return [
    {
      kernel: 'Conv2D',
      detail,
      inputs: inputs(output, image, filter),
      bound: sums(area * image[3]),
      run: ({ tf }, [x, w]) => tf.conv2d(x as Tensor4D, w as Tensor4D, stride, pad, 'NHWC', 1, 'floor'),
    },
    {
      kernel: 'FusedConv2D',
      detail: `${detail}, bias`,
      inputs: inputs(output, image, filter, [filters]),
      bound: sums(area * image[3] + 1),
      run: ({ tf }, [x, w, bias]) =>
        tf.fused.conv2d({
          ...{ x: x as Tensor4D, filter: w as Tensor4D, bias },
          ...{ strides: stride, pad, dimRoundingMode: 'floor' },
        }),
    },
    {
      kernel: 'Conv2DBackpropInput',
      detail,
      inputs: inputs(image, output, filter),
      bound: sums(area * filters),
      run: ({ tf }, [dy, w]) => {
        const attrs = { strides: stride, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor', inputShape: image };
        return tf.engine().runKernel('Conv2DBackpropInput', { dy: dy as Tensor, filter: w as Tensor }, attrs);
      },
    },
    {
      kernel: 'Conv2DBackpropFilter',
      detail,
      inputs: inputs(filter, image, output),
      bound: sums(sizeOf(output) / filters),
      run: ({ tf }, [x, dy]) => {
        const attrs = { strides: stride, pad, dataFormat: 'NHWC', dimRoundingMode: 'floor', filterShape: filter };
        return tf.engine().runKernel('Conv2DBackpropFilter', { x: x as Tensor, dy: dy as Tensor }, attrs);
      },
    },
  ];
});
