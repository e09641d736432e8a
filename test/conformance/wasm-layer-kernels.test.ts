import type { Tensor, Tensor2D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explicitPadding } from '../../src/backends/padding.js';
import type { Tf } from '../../src/backends/tfjs.js';
import { startTunedWasm, type TunedWasm } from '../../src/backends/wasm/tuned.js';
import { randomNumbers, relativeError } from './numbers.js';
import { valuesOn } from './values-on.js';
import '@tensorflow/tfjs-backend-cpu';

const TOLERANCE = 2e-6;
const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);
const PROBLEMS = 10;

type Random = ReturnType<typeof randomNumbers>;
type Pad = 'same' | 'valid' | number;

/** Random problems, of which some are empty or of one number; what they are made of is drawn before they are computed. */
const KERNELS: Readonly<Record<string, (tf: Tf, random: Random) => () => Tensor[]>> = {
  unsortedSegmentSum(tf, { integer, values }) {
    const [rows, columns, segments] = [integer(0, 9), integer(0, 5), integer(1, 5)];
    const ids = Array.from({ length: rows }, () => integer(-1, segments - 1));
    const [x, dy] = [values(rows * columns), values(segments * columns)];
    return () => {
      const sum = (a: Tensor) => tf.unsortedSegmentSum(a as Tensor2D, tf.tensor1d(ids, 'int32'), segments);
      const numbers = tf.tensor2d(x, [rows, columns]);
      const beyond = tf.add(tf.tensor1d(ids, 'int32'), tf.scalar(2, 'int32'));
      const outside = tf.unsortedSegmentSum(numbers, beyond as never, segments);
      return [
        sum(numbers),
        outside,
        ...(rows * columns > 0 ? [tf.grad(sum)(numbers, tf.tensor(dy, [segments, columns]))] : []),
      ];
    };
  },
  gather(tf, { integer, values }) {
    const [rows, columns, axis] = [integer(1, 9), integer(1, 5), integer(0, 1)];
    const ids = Array.from({ length: integer(1, 12) }, () => integer(0, (axis === 0 ? rows : columns) - 1));
    const [x, dy] = [values(rows * columns), values(ids.length * (axis === 0 ? columns : rows))];
    return () => {
      const gather = (a: Tensor) => tf.gather(a, tf.tensor1d(ids, 'int32'), axis);
      const numbers = tf.tensor2d(x, [rows, columns]);
      return [tf.grad(gather)(numbers, tf.tensor(dy, gather(numbers).shape))];
    };
  },
  einsum(tf, { integer, values }) {
    const equations = [
      'ij,jk->ik',
      'bij,bjk->bik',
      'i,j->ij',
      'ij,ij->',
      'ijk->ki',
      'ij->i',
      'bij,jk->bki',
      'abc,cd->d',
      'i,i->i',
      'ij,k->jk',
    ];
    const equation = equations[integer(0, equations.length - 1)] as string;
    const lengths = new Map(Array.from('abcdijk').map((letter) => [letter, integer(1, 5)]));
    const shapes = (equation.split('->')[0] as string)
      .split(',')
      .map((axes) => Array.from(axes).map((axis) => lengths.get(axis) as number));
    const numbers = shapes.map((shape) => values(tf.util.sizeFromShape(shape)));
    const whole = numbers.map((each) => each.map((value) => Math.round(9 * value)));
    const of = (operands: readonly Float32Array[], dtype: 'float32' | 'int32') => {
      // The pure-JavaScript backend leaves axes that it should have added up.
      if (tf.getBackend() === 'cpu') return tf.tensor1d(sumOfProducts(equation, operands, lengths));
      const sum = tf.einsum(
        equation,
        ...operands.map((each, index) => tf.tensor(each, shapes[index] as number[], dtype)),
      );
      return tf.cast(sum, 'float32');
    };
    return () => [of(numbers, 'float32'), of(whole, 'int32')];
  },
  depthwiseConv2d(tf, { integer, values }) {
    const [batch, height, width, channels, multiples] = [
      integer(0, 2),
      integer(4, 9),
      integer(4, 9),
      integer(1, 4),
      integer(1, 3),
    ];
    const kernel: [number, number] = [integer(1, 4), integer(1, 4)];
    const strides: [number, number] = [integer(1, 3), integer(1, 3)];
    const pad = (['same', 'valid', integer(0, 3)] as Pad[])[integer(0, 2)] as Pad;
    const [x, filter] = [
      values(batch * height * width * channels),
      values(kernel[0] * kernel[1] * channels * multiples),
    ];
    const outputs = values(2 * 16 * 16 * 12);
    return () => {
      const pads = tf.getBackend() === 'cpu' ? explicitPadding(pad) : pad;
      const convolve = (a: Tensor, b: Tensor) => tf.depthwiseConv2d(a as Tensor4D, b as Tensor4D, strides, pads);
      const operands = [
        tf.tensor4d(x, [batch, height, width, channels]),
        tf.tensor4d(filter, [...kernel, channels, multiples]),
      ];
      const y = convolve(operands[0] as Tensor, operands[1] as Tensor);
      const fused = (['linear', 'relu', 'elu'] as const).map((activation) =>
        tf.fused.depthwiseConv2d({
          ...{ x: operands[0] as Tensor4D, filter: operands[1] as Tensor4D, strides, pad: pads as Pad, activation },
          bias: tf.tensor1d(outputs.subarray(0, channels * multiples)),
        }),
      );
      return [y, ...fused, ...tf.grads(convolve)(operands, tf.tensor(outputs.subarray(0, y.size), y.shape))];
    };
  },
  conv3d(tf, { integer, values }) {
    const input = [integer(0, 2), integer(3, 6), integer(3, 6), integer(3, 6), integer(1, 3)];
    const filter = [integer(1, 3), integer(1, 3), integer(1, 3), input[4] as number, integer(1, 3)];
    const strides = [integer(1, 3), integer(1, 3), integer(1, 3)] as [number, number, number];
    const pad = (['same', 'valid'] as const)[integer(0, 1)] as 'same' | 'valid';
    const [x, w] = [values(tf.util.sizeFromShape(input)), values(tf.util.sizeFromShape(filter))];
    const outputs = values(2 * 8 * 8 * 8 * 3);
    return () => {
      const convolve = (a: Tensor, b: Tensor) => tf.conv3d(a as Tensor5D, b as Tensor5D, strides, pad);
      const operands = [tf.tensor5d(x, input as never), tf.tensor5d(w, filter as never)];
      const y = convolve(operands[0] as Tensor, operands[1] as Tensor);
      return [y, ...tf.grads(convolve)(operands, tf.tensor(outputs.subarray(0, y.size), y.shape))];
    };
  },
  dilation2d(tf, { integer, values }) {
    const [batch, height, width, channels] = [integer(0, 2), integer(5, 8), integer(5, 8), integer(1, 3)];
    const kernel = [integer(1, 3), integer(1, 3)];
    const strides: [number, number] = [integer(1, 2), integer(1, 2)];
    const pad = (['same', 'valid'] as const)[integer(0, 1)] as 'same' | 'valid';
    const [x, w] = [
      values(batch * height * width * channels),
      values((kernel[0] as number) * (kernel[1] as number) * channels),
    ];
    const outputs = values(2 * 8 * 8 * 3);
    return () => {
      const dilate = (a: Tensor, b: Tensor) => tf.dilation2d(a as Tensor4D, b as never, strides, pad);
      const operands = [
        tf.tensor4d(x, [batch, height, width, channels]),
        tf.tensor3d(w, [...kernel, channels] as never),
      ];
      const y = dilate(operands[0] as Tensor, operands[1] as Tensor);
      return [y, ...tf.grads(dilate)(operands, tf.tensor(outputs.subarray(0, y.size), y.shape))];
    };
  },
  'averages and largest numbers, with padding in pixels'(tf, { integer, values }) {
    const shape = [integer(1, 2), integer(4, 8), integer(4, 8), integer(1, 3)] as const;
    const size: [number, number] = [integer(1, 3), integer(1, 3)];
    const strides: [number, number] = [integer(1, 3), integer(1, 3)];
    const pad = integer(0, Math.min(...size) - 1);
    const x = values(tf.util.sizeFromShape([...shape]));
    return () => {
      const pads = (tf.getBackend() === 'cpu' ? explicitPadding(pad) : pad) as never;
      const images = tf.tensor4d(x, [...shape]);
      return [tf.avgPool(images, size, strides, pads), tf.maxPool(images, size, strides, pads)];
    };
  },
  prelu(tf, { integer, values }) {
    const shape = [integer(0, 3), integer(1, 4), integer(1, 4), integer(1, 3)];
    const slopes = shape.slice(integer(0, 2)).map((length) => (integer(0, 1) === 0 ? 1 : length));
    const [x, alpha] = [values(tf.util.sizeFromShape(shape)), values(tf.util.sizeFromShape(slopes))];
    return () => [tf.prelu(tf.tensor(x, shape), tf.tensor(alpha, slopes))];
  },
};

/** By its definition, in float64. */
function sumOfProducts(
  equation: string,
  operands: readonly Float32Array[],
  lengths: ReadonlyMap<string, number>,
): Float32Array {
  const [terms, output] = equation.split('->') as [string, string];
  const letters = [...new Set(terms.replace(',', ''))];
  const length = (letter: string) => lengths.get(letter) as number;
  const result = new Float64Array(Array.from(output).reduce((size, letter) => size * length(letter), 1));
  const place = new Map<string, number>();
  const at = (axes: string) =>
    Array.from(axes).reduce((index, letter) => index * length(letter) + (place.get(letter) as number), 0);
  const visit = (depth: number): void => {
    const letter = letters[depth];
    if (letter === undefined) {
      const product = terms
        .split(',')
        .reduce((value, axes, index) => value * (operands[index]?.[at(axes)] as number), 1);
      result[at(output)] = (result[at(output)] as number) + product;
      return;
    }
    for (let index = 0; index < length(letter); index++) {
      place.set(letter, index);
      visit(depth + 1);
    }
  };
  visit(0);
  return Float32Array.from(result);
}

describe.for(['module', 'xnnpack'] as const)('%s (CNNBENCH_TEST_SEED=' + String(SEED) + ')', (kernels) => {
  let tuned: TunedWasm;
  let tf: Tf;
  beforeAll(async () => {
    tuned = await startTunedWasm({ kernels });
    ({ tf } = tuned);
  });
  afterAll(() => tuned.stop());

  test.for(Object.keys(KERNELS))('%s agrees with the oracle', async (name) => {
    const random = randomNumbers(SEED);
    for (let problem = 0; problem < PROBLEMS; problem++) {
      const compute = (KERNELS[name] as (typeof KERNELS)[string])(tf, random);
      const [wanted, found] = [await valuesOn(tf, 'cpu', compute), await valuesOn(tf, 'wasm', compute)];
      const errors = wanted.map((values, index) => relativeError(found[index] as Float32Array, values));
      expect(Math.max(...errors), `problem ${problem}: ${errors.join(', ')}`).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  test.for([
    [
      'UnsortedSegmentSum',
      { x: [4, 2], segmentIds: 'ids 3' },
      { numSegments: 3 },
      /an id for each row, got \[4, 2\] and \[3\]/,
    ],
    ['UnsortedSegmentSum', { x: [4, 2], segmentIds: [4] }, { numSegments: 3 }, /ids of int32/],
    ['UnsortedSegmentSum', { x: [4, 2], segmentIds: 'ids 4' }, { numSegments: -1 }, /whole numbers of 0 at least/],
    ['Einsum', { a: [2, 3], b: [4, 2] }, { equation: 'ij,jk->ik' }, /Expected dimension 3/],
    ['Einsum', { a: [2, 3] }, { equation: 'ij->ijj' }, /names an axis twice/],
    [
      'DepthwiseConv2dNative',
      { x: [1, 4, 4, 2], filter: [2, 2, 3, 1] },
      { strides: 1, pad: 'valid' },
      /depth of input \(2\)/,
    ],
    [
      'DepthwiseConv2dNative',
      { x: [1, 1, 1, 2], filter: [3, 3, 2, 1] },
      { strides: 1, pad: 'valid' },
      /larger than the images/,
    ],
    [
      'DepthwiseConv2dNativeBackpropInput',
      { dy: [1, 4, 4, 2], filter: [2, 2, 2, 1] },
      { strides: 1, pad: 'valid', inputShape: [1, 4, 4, 2] },
      /dy \[1, 4, 4, 2\] is not the shape/,
    ],
    [
      'DepthwiseConv2dNativeBackpropFilter',
      { x: [1, 4, 4, 2], dy: [1, 3, 3, 3] },
      { strides: 1, pad: 'valid', filterShape: [2, 2, 2, 1] },
      /dy \[1, 3, 3, 3\] is not the shape/,
    ],
    [
      'Conv3D',
      { x: [1, 3, 3, 3, 2], filter: [2, 2, 2, 3, 1] },
      { strides: 1, pad: 'valid' },
      /does not fit the volumes/,
    ],
    [
      'Conv3DBackpropFilterV2',
      { x: [1, 3, 3, 3, 2], dy: [1, 3, 3, 3, 1] },
      { strides: 1, pad: 'valid', filterShape: [2, 2, 2, 2, 1] },
      /dy .* is not the shape/,
    ],
    [
      'Conv3DBackpropInputV2',
      { dy: [1, 2, 2, 2, 2], filter: [2, 2, 2, 2, 1] },
      { strides: 1, pad: 'valid', inputShape: [1, 3, 3, 3, 2] },
      /dy .* is not the shape/,
    ],
    [
      'Conv3D',
      { x: [1, 3, 3, 3, 2], filter: [2, 2, 2, 2, 1] },
      { strides: [1, 0.5, 1], pad: 'valid' },
      /strides must be whole/,
    ],
    ['AvgPool', { x: [1, 1, 1, 1] }, { filterSize: 3, strides: 1, pad: 'valid' }, /larger than the input/],
    ['AvgPool', { x: [1, 2, 2, 1] }, { filterSize: 0, strides: 1, pad: 'valid' }, /windows must be whole/],
    [
      'AvgPoolGrad',
      { dy: [1, 1, 1, 1], input: [1, 4, 4, 1] },
      { filterSize: 2, strides: 2, pad: 'valid' },
      /dy .* is not the shape/,
    ],
    [
      'AvgPool3DGrad',
      { dy: [1, 1, 1, 1, 1], input: [1, 4, 4, 4, 1] },
      { filterSize: 2, strides: 2, pad: 'valid' },
      /dy .* is not the shape/,
    ],
    [
      'Dilation2D',
      { x: [1, 4, 4, 2], filter: [2, 2, 3] },
      { strides: 1, pad: 'valid', dilations: 1 },
      /does not fit the images/,
    ],
    [
      'Dilation2D',
      { x: [1, 1, 1, 2], filter: [3, 3, 2] },
      { strides: 1, pad: 'valid', dilations: 1 },
      /shape of the output/,
    ],
    [
      'Dilation2DBackpropInput',
      { x: [1, 4, 4, 2], filter: [2, 2, 2], dy: [1, 4, 4, 2] },
      { strides: 1, pad: 'valid', dilations: 1 },
      /dy .* is not the shape/,
    ],
    [
      'ResizeBilinearGrad',
      { dy: [2, 4, 4, 2], images: [1, 2, 2, 2] },
      { alignCorners: false },
      /does not fit the images/,
    ],
    ['ResizeNearestNeighborGrad', { dy: [1, 4, 4, 3], images: [1, 2, 2, 2] }, { alignCorners: false }, /does not fit/],
    ['Prelu', { x: [2, 3], alpha: [2] }, {}, /could not be broadcast|do not fit/],
    ['Prelu', { x: [3], alpha: [2, 3] }, {}, /do not fit/],
  ] as const)('%s of %j, %j is refused', async ([kernel, shapes, attrs, why]) => {
    await tf.setBackend('wasm');
    const compute = () => {
      const inputs = Object.entries(shapes as Record<string, readonly number[] | string>).map(([name, shape]) => [
        name,
        typeof shape === 'string' ? tf.zeros([Number(shape.split(' ')[1])], 'int32') : tf.ones([...shape]),
      ]);
      const named = Object.fromEntries(inputs) as Record<string, Tensor>;
      return tf.engine().runKernel<Tensor>(kernel, named, attrs);
    };
    const before = tf.memory();
    expect(() => tf.tidy(() => void compute())).toThrow(why);
    expect(tf.memory()).toEqual(before);
  });

  test('a window of one number is no pooling, and one on padding alone has no average', async () => {
    await tf.setBackend('wasm');
    const values = tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      const zeros = [
        [0, 0],
        [2, 0],
        [0, 0],
        [0, 0],
      ] as never;
      return [
        tf.avgPool(x, 1, 2, 1),
        tf.avgPool(x, 1, 1, 'valid'),
        tf.avgPool(x, 2, 1, zeros),
        tf.maxPool(x, 2, 1, zeros),
      ].map((each) => [...each.dataSync()]);
    });
    expect(values).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [NaN, 1.5, 2.5],
      [-Infinity, 2, 4],
    ]);
  });
});
