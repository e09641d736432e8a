import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tfjsAdam } from '../../src/backends/adam.js';
import type { ActiveBackend, Backend } from '../../src/backends/backend.js';
import type { OptimizerFactory } from '../../src/backends/additions.js';
import type { Tf } from '../../src/backends/tfjs.js';
import { explicitPadding } from '../../src/backends/padding.js';
import type { ModelSpec } from '../../src/core/model.js';
import { buildModel } from '../../src/train/build.js';
import { kernelsForTraining } from '../../src/train/kernels.js';
import { clockKernels, type KernelClock } from '../../src/train/trace.js';
import { describeBackend } from './available.js';
import { randomNumbers, relativeError } from './numbers.js';
import { CHOSEN, DILATED, hasLongSums, randomDilatedProblem, randomProblem, shapesOf } from './problems.js';
import { testTable } from './table.js';
import { valuesOn } from './values-on.js';
import { LEDGER } from '../fixtures/ledger.js';

/** Bound of float32 sums of a few thousand products in another order. */
const TOLERANCE = 2e-6;

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);
const random = randomNumbers(SEED);

const PROBLEMS = [...CHOSEN, ...Array.from({ length: 20 }, () => randomProblem(random))];
const DILATED_PROBLEMS = [...DILATED, ...Array.from({ length: 8 }, () => randomDilatedProblem(random))];

const BOTH = [false, true] as const;
const PRODUCTS = [
  { rows: 1, inner: 1, columns: 1 },
  { rows: 65, inner: 257, columns: 33 },
  { rows: 8, inner: 784, columns: 10 },
  ...Array.from({ length: 9 }, () => ({
    rows: random.integer(1, 70),
    inner: random.integer(1, 70),
    columns: random.integer(1, 70),
  })),
].flatMap((sizes) => BOTH.flatMap((transposeA) => BOTH.map((transposeB) => ({ ...sizes, transposeA, transposeB }))));

const POOLS = (['max', 'avg'] as const).flatMap((kind) =>
  [
    { size: 2, stride: 2 },
    { size: 3, stride: 2 },
    { size: 3, stride: 1 },
  ].flatMap((window) => (['valid', 'same'] as const).map((pad) => ({ kind, ...window, pad }))),
);

type Unary = (tf: Tf, x: Tensor) => Tensor;
const ELEMENTWISE: readonly [name: string, compute: Unary, unit?: number][] = [
  ['relu', (tf, x) => tf.relu(x)],
  ['step', (tf, x) => tf.step(x, 0.5)],
  ['sigmoid', (tf, x) => tf.sigmoid(x)],
  // WGSL bounds its error in absolute terms, as a quotient of sums of exponentials: near 0 it is large beside the result.
  ['tanh', (tf, x) => tf.tanh(x), 1],
  ['softmax', (tf, x) => tf.softmax(x)],
  ['square', (tf, x) => tf.square(x)],
  ['square root', (tf, x) => tf.sqrt(tf.add(x, 2))],
  ['logarithm', (tf, x) => tf.log(tf.add(x, 2))],
  ['exponential', (tf, x) => tf.exp(x)],
  ['quotient', (tf, x) => tf.div(tf.add(x, 3), tf.add(x, 2))],
  ['mean', (tf, x) => tf.mean(x, [0])],
  ['maximum', (tf, x) => tf.max(x, [-1])],
  [
    'padding',
    (tf, x) =>
      tf.pad(
        x,
        x.shape.map((): [number, number] => [1, 2]),
      ),
  ],
  [
    'slice',
    (tf, x) =>
      tf.slice(
        x,
        x.shape.map((length) => (length > 1 ? 1 : 0)),
      ),
  ],
];

/** Every layer that a recipe trains, and narrow. */
const EVERYTHING: ModelSpec = {
  id: 'everything',
  title: 'Every layer that is trained',
  input: [15, 15, 3],
  layers: [
    { kind: 'conv2d', name: 'c1', filters: 6, kernel: 3, padding: 2 },
    { kind: 'relu', name: 'r1' },
    { kind: 'max-pool', name: 'p1', size: 2, stride: 2 },
    { kind: 'conv2d', name: 'c2', filters: 8, kernel: 3, padding: 1 },
    { kind: 'tanh', name: 't1' },
    { kind: 'average-pool', name: 'p2', size: 2, stride: 2 },
    { kind: 'flatten', name: 'f' },
    { kind: 'dense', name: 'd1', units: 24 },
    { kind: 'sigmoid', name: 's1' },
    { kind: 'dense', name: 'd2', units: 10 },
  ],
};

const AVERAGE_SAME = 'average pooling with pad same';
const MAXIMUM_NEGATIVE = 'max pooling of negative numbers';

/** What a backend may be excused from. */
export type Excused =
  'convolution' | 'fused product' | typeof AVERAGE_SAME | typeof MAXIMUM_NEGATIVE | 'whole model' | 'every kernel';

/**
 * Every kernel that training takes, forward and backward, against the pure-JavaScript backend on fresh random problems.
 * One file for each backend, because a process can start only one variant of it.
 *
 * @param excused each with its reason, which the name of a skipped test says
 */
export async function describeKernels(
  backend: Backend,
  excused: Readonly<Partial<Record<Excused, string>>> = {},
): Promise<void> {
  await describeBackend(backend, `kernels of ${backend.name} (CNNBENCH_TEST_SEED=${SEED})`, (active) => {
    // libtensorflow brings its own tfjs, with the oracle.
    beforeAll(async () => {
      if (!active.tf.engine().backendNames().includes('cpu')) await import('@tensorflow/tfjs-backend-cpu');
    });
    defineTests(active, excused);
  });
}

function defineTests(active: ActiveBackend, excused: Readonly<Partial<Record<Excused, string>>>): void {
  const { tf } = active;
  const own = tf.getBackend();
  let clock: KernelClock;
  beforeAll(() => {
    clock = clockKernels(tf, () => 0);
  });
  afterAll(() => clock.stop());
  const convolution = excused.convolution !== undefined;
  for (const [what, reason] of Object.entries(excused)) test.skip(`${what}: ${reason}`);

  /** Computes the same on both. */
  async function expectAgreement(compute: () => Tensor[], tolerance = TOLERANCE, unit = 0): Promise<void> {
    const wanted = await valuesOn(tf, 'cpu', compute);
    const actual = await valuesOn(tf, own, compute);
    expect(actual.length).toBe(wanted.length);
    const errors = wanted.map((values, index) => relativeError(actual[index] as Float32Array, values, unit));
    expect(Math.max(...errors), `relative errors: ${errors.join(', ')}`).toBeLessThanOrEqual(tolerance);
  }

  testTable(PROBLEMS, { every: 6, skip: convolution }, 'convolution and its gradients: %j', async (problem) => {
    const shapes = shapesOf(tf, problem);
    const values = valuesOf(shapes);
    // In pixels, tfjs takes the width of the output from its height.
    const pad = explicitPadding(problem.pad);
    const convolve = (x: Tensor, filter: Tensor) => tf.conv2d(x as Tensor4D, filter as Tensor4D, problem.strides, pad);
    await expectAgreement(
      () => {
        const [x, filter] = [tf.tensor4d(values.x, shapes.x), tf.tensor4d(values.filter, shapes.filter)];
        const gradients = tf.grads(convolve)([x, filter], tf.tensor4d(values.y, shapes.y));
        return [convolve(x, filter), ...gradients];
      },
      hasLongSums(problem) ? 2 * TOLERANCE : TOLERANCE,
    );
  });

  testTable(DILATED_PROBLEMS, { every: 4, skip: convolution }, 'dilated convolution: %j', async (problem) => {
    const shapes = shapesOf(tf, problem);
    const values = valuesOf(shapes);
    const { strides, pad, dilations = 1 } = problem;
    await expectAgreement(() => {
      const [x, filter] = [tf.tensor4d(values.x, shapes.x), tf.tensor4d(values.filter, shapes.filter)];
      return [tf.conv2d(x, filter, strides, explicitPadding(pad), 'NHWC', dilations)];
    });
  });

  test.skipIf(excused.convolution).each(['linear', 'relu', 'elu'] as const)(
    'convolution with a bias and %s, and its gradients',
    async (activation) => {
      const shapes = { x: [2, 9, 8, 3], filter: [3, 3, 3, 21], y: [2, 7, 6, 21] } as const;
      const values = valuesOf(shapes);
      const bias = randomNumbers(SEED + 10).values(21);
      await expectAgreement(() => {
        const convolve = (x: Tensor, filter: Tensor, b: Tensor) =>
          tf.fused.conv2d({
            ...{ x: x as Tensor4D, filter: filter as Tensor4D, bias: b },
            ...{ strides: 1, pad: 'valid', activation },
          });
        const operands = [
          tf.tensor4d(values.x, [...shapes.x]),
          tf.tensor4d(values.filter, [...shapes.filter]),
        ] as const;
        const dy = tf.tensor4d(values.y, [...shapes.y]);
        const convolved = convolve(...operands, tf.tensor1d(bias));
        // tfjs has gradients of these activations only.
        if (activation === 'elu') return [convolved];
        return [convolved, ...tf.grads((x, filter, b) => convolve(x, filter, b))([...operands, tf.tensor1d(bias)], dy)];
      });
    },
  );

  testTable(
    PRODUCTS,
    { every: 5, skip: excused['fused product'] !== undefined },
    'matrix product: %j',
    async ({ rows, inner, columns, transposeA, transposeB }) => {
      const numbers = randomNumbers(SEED + 2);
      const [a, b] = [numbers.values(rows * inner), numbers.values(inner * columns)];
      const [bias, dy] = [numbers.values(columns), numbers.values(rows * columns)];
      await expectAgreement(() => {
        const product = (x: Tensor, y: Tensor, z: Tensor) =>
          tf.fused.matMul({ a: x, b: y, bias: z, transposeA, transposeB });
        const operands = [
          tf.tensor2d(a, transposeA ? [inner, rows] : [rows, inner]),
          tf.tensor2d(b, transposeB ? [columns, inner] : [inner, columns]),
          tf.tensor1d(bias),
        ] as const;
        const gradients = tf.grads((x, y, z) => product(x, y, z))([...operands], tf.tensor2d(dy, [rows, columns]));
        return [product(...operands), ...gradients];
      });
    },
  );

  const pools = POOLS.filter(({ kind, pad }) => !(excused[AVERAGE_SAME] && kind === 'avg' && pad === 'same'));
  testTable(pools, { every: 5 }, 'pooling and its gradient: %j', async ({ kind, size, stride, pad }) => {
    const numbers = randomNumbers(SEED + 3);
    const shape: [number, number, number, number] = [2, 9, 11, 5];
    const drawn = numbers.values(2 * 9 * 11 * 5);
    const x = excused[MAXIMUM_NEGATIVE] ? drawn.map(Math.abs) : drawn;
    const pool = (images: Tensor) => tf.pool(images as Tensor4D, [size, size], kind, pad, 1, stride);
    await expectAgreement(() => {
      const images = tf.tensor4d(x, shape);
      const pooled = pool(images);
      const dy = tf.tensor(randomNumbers(SEED + 4).values(pooled.size), pooled.shape);
      return [pooled, tf.grad(pool)(images, dy)];
    });
  });

  test.each(ELEMENTWISE)('%s and its gradient', async (_, compute, unit) => {
    for (const shape of [[1], [3, 5], [257, 10], [2, 3, 4, 5]]) {
      const x = randomNumbers(SEED + 5).values(tf.util.sizeFromShape(shape));
      const outputAndGradient = () => {
        const input = tf.tensor(x, shape);
        const output = compute(tf, input);
        const dy = tf.tensor(randomNumbers(SEED + 6).values(output.size), output.shape);
        return [output, tf.grad((each) => compute(tf, each))(input, dy)];
      };
      await expectAgreement(outputAndGradient, TOLERANCE, unit);
    }
  });

  test('counting what was guessed right, and what dropout keeps', async () => {
    const logits = randomNumbers(SEED + 7).values(300 * 10);
    await expectAgreement(() => {
      const guesses = tf.argMax(tf.tensor2d(logits, [300, 10]), 1);
      return [tf.cast(guesses, 'float32'), tf.floor(tf.mul(tf.tensor1d(logits), 4))];
    });
  });

  test.skipIf(excused['whole model'])(
    'loss, gradients and three steps of Adam of a model with every layer',
    async () => {
      const images = randomNumbers(SEED + 8).values(6 * 15 * 15 * 3);
      const oneHot = Float32Array.from({ length: 6 * 10 }, (_, index) =>
        index % 10 === (7 * Math.floor(index / 10)) % 10 ? 1 : 0,
      );
      const run = async (backend: string, adam: OptimizerFactory) => {
        await tf.setBackend(backend);
        const model = buildModel(active, EVERYTHING);
        const numbers = randomNumbers(SEED + 9);
        tf.tidy(() => {
          const start = model.getWeights().map((weight) =>
            tf.tensor(
              numbers.values(weight.size).map((value) => 0.3 * value),
              weight.shape,
            ),
          );
          model.setWeights(start);
        });
        const optimizer = adam({ learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
        const x = tf.tensor4d(images, [6, 15, 15, 3]);
        const y = tf.tensor2d(oneHot, [6, 10]);
        const loss = () =>
          tf.losses.softmaxCrossEntropy<Tensor2D, Scalar>(y, model.apply(x, { training: true }) as Tensor2D);
        const { value, grads } = tf.variableGrads(loss);
        const first = await Promise.all([value, ...Object.values(grads)].map((each) => each.data()));
        const losses: number[] = [];
        for (let step = 0; step < 3; step++) {
          const cost = optimizer.minimize(loss, true) as Scalar;
          losses.push((await cost.data())[0] as number);
          cost.dispose();
        }
        const weights = await Promise.all(model.getWeights().map((weight) => weight.data()));
        tf.dispose([value, grads, x, y]);
        model.dispose();
        optimizer.dispose();
        return { computed: [...first, Float32Array.from(losses)], weights };
      };
      const wanted = await run('cpu', tfjsAdam(tf));
      // The Adam of the backend may be one kernel of its own.
      for (const adam of [active.adam, tfjsAdam(tf)]) {
        const actual = await run(own, adam);
        // Adam divides a gradient by its own size: where that is near 0, its last bits move the weight by a part of a step.
        for (const [part, bound] of [
          ['computed', 1e-5],
          ['weights', 1e-4],
        ] as const) {
          const [found, oracle] = [actual[part], wanted[part]] as [Float32Array[], Float32Array[]];
          expect(found).toHaveLength(oracle.length);
          const errors = oracle.map((values, index) => relativeError(found[index] as Float32Array, values));
          expect(Math.max(...errors), `${part}, relative errors: ${errors.join(', ')}`).toBeLessThanOrEqual(bound);
        }
      }
    },
  );

  test.skipIf(excused['every kernel'])('these problems ran every kernel that training in the suites takes', () => {
    const ran = clock.take();
    const taken = LEDGER.experiments.flatMap((it) => (it.kind === 'training' ? kernelsForTraining(it.model) : []));
    expect([...new Set(taken)].filter((name) => !ran.has(name))).toEqual([]);
  });
}

function valuesOf(shapes: { x: readonly number[]; filter: readonly number[]; y: readonly number[] }) {
  const numbers = randomNumbers(SEED + 1);
  const of = (shape: readonly number[]) => numbers.values(shape.reduce((product, length) => product * length, 1));
  return { x: of(shapes.x), filter: of(shapes.filter), y: of(shapes.y) };
}
