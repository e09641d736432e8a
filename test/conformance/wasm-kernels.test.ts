import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Tf } from '../../src/backends/tfjs.js';
import { geometryOf } from '../../src/backends/wasm/module/geometry.js';
import { compileKernels, KernelModule } from '../../src/backends/wasm/module/kernel-module.js';
import type { Operation } from '../../src/backends/wasm/module/operations.js';
import { explicitPadding } from '../../src/backends/padding.js';
import { isSpectral } from '../../src/backends/wasm/module/spectral.js';
import { startTunedWasm, type TunedWasm, type WasmOptions } from '../../src/backends/wasm/tuned.js';
import { randomNumbers, relativeError, valuesOn } from './oracle.js';
import { testTable } from './table.js';
import {
  CHOSEN,
  DILATED,
  hasLongSums,
  randomDilatedProblem,
  randomProblem,
  randomWideProblem,
  shapesOf,
  type Problem,
} from './problems.js';
import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients, which the Node build of tfjs-core leaves out.
import '@tensorflow/tfjs-layers';

/** Bound of issue-wide agreement: float32 sums of a few thousand products in another order. */
const TOLERANCE = 2e-6;

const SEED = Number(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);

/** Why the build with fused multiply-add cannot be tested here, if it can't. A missing file is no excuse. */
const noFma = await compileKernels(true).then(
  () => undefined,
  (error: unknown) => {
    if (error instanceof Error && error.name === 'CompileError')
      return `this Node has no relaxed SIMD: ${error.message}`;
    throw error;
  },
);

const SETS: readonly { title: string; options: WasmOptions; missing?: string | undefined }[] = [
  { title: 'our module', options: { kernels: 'module', threads: 2 } },
  { title: 'our module with FMA', options: { kernels: 'module', fma: true }, missing: noFma },
  { title: 'xnnpack', options: { kernels: 'xnnpack' } },
];

const random = randomNumbers(SEED);
const draw = (count: number, of: typeof randomProblem) => Array.from({ length: count }, () => of(random));
const PROBLEMS = [...CHOSEN, ...draw(40, randomProblem), ...draw(6, randomWideProblem)];
const DILATED_PROBLEMS = [...DILATED, ...draw(10, randomDilatedProblem)];

const BOTH = [false, true] as const;

/** Sizes around those of tiles, panels and blocks. */
const EDGES = [1, 3, 4, 5, 7, 8, 9, 63, 64, 65, 255, 256, 257];
const PRODUCTS = [
  ...[[], [1], [2], [2, 3]].flatMap((outer) =>
    BOTH.flatMap((transposeA) =>
      BOTH.map((transposeB) => ({ outer, transposeA, transposeB, ...sizes(() => random.integer(1, 70)) })),
    ),
  ),
  ...Array.from({ length: 32 }, (_, index) => ({
    ...{ outer: [], transposeA: index % 2 === 1, transposeB: index % 4 > 1 },
    ...sizes(() => EDGES[random.integer(0, EDGES.length - 1)] as number),
  })),
  ...BOTH.flatMap((transposeA) =>
    BOTH.map((transposeB) => ({ outer: [], transposeA, transposeB, rows: 65, inner: 257, columns: 257 })),
  ),
];

function sizes(draw: () => number) {
  return { rows: draw(), inner: draw(), columns: draw() };
}

const FUSED_PRODUCTS = BOTH.flatMap((transposeA) =>
  BOTH.flatMap((transposeB) =>
    (['linear', 'relu', 'elu'] as const).flatMap((activation) =>
      BOTH.map((bias) => ({ transposeA, transposeB, activation, bias })),
    ),
  ),
);

const SUMS: readonly [number[], number[]][] = [
  [[5, 7], [0]],
  [[5, 7], [1]],
  [[300, 16], [0]],
  [[257, 35], [0]],
  [
    [4, 3, 5, 17],
    [0, 1, 2],
  ],
  [
    [4, 3, 5, 17],
    [0, 1],
  ],
  [
    [4, 3, 5, 17],
    [0, 2],
  ],
  [
    [4, 3, 5, 17],
    [2, 3],
  ],
  [
    [3, 4],
    [0, 1],
  ],
  [[50_000, 3], [0]],
  [[50_000, 20], [0]],
];

const EMPTY: readonly [string, (tf: Tf) => Tensor][] = [
  ['[0,5] by [5,3]', (tf) => tf.matMul(tf.zeros([0, 5]), tf.ones([5, 3]))],
  ['[4,0] by [0,3]', (tf) => tf.matMul(tf.zeros([4, 0]), tf.ones([0, 3]))],
  ['sum of no rows', (tf) => tf.sum(tf.zeros([0, 3]), 0)],
  ['copy', (tf) => tf.clone(tf.zeros([0, 3]))],
  ['cast', (tf) => tf.cast(tf.zeros([0]), 'float32')],
  ['no images', (tf) => tf.conv2d(tf.zeros<Rank.R4>([0, 8, 8, 3]), tf.ones([3, 3, 3, 4]), 1, 'valid')],
  ['no images, wide', (tf) => tf.conv2d(tf.zeros<Rank.R4>([0, 16, 16, 8]), tf.ones([7, 7, 8, 8]), 1, 'valid')],
];

/** A pad in pixels as it is on wasm; explicit for the oracle, where tfjs takes the width of the output from the height. */
function padOn(tf: Tf, pad: Problem['pad']): Problem['pad'] {
  return tf.getBackend() === 'cpu' ? explicitPadding(pad) : pad;
}

/** A problem for transforms. */
const WIDE: Problem = {
  ...{ batch: 5, height: 18, width: 17, channels: 8, filters: 16, kernel: [7, 7], strides: [1, 1], pad: 'valid' },
};

/** The oracle's values, which every set of kernels is held to, by name of the computation. */
const oracles = new Map<string, Promise<Float32Array[]>>();

/** Computes the same on wasm and on the pure-JavaScript backend. */
async function expectAgreement(tf: Tf, name: string, compute: () => Tensor[]): Promise<void> {
  const oracle = oracles.get(name) ?? valuesOn(tf, 'cpu', compute);
  oracles.set(name, oracle);
  const wanted = await oracle;
  const actual = await valuesOn(tf, 'wasm', compute);
  expect(actual.length).toBe(wanted.length);
  const errors = wanted.map((values, index) => relativeError(actual[index] as Float32Array, values));
  expect(Math.max(...errors), `relative errors: ${errors.join(', ')}`).toBeLessThanOrEqual(TOLERANCE);
}

describe.for(SETS)(`$title on wasm agrees with the pure-JavaScript backend (seed ${SEED})`, ({ options, missing }) => {
  if (missing !== undefined) {
    test.skip(missing);
    return;
  }
  const isModule = options.kernels === 'module';
  /** What `wasm` computes with where nobody asks for anything else. */
  const isQuick = isModule && options.fma !== true;
  let tuned: TunedWasm;
  let tf: Tf;
  beforeAll(async () => {
    tuned = await startTunedWasm(options);
    ({ tf } = tuned);
    expect(tuned).toMatchObject({ fma: options.fma ?? false, threads: options.threads ?? 1 });
    expect(tuned.fallback === undefined).toBe(isModule);
  });
  afterAll(() => tuned.stop());

  const run = vi.spyOn(KernelModule.prototype, 'run');
  beforeEach(() => void run.mockClear());
  /** How often our module was asked for an operation in this test. */
  const count = (operation: Operation) => run.mock.calls.filter(([called]) => called === operation).length;

  const suitable = (problems: readonly Problem[]) =>
    problems
      .filter((problem) => isModule || !hasLongSums(problem))
      .map((each) => [JSON.stringify(each), each] as const);
  const isForTransforms = ({
    batch,
    height,
    width,
    channels,
    kernel,
    filters,
    strides,
    pad,
    dilations = 1 as never,
  }: Problem) =>
    isSpectral(
      geometryOf(
        tf.backend_util.computeConv2DInfo(
          [batch, height, width, channels],
          [...kernel, channels, filters],
          strides,
          dilations,
          explicitPadding(pad),
        ),
      ),
    );

  test.runIf(isModule)('the problems take both ways in good numbers', () => {
    const spectral = PROBLEMS.filter(isForTransforms).length;
    expect(spectral).toBeGreaterThanOrEqual(6);
    expect(PROBLEMS.length - spectral).toBeGreaterThanOrEqual(30);
    expect(DILATED_PROBLEMS.filter(isForTransforms).length).toBeGreaterThanOrEqual(1);
  });

  testTable(
    suitable(PROBLEMS),
    { every: isQuick ? 8 : 0 },
    'convolution and its gradients: %s',
    async ([name, problem]) => {
      const { strides, pad } = problem;
      const shapes = shapesOf(tf, problem);
      const values = valuesOf(shapes);
      await expectAgreement(tf, name, () => {
        const convolve = (x: Tensor, filter: Tensor) =>
          tf.conv2d(x as Tensor4D, filter as Tensor4D, strides, padOn(tf, pad));
        const operands: Tensor[] = [tf.tensor4d(values.x, shapes.x), tf.tensor4d(values.filter, shapes.filter)];
        const gradients = tf.grads((x, filter) => convolve(x, filter))(operands, tf.tensor4d(values.y, shapes.y));
        return [convolve(operands[0] as Tensor, operands[1] as Tensor), ...gradients];
      });
      const isTransformed = isModule && isForTransforms(problem);
      // Forward twice: the gradients compute it, too.
      expect(count('spectralProduct')).toBe(isTransformed ? 3 : 0);
      expect(count('spectralCorrelation')).toBe(isTransformed ? 1 : 0);
      expect(count('convolve')).toBe(isModule && !isTransformed ? 2 : 0);
      expect(count('inputGradient') + count('filterGradient')).toBe(isModule && !isTransformed ? 2 : 0);
    },
  );

  testTable(
    suitable(DILATED_PROBLEMS),
    { every: isQuick ? 5 : 0 },
    'dilated convolution: %s',
    async ([name, problem]) => {
      const { strides, pad, dilations } = problem;
      const shapes = shapesOf(tf, problem);
      const values = valuesOf(shapes);
      await expectAgreement(tf, `dilated ${name}`, () => [
        tf.conv2d(
          tf.tensor4d(values.x, shapes.x),
          tf.tensor4d(values.filter, shapes.filter),
          strides,
          padOn(tf, pad),
          'NHWC',
          dilations,
        ),
      ]);
      expect(count('spectralProduct')).toBe(isModule && isForTransforms(problem) ? 1 : 0);
    },
  );

  test.runIf(isModule).each([3, 8])(
    'the gradient of a filter over no images is zero, %i channels',
    async (channels) => {
      await expectAgreement(tf, `no images, ${channels} channels`, () => {
        const images = tf.zeros<Rank.R4>([0, 16, 16, channels]);
        const gradient = tf.grad((filter) => tf.conv2d(images, filter as Tensor4D, 1, 'valid'));
        return [gradient(tf.ones([7, 7, channels, 8]))];
      });
    },
  );

  // Above: one part of the batch. The oracle is too slow for several, but needs only the images at their edges.
  test.runIf(isModule)('a batch of which only parts are transformed at a time', { tags: 'slow' }, async () => {
    const problem: Problem = { ...WIDE, batch: 75, height: 60, width: 60, channels: 16, filters: 8 };
    expect(isForTransforms(problem)).toBe(true);
    const shapes = shapesOf(tf, problem);
    const values = valuesOf(shapes);
    const few = [0, 74];
    const size = { x: 60 * 60 * 16, y: 54 * 54 * 8 };
    // The others' gradients are zero, so that dW is a sum over the few.
    values.y.forEach((_, index) => {
      if (!few.includes(Math.floor(index / size.y))) values.y[index] = 0;
    });
    const compute = (images: readonly number[]) => () => {
      const pick = (all: Float32Array, length: number, shape: readonly number[]) =>
        tf.tensor4d(join(images.map((image) => all.subarray(image * length, (image + 1) * length))), [
          images.length,
          ...shape.slice(1),
        ] as typeof shapes.x);
      const x = pick(values.x, size.x, shapes.x);
      const dy = pick(values.y, size.y, shapes.y);
      const filter = tf.tensor4d(values.filter, shapes.filter);
      const y = tf.conv2d(x, filter, 1, 'valid');
      const [dx, dw] = tf.grads((a, b) => tf.conv2d(a as Tensor4D, b as Tensor4D, 1, 'valid'))([x, filter], dy);
      return [y, dx as Tensor, dw as Tensor];
    };
    const oracle = await valuesOn(tf, 'cpu', compute(few));
    const all = await valuesOn(tf, 'wasm', compute(Array.from({ length: 75 }, (_, image) => image)));
    expect(count('spectralCorrelation'), 'parts of the batch').toBeGreaterThan(1);
    const of = (tensor: Float32Array, length: number) =>
      join(few.map((image) => tensor.subarray(image * length, (image + 1) * length)));
    const [y, dx, dw] = all as [Float32Array, Float32Array, Float32Array];
    expect(relativeError(of(y, size.y), oracle[0] as Float32Array)).toBeLessThanOrEqual(TOLERANCE);
    expect(relativeError(of(dx, size.x), oracle[1] as Float32Array)).toBeLessThanOrEqual(TOLERANCE);
    expect(relativeError(dw, oracle[2] as Float32Array)).toBeLessThanOrEqual(TOLERANCE);
  });

  const fused = [
    CHOSEN[1],
    CHOSEN.find(({ pad }) => pad === 'same'),
    CHOSEN.find(({ pad }) => pad === 2),
    WIDE,
  ].flatMap((problem) =>
    (['linear', 'relu', 'elu'] as const).map((activation) => ({ problem: problem as Problem, activation })),
  );
  testTable(fused, { every: isQuick ? 5 : 0 }, 'fused convolution: %o', async ({ problem, activation }) => {
    const shapes = shapesOf(tf, problem);
    const values = valuesOf(shapes);
    await expectAgreement(tf, `fused ${activation} ${JSON.stringify(problem)}`, () => [
      tf.fused.conv2d({
        x: tf.tensor4d(values.x, shapes.x),
        filter: tf.tensor4d(values.filter, shapes.filter),
        bias: tf.tensor1d(values.y.subarray(0, problem.filters)),
        ...{ strides: problem.strides, pad: problem.pad, activation },
      }),
    ]);
    expect(count('addBias')).toBe(isModule && activation !== 'elu' ? 1 : 0);
  });

  testTable(
    PRODUCTS,
    { every: isQuick ? 5 : 0 },
    'matrix product: %o',
    async ({ outer, transposeA, transposeB, rows, inner, columns }) => {
      const matrices = outer.reduce((product, length) => product * length, 1);
      const a = randomNumbers(SEED + 3).values(matrices * rows * inner);
      const b = randomNumbers(SEED + 4).values(matrices * inner * columns);
      const name = JSON.stringify([outer, transposeA, transposeB, rows, inner, columns]);
      await expectAgreement(tf, `product ${name}`, () => [
        tf.matMul(
          tf.tensor(a, [...outer, ...(transposeA ? [inner, rows] : [rows, inner])]),
          tf.tensor(b, [...outer, ...(transposeB ? [columns, inner] : [inner, columns])]),
          transposeA,
          transposeB,
        ),
      ]);
      const isPlain = outer.every((length) => length === 1);
      expect(count('product')).toBe(isModule && isPlain ? 1 : 0);
    },
  );

  testTable(
    FUSED_PRODUCTS,
    { every: isQuick ? 5 : 0 },
    'fused matrix product: %o',
    async ({ transposeA, transposeB, activation, bias }) => {
      const [rows, inner, columns] = [33, 70, 21];
      const a = randomNumbers(SEED + 3).values(rows * inner);
      const b = randomNumbers(SEED + 4).values(inner * columns);
      await expectAgreement(tf, `fused ${JSON.stringify([transposeA, transposeB, activation, bias])}`, () => [
        tf.fused.matMul({
          a: tf.tensor2d(a, transposeA ? [inner, rows] : [rows, inner]),
          b: tf.tensor2d(b, transposeB ? [columns, inner] : [inner, columns]),
          ...{ transposeA, transposeB, activation },
          ...(bias ? { bias: tf.tensor1d(b.subarray(0, columns)) } : {}),
        }),
      ]);
      expect(count('product')).toBe(isModule && activation !== 'elu' ? 1 : 0);
    },
  );

  // Stock knows no other bias than [columns]: it refuses it, or reads past its end.
  test.each([[], [1], [1, 4], [6, 1], [6, 4]])('a bias that broadcasts: %j', async (...shape) => {
    const numbers = randomNumbers(SEED + 6);
    const [a, b, bias] = [numbers.values(6 * 5), numbers.values(5 * 4), numbers.values(24)];
    await expectAgreement(tf, `bias ${JSON.stringify(shape)}`, () => {
      const added = tf.tensor(bias.subarray(0, tf.util.sizeFromShape(shape)), shape);
      const product = { a: tf.tensor2d(a, [6, 5]), b: tf.tensor2d(b, [5, 4]), bias: added };
      const convolution = { x: tf.tensor4d(a, [1, 1, 6, 5]), filter: tf.tensor4d(b, [1, 1, 5, 4]), bias: added };
      return [
        ...(['relu', 'elu'] as const).flatMap((activation) => [
          tf.fused.matMul({ ...product, activation }),
          tf.fused.conv2d({ ...convolution, strides: 1, pad: 'valid', activation }),
          tf.fused.depthwiseConv2d({
            ...{ ...convolution, filter: tf.tensor4d(b.subarray(0, 20), [1, 1, 5, 4]), strides: 1, pad: 'valid' },
            ...{ activation, bias: tf.tensor(bias.subarray(0, 1), shape.length === 0 ? [] : [1]) },
          }),
        ]),
      ];
    });
  });

  // Stock adds up long sums one number at a time: rounding errors grow beyond the bound.
  const sums = SUMS.filter(([[rows = 0]]) => isModule || rows < 1000);
  test.each(sums)('sum of %j over %j', async (shape, axis) => {
    // Positive: what cancels out leaves but the rounding errors.
    const values = randomNumbers(SEED + 5)
      .values(shape.reduce((product, length) => product * length, 1))
      .map(Math.abs);
    await expectAgreement(tf, `sum ${JSON.stringify([shape, axis])}`, () => {
      const x = tf.tensor(values, shape);
      return [tf.sum(x, axis), tf.sum(x, axis, true)];
    });
    const isLeading = axis.length < shape.length && axis.every((each, index) => each === index);
    expect(count('sumRows')).toBe(isModule && isLeading ? 2 : 0);
  });

  // Numbers of one sign, where no error cancels out. Bounds of docs/wasm-kernels.md; stock adds them up one by one.
  test.runIf(isModule).for(['random', 'equal'])(
    'a million %s numbers are added up within the bound',
    { tags: 'slow' },
    async (kind) => {
      await tf.setBackend('wasm');
      const count = 2 ** 20;
      const bound = (256 + count / 256) * 2 ** -24;
      const numbers = randomNumbers(SEED + 7)
        .values(count)
        .map((value) => (kind === 'equal' ? Math.fround(0.1) : Math.abs(value)));
      const [sum, products] = [
        numbers.reduce((total, value) => total + value, 0),
        numbers.reduce((total, value) => total + value ** 2, 0),
      ];
      const [byRows, byProduct, byFilter] = tf.tidy(() => {
        const x = tf.tensor1d(numbers);
        const images = tf.reshape<Rank.R4>(x, [16, 256, 256, 1]);
        const filter = tf.ones<Rank.R4>([1, 1, 1, 1]);
        return [
          tf.sum(tf.tile(tf.reshape(x, [count, 1]), [1, 17]), 0),
          tf.matMul(tf.reshape(x, [1, count]), tf.reshape(x, [count, 1])),
          tf.grad((weights) => tf.conv2d(images, weights as typeof filter, 1, 'valid'))(filter, images),
        ].map((each) => each.dataSync().slice());
      }) as [Float32Array, Float32Array, Float32Array];
      for (const value of byRows) expect(Math.abs(value / sum - 1)).toBeLessThan(bound);
      expect(Math.abs((byProduct[0] as number) / products - 1)).toBeLessThan(bound);
      expect(Math.abs((byFilter[0] as number) / products - 1)).toBeLessThan(bound);
    },
  );

  // Stock leaves the result as it found the memory.
  test.each(EMPTY)('empty operands: %s', async (name, compute) => {
    await expectAgreement(tf, `empty ${name}`, () => [compute(tf)]);
  });

  test('a tensor and its copy live on their own', async () => {
    await tf.setBackend('wasm');
    for (const copy of [(x: Tensor) => tf.clone(x), (x: Tensor) => tf.cast(x, 'float32')]) {
      const before = tf.memory();
      for (const first of [0, 1]) {
        const x = tf.tensor1d([1, 2, 3]);
        const pair = [x, copy(x)] as const;
        (pair[first] as Tensor).dispose();
        const other = tf.tensor1d([7, 8, 9]);
        expect([...(pair[1 - first] as Tensor).dataSync()]).toEqual([1, 2, 3]);
        tf.dispose([...pair, other]);
      }
      expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
    }
  });

  test('a variable that was assigned a copy keeps its values', async () => {
    await tf.setBackend('wasm');
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([1, 2, 3]);
    const [variable, twice] = tf.tidy(() => {
      const copied = tf.variable(tf.zeros([3]));
      copied.assign(tf.clone(x));
      return [copied, tf.variable(copied)] as const;
    });
    x.dispose();
    tf.tidy(() => {
      variable.assign(tf.add(variable, 1));
    });
    expect([...variable.dataSync()]).toEqual([2, 3, 4]);
    expect([...twice.dataSync()]).toEqual([1, 2, 3]);
    tf.dispose([variable, twice]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

function valuesOf(shapes: { x: readonly number[]; filter: readonly number[]; y: readonly number[] }) {
  const numbers = randomNumbers(SEED + 1);
  const of = (shape: readonly number[]) => numbers.values(shape.reduce((product, length) => product * length, 1));
  return { x: of(shapes.x), filter: of(shapes.filter), y: of(shapes.y) };
}

function join(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
