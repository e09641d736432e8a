import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../backends/tfjs.js';
import { EXACT, sums } from '../bounds.js';
import { drawForSums, SIGNED, type OpProblem } from '../problem.js';

/** One pixel, halves, overlapping windows on odd sides, gaps between windows, the whole image. */
const POOLS = [
  { image: [1, 1, 1, 1], size: 1, stride: 1 },
  { image: [2, 8, 6, 3], size: 2, stride: 2 },
  { image: [2, 9, 7, 5], size: 3, stride: 2 },
  { image: [1, 9, 10, 4], size: 2, stride: 3 },
  { image: [3, 7, 7, 33], size: 7, stride: 7 },
] as const;

/** Poolings without padding, and their gradients. */
export const POOLINGS: readonly OpProblem[] = POOLS.flatMap(({ image, size, stride }): OpProblem[] => {
  const detail = `${image.join('x')}, ${size}x${size}, stride ${stride}`;
  const [height, width] = [image[1], image[2]].map((side) => Math.floor((side - size) / stride + 1)) as [
    number,
    number,
  ];
  const outputs = image[0] * image[3] * height;
  const pooled = [image[0], height, width, image[3]];
  const gradient = (kernel: string, pool: (tf: Tf, x: Tensor4D) => Tensor): OpProblem => ({
    kernel,
    detail,
    inputs: [
      { shape: image, draw: SIGNED },
      { shape: pooled, draw: drawForSums(outputs) },
    ],
    bound: sums(size * size),
    run: ({ tf }, [x, dy]) => tf.grad((it) => pool(tf, it as Tensor4D))(x as Tensor4D, dy),
  });
  return [
    {
      kernel: 'MaxPool',
      detail,
      inputs: [{ shape: image, draw: SIGNED }],
      bound: EXACT,
      run: ({ tf }, [x]) => tf.maxPool(x as Tensor4D, size, stride, 'valid'),
    },
    {
      kernel: 'AvgPool',
      detail,
      inputs: [{ shape: image, draw: drawForSums(outputs) }],
      bound: sums(size * size),
      run: ({ tf }, [x]) => tf.avgPool(x as Tensor4D, size, stride, 'valid'),
    },
    gradient('MaxPoolGrad', (tf, x) => tf.maxPool(x, size, stride, 'valid')),
    gradient('AvgPoolGrad', (tf, x) => tf.avgPool(x, size, stride, 'valid')),
  ];
});
