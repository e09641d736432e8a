import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ActiveBackend } from '../../../src/backends/backend.js';
import { jsBackend } from '../../../src/backends/js.js';
import type { LayerSpec, ModelSpec, SingleLayer } from '../../../src/core/model.js';
import { summarize, type ModelSummary } from '../../../src/model/summary.js';
import { buildModel, countLayers, countTrainable } from '../../../src/train/build.js';
import { LEDGER } from '../../fixtures/ledger.js';

let js: ActiveBackend;
beforeAll(async () => {
  js = await jsBackend.activate({});
});

describe('the tf.layers model', () => {
  // One at a time and disposed of: VGG-19 alone is 575 MB of zeros.
  test.each(LEDGER.models.map((spec) => [spec.id, spec] as const))(
    'of %s has what the symbolic count says',
    (_, spec) => {
      const before = js.tf.memory().numTensors;
      const { layers, totals } = summarize(spec);
      const model = buildModel(js, spec);
      try {
        expect(
          countLayers(model).map(({ name, outputShape, weights, biases }) => ({ name, outputShape, weights, biases })),
        ).toEqual(
          layers.map(({ name, outputShape, weights, biases }) => ({
            name,
            outputShape: [...outputShape],
            weights,
            biases,
          })),
        );
        expect(countTrainable(model)).toBe(totals.parameters);
        expect(model.countParams()).toBe(totals.parameters + totals.nonTrainable);
      } finally {
        model.dispose();
      }
      expect(js.tf.memory().numTensors).toBe(before);
    },
  );
});

/** Lists of layers that keep height and width, with branches in branches. */
const { list } = fc.letrec<{ list: readonly LayerSpec[]; layer: LayerSpec }>((tie) => ({
  list: fc.array(tie('layer'), { maxLength: 3, depthIdentifier: 'branches' }),
  layer: fc.oneof(
    { depthIdentifier: 'branches', depthSize: 'small' },
    fc
      .record({ kernel: fc.constantFrom(1, 3), bias: fc.boolean() })
      .map(({ kernel, bias }): LayerSpec => ({ kind: 'conv2d', filters: 2, kernel, padding: (kernel - 1) / 2, bias })),
    fc.constantFrom<LayerSpec>(
      { kind: 'batch-norm' },
      { kind: 'relu' },
      { kind: 'max-pool', size: 3, stride: 1, padding: 1 },
    ),
    fc.record({
      kind: fc.constantFrom('concat' as const, 'add' as const),
      branches: fc.array(tie('list'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

test('any graph of layers counts the same symbolically and in tf.layers', () => {
  fc.assert(
    fc.property(list, (layers) => {
      const spec: ModelSpec = {
        id: 'any',
        title: 'any',
        input: [4, 5, 2],
        layers: [...layers, { kind: 'global-average-pool' }, { kind: 'dense', units: 3 }],
      };
      const summary = attempt(() => summarize(spec));
      fc.pre(summary !== undefined);
      const model = buildModel(js, spec);
      const counted = countLayers(model).map(({ name, outputShape, weights, biases }) => ({
        name,
        outputShape,
        weights,
        biases,
      }));
      const trainable = countTrainable(model);
      model.dispose();
      expect(counted).toEqual(
        summary.layers.map(({ name, outputShape, weights, biases }) => ({ name, outputShape, weights, biases })),
      );
      expect(trainable).toBe(summary.totals.parameters);
    }),
    { numRuns: 60 },
  );
});

/** Nothing for sums of different shapes, which both refuse. */
function attempt(work: () => ModelSummary): ModelSummary | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A pooling by its definition: windows in steps of the stride over the padded image. */
function naivePool(image: number[][], { kind, size, stride = size, padding = 0 }: Pool, side: number): number[][] {
  return Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) => {
      const seen: number[] = [];
      for (let y = row * stride - padding; y < row * stride - padding + size; y++) {
        for (let x = column * stride - padding; x < column * stride - padding + size; x++) {
          const value = image[y]?.[x];
          if (value !== undefined) seen.push(value);
        }
      }
      return kind === 'max-pool' ? Math.max(...seen) : seen.reduce((sum, value) => sum + value, 0) / size ** 2;
    }),
  );
}

interface Pool {
  readonly kind: 'max-pool' | 'average-pool';
  readonly size: number;
  readonly stride?: number;
  readonly padding?: number;
}

describe('padding of poolings', () => {
  test('puts the windows where PyTorch puts them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('max-pool' as const, 'average-pool' as const),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(2),
        fc.boolean(),
        (kind, side, size, stride, padding, ceil) => {
          fc.pre(size <= side && 2 * padding <= size && (kind === 'max-pool' || !ceil));
          const geometry = { name: 'pool', size, stride, padding };
          const pool: Pool & SingleLayer = kind === 'max-pool' ? { kind, ...geometry, ceil } : { kind, ...geometry };
          const spec: ModelSpec = { id: 'm', title: 'm', input: [side, side, 1], layers: [pool] };
          const image = Array.from({ length: side }, (_, y) =>
            Array.from({ length: side }, (_, x) => ((y * 7 + x * 5) % 11) - 7),
          );
          const [{ outputShape } = { outputShape: [] }] = summarize(spec).layers;
          const model = buildModel(js, spec);
          const computed = js.tf.tidy(() => {
            const input = js.tf.tensor4d(image.flat(), [1, side, side, 1]);
            return Array.from((model.predict(input) as typeof input).dataSync());
          });
          model.dispose();
          const expected = naivePool(image, pool, outputShape[0] as number).flat();
          expect(computed).toHaveLength(expected.length);
          computed.forEach((value, index) => expect(value).toBeCloseTo(expected[index] as number, 5));
        },
      ),
    );
  });
});

test('a residual block adds its input to what its layers compute', () => {
  const spec: ModelSpec = {
    id: 'm',
    title: 'm',
    input: [2, 2, 1],
    layers: [{ kind: 'add', branches: [[{ kind: 'conv2d', filters: 1, kernel: 1, bias: false }], []] }],
  };
  const model = buildModel(js, spec);
  const values = js.tf.tidy(() => {
    model.setWeights([js.tf.tensor4d([3], [1, 1, 1, 1])]);
    const input = js.tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    return Array.from((model.predict(input) as typeof input).dataSync());
  });
  model.dispose();
  expect(values).toEqual([4, 8, 12, 16]);
});
