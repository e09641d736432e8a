import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../backends/tfjs.js';
import { EXACT, EXPONENTIAL, ROUNDED, SIGMOID, ulps, type Bound } from '../bounds.js';
import { SIGNED, uniform, type Draw, type OpProblem } from '../problem.js';

/** One number, a vector that no SIMD width divides, an image batch with odd sides. */
const SHAPES = [[1], [7, 5], [2, 5, 7, 3]] as const;

interface Unary {
  readonly kernel: string;
  readonly draw: Draw;
  readonly bound: Bound;
  readonly about?: string;
  readonly compute: (tf: Tf, x: Tensor) => Tensor;
}

const NEAR_ONE: Bound = {
  measure: 'normwise',
  limit: 2 ** -21 / Math.LN2,
  reason: 'log(x) of WGSL for x in [0.5, 2]: absolute error 2^-21, the largest value is log 2',
};

const UNARY: readonly Unary[] = [
  { kernel: 'Identity', draw: SIGNED, bound: EXACT, compute: (tf, x) => tf.clone(x) },
  { kernel: 'ZerosLike', draw: SIGNED, bound: EXACT, compute: (tf, x) => tf.zerosLike(x) },
  { kernel: 'Neg', draw: SIGNED, bound: EXACT, compute: (tf, x) => tf.neg(x) },
  { kernel: 'Relu', draw: SIGNED, bound: EXACT, compute: (tf, x) => tf.relu(x) },
  { kernel: 'Step', draw: SIGNED, bound: EXACT, compute: (tf, x) => tf.step(x) },
  { kernel: 'Square', draw: SIGNED, bound: ROUNDED, compute: (tf, x) => tf.square(x) },
  {
    kernel: 'Sqrt',
    draw: uniform(1e-6, 100),
    bound: ulps(4.5, 'sqrt(x) of WGSL is 1 / inverseSqrt(x): 2 + 2.5 ULP'),
    compute: (tf, x) => tf.sqrt(x),
  },
  { kernel: 'Exp', draw: uniform(-8, 8), bound: EXPONENTIAL, compute: (tf, x) => tf.exp(x) },
  { kernel: 'Sigmoid', draw: uniform(-8, 8), bound: SIGMOID, compute: (tf, x) => tf.sigmoid(x) },
  {
    kernel: 'Log',
    about: ' above 2',
    draw: uniform(2, 100),
    bound: ulps(3, 'log(x) of WGSL outside [0.5, 2]: 3 ULP'),
    compute: (tf, x) => tf.log(x),
  },
];

interface Binary {
  readonly kernel: string;
  /** Of the second input. */
  readonly draw: Draw;
  readonly bound: Bound;
  readonly compute: (tf: Tf, a: Tensor, b: Tensor) => Tensor;
}

const BINARY: readonly Binary[] = [
  { kernel: 'Add', draw: SIGNED, bound: ROUNDED, compute: (tf, a, b) => tf.add(a, b) },
  { kernel: 'Sub', draw: SIGNED, bound: ROUNDED, compute: (tf, a, b) => tf.sub(a, b) },
  { kernel: 'Multiply', draw: SIGNED, bound: ROUNDED, compute: (tf, a, b) => tf.mul(a, b) },
  {
    kernel: 'RealDiv',
    draw: uniform(0.1, 10),
    bound: ulps(2.5, 'x / y of WGSL: 2.5 ULP'),
    compute: (tf, a, b) => tf.div(a, b),
  },
];

/** As the layers, the loss and the bias use them: equal shapes, a row for each, a column for each, one number for all. */
const PAIRS = [
  [[1], [1]],
  [
    [7, 5],
    [7, 5],
  ],
  [[7, 5], [5]],
  [
    [7, 5],
    [7, 1],
  ],
  [[2, 5, 7, 3], [3]],
  [[7, 5], []],
] as const;

/** What computes each value by itself, or only moves it. */
export const ELEMENTWISE: readonly OpProblem[] = [
  ...UNARY.flatMap(({ kernel, about = '', draw, bound, compute }) =>
    SHAPES.map((shape): OpProblem => {
      const run: OpProblem['run'] = ({ tf }, [x]) => compute(tf, x as Tensor);
      return { kernel, detail: `[${shape.join(', ')}]${about}`, inputs: [{ shape, draw }], bound, run };
    }),
  ),
  {
    kernel: 'Log',
    detail: '[1000] around 1',
    inputs: [{ shape: [1000], draw: uniform(0.5, 2) }],
    bound: NEAR_ONE,
    run: ({ tf }, [x]) => tf.log(x as Tensor),
  },
  ...BINARY.flatMap(({ kernel, draw, bound, compute }) =>
    PAIRS.map(([left, right]): OpProblem => {
      const inputs = [
        { shape: left, draw: SIGNED },
        { shape: right, draw },
      ];
      const run: OpProblem['run'] = ({ tf }, [a, b]) => compute(tf, a as Tensor, b as Tensor);
      return { kernel, detail: `[${left.join(', ')}] and [${right.join(', ')}]`, inputs, bound, run };
    }),
  ),
  {
    kernel: 'Reshape',
    detail: '[2, 3, 5] to [6, 5]',
    inputs: [{ shape: [2, 3, 5], draw: SIGNED }],
    bound: EXACT,
    run: ({ tf }, [x]) => tf.reshape(x as Tensor, [6, 5]),
  },
  {
    kernel: 'Cast',
    detail: 'float32 to int32',
    inputs: [{ shape: [7, 5], draw: uniform(-100, 100) }],
    bound: EXACT,
    run: ({ tf }, [x]) => tf.cast(x as Tensor, 'int32'),
  },
  {
    kernel: 'Cast',
    detail: 'int32 to float32',
    inputs: [{ shape: [7, 5], draw: uniform(-100, 100) }],
    bound: EXACT,
    run: ({ tf }, [x]) => tf.cast(tf.cast(x as Tensor, 'int32'), 'float32'),
  },
];
