import type { Tensor } from '@tensorflow/tfjs-core';
import { sums } from '../bounds.js';
import { drawForSums, type OpProblem } from '../problem.js';

/** A dense layer: its batch and its sides. */
type Layer = readonly [batch: number, inputs: number, units: number];

/** One number, one row, one column, odd sides, the last layer of a recipe, the first ones for each kind of image. */
const LAYERS: readonly Layer[] = [
  [1, 1, 1],
  [1, 37, 10],
  [5, 1, 7],
  [7, 37, 1],
  [33, 65, 17],
  [32, 256, 10],
  [32, 784, 256],
  [8, 3072, 256],
];

function matrix(rows: number, columns: number, outputs: number): OpProblem['inputs'][number] {
  return { shape: [rows, columns], draw: drawForSums(outputs) };
}

/** The matrix products of a dense layer: forward (alone, and fused with the bias), and the gradients of both factors. */
export const PRODUCTS: readonly OpProblem[] = LAYERS.flatMap(([batch, inputs, units]): OpProblem[] => [
  {
    kernel: 'BatchMatMul',
    detail: `${batch} x ${inputs} x ${units}`,
    inputs: [matrix(batch, inputs, batch * units), matrix(inputs, units, batch * units)],
    bound: sums(inputs),
    run: ({ tf }, [x, weights]) => tf.matMul(x as Tensor, weights as Tensor),
  },
  {
    kernel: 'BatchMatMul',
    detail: `${inputs} x ${batch} x ${units}, left transposed`,
    inputs: [matrix(batch, inputs, inputs * units), matrix(batch, units, inputs * units)],
    bound: sums(batch),
    run: ({ tf }, [x, dy]) => tf.matMul(x as Tensor, dy as Tensor, true, false),
  },
  {
    kernel: 'BatchMatMul',
    detail: `${batch} x ${units} x ${inputs}, right transposed`,
    inputs: [matrix(batch, units, batch * inputs), matrix(inputs, units, batch * inputs)],
    bound: sums(units),
    run: ({ tf }, [dy, weights]) => tf.matMul(dy as Tensor, weights as Tensor, false, true),
  },
  {
    kernel: '_FusedMatMul',
    detail: `${batch} x ${inputs} x ${units}, bias`,
    inputs: [
      matrix(batch, inputs, batch * units),
      matrix(inputs, units, batch * units),
      { shape: [units], draw: drawForSums(batch * units) },
    ],
    bound: sums(inputs + 1),
    run: ({ tf }, [a, b, bias]) => tf.fused.matMul({ a: a as Tensor, b: b as Tensor, bias }),
  },
]);
