import type { Tensor } from '@tensorflow/tfjs-core';
import { EXACT, sums } from '../bounds.js';
import { drawForSums, SIGNED, type OpProblem } from '../problem.js';

/** [shape, axes]: the gradients of a bias, classes, a whole batch; one row, one column, one number. */
const SUMS: readonly (readonly [shape: readonly number[], axes: readonly number[]])[] = [
  [[1], [0]],
  [[1, 10], [1]],
  [[33, 1], [0]],
  [[33, 10], [1]],
  [[33, 257], [0]],
  [
    [3, 11, 13, 70],
    [0, 1, 2],
  ],
  [
    [33, 10],
    [0, 1],
  ],
  [[5000], [0]],
];

const ROWS = [
  [1, 10],
  [33, 10],
  [5, 1],
  [3, 1001],
] as const;

/** What makes one number of many. */
export const REDUCTIONS: readonly OpProblem[] = [
  ...SUMS.map(([shape, axes]): OpProblem => {
    const terms = axes.reduce((product, axis) => product * (shape[axis] as number), 1);
    const outputs = shape.reduce((product, length) => product * length, 1) / terms;
    return {
      kernel: 'Sum',
      detail: `[${shape.join(', ')}] along ${axes.join(', ')}`,
      inputs: [{ shape, draw: drawForSums(outputs) }],
      bound: sums(terms),
      run: ({ tf }, [x]) => tf.sum(x as Tensor, [...axes]),
    };
  }),
  ...ROWS.map((shape): OpProblem => ({
    kernel: 'Max',
    detail: `[${shape.join(', ')}] along 1`,
    inputs: [{ shape, draw: SIGNED }],
    bound: EXACT,
    run: ({ tf }, [x]) => tf.max(x as Tensor, 1, true),
  })),
  ...ROWS.map((shape): OpProblem => ({
    kernel: 'ArgMax',
    detail: `[${shape.join(', ')}] along 1`,
    inputs: [{ shape, draw: SIGNED }],
    bound: EXACT,
    run: ({ tf }, [x]) => tf.argMax(x as Tensor, 1),
  })),
];
