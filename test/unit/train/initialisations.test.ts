import { describe, expect, test } from 'vitest';
import { initialisationSchema, NAMED_INITIALISATIONS, type Initialisation } from '../../../src/core/initialisation.js';
import { randomStream } from '../../../src/core/random.js';
import type { LayerSpec, Shape } from '../../../src/core/model.js';
import { initialWeights } from '../../../src/train/initialise.js';

/** Tensors of one layer by their parts. */
function draw(layer: LayerSpec, input: Shape, scheme: Initialisation) {
  const model = { id: 'm', title: 'm', input, layers: [layer] };
  const [drawn] = initialWeights(model, scheme, randomStream('m', 1, 'init'));
  return new Map(drawn?.tensors.map(({ part, values, shape, trained }) => [part, { values, shape, trained }]));
}

function momentsOf(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return {
    mean,
    deviation: Math.sqrt(square),
    largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  };
}

const CONV: LayerSpec = { kind: 'conv2d', filters: 40, kernel: 5 };
const FANS = { fanIn: 75, fanOut: 1000 };
/** Of a uniform distribution. */
const ofLimit = (limit: number) => ({ deviation: limit / Math.sqrt(3), limit });
const normal = (deviation: number) => ({ deviation, limit: Infinity });
const cutOff = (deviation: number) => ({ deviation, limit: (2 * deviation) / 0.87962566103423978 });

describe('a kernel is drawn by its scheme', () => {
  test.each<[Initialisation, { deviation: number; limit: number }]>([
    ['he-uniform', ofLimit(Math.sqrt(6 / FANS.fanIn))],
    ['xavier-uniform', ofLimit(Math.sqrt(6 / (FANS.fanIn + FANS.fanOut)))],
    ['glorot-uniform', ofLimit(Math.sqrt(6 / (FANS.fanIn + FANS.fanOut)))],
    ['keras-default', ofLimit(Math.sqrt(6 / (FANS.fanIn + FANS.fanOut)))],
    ['lecun-uniform', ofLimit(Math.sqrt(3 / FANS.fanIn))],
    ['pytorch-default', ofLimit(1 / Math.sqrt(FANS.fanIn))],
    ['glorot-normal', cutOff(Math.sqrt(2 / (FANS.fanIn + FANS.fanOut)))],
    ['he-normal', cutOff(Math.sqrt(2 / FANS.fanIn))],
    ['lecun-normal', cutOff(Math.sqrt(1 / FANS.fanIn))],
    ['xavier-normal', normal(Math.sqrt(2 / (FANS.fanIn + FANS.fanOut)))],
    ['kaiming-normal', normal(Math.sqrt(2 / FANS.fanIn))],
    ['normal-0.01', normal(0.01)],
    ['uniform-0.05', ofLimit(0.05)],
    ['zeros', { deviation: 0, limit: 0 }],
  ])('%s', (scheme, { deviation, limit }) => {
    const kernel = draw(CONV, [12, 12, 3], scheme).get('kernel')?.values ?? new Float32Array();
    const found = momentsOf(kernel);
    // 3,000 draws: four standard deviations of the mean, and 6 % of the standard deviation.
    expect(Math.abs(found.mean)).toBeLessThanOrEqual((4 * deviation) / Math.sqrt(kernel.length));
    expect(Math.abs(found.deviation - deviation)).toBeLessThanOrEqual(0.06 * deviation);
    expect(found.largest).toBeLessThanOrEqual(Math.fround(limit));
    // It comes near its bound.
    if (Number.isFinite(limit)) expect(found.largest).toBeGreaterThanOrEqual(0.97 * limit);
  });

  test('depthwise, with the fans of its framework', () => {
    const layer: LayerSpec = { kind: 'depthwise-conv2d', multiplier: 8, kernel: 5 };
    const deviation = (scheme: Initialisation) =>
      momentsOf(draw(layer, [9, 9, 16], scheme).get('depthwise_kernel')?.values ?? new Float32Array()).deviation;
    // Keras: 5 x 5 x 16 inputs and 5 x 5 x 8 outputs. PyTorch: 25 inputs.
    expect(deviation('keras-default') / (Math.sqrt(6 / 600) / Math.sqrt(3))).toBeCloseTo(1, 1);
    expect(deviation('pytorch-default') / (1 / 5 / Math.sqrt(3))).toBeCloseTo(1, 1);
  });
});

test.each<[LayerSpec, Shape, string]>([
  [{ kind: 'lstm', units: 6 }, [3, 4], 'recurrent_kernel'],
  [{ kind: 'simple-rnn', units: 9 }, [3, 4], 'recurrent_kernel'],
])('the recurrent kernel of %o is orthogonal by default in Keras', (layer, input, part) => {
  const { values, shape } = draw(layer, input, 'keras-default').get(part) ?? { values: new Float32Array(), shape: [] };
  const [rows, columns] = shape as [number, number];
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) {
      let product = 0;
      for (let c = 0; c < columns; c++)
        product += (values[a * columns + c] as number) * (values[b * columns + c] as number);
      expect(product).toBeCloseTo(a === b ? 1 : 0, 6);
    }
  }
});

describe('what is not drawn', () => {
  test('biases, but for those of forget gates in Keras', () => {
    const bias = (layer: LayerSpec) => [...(draw(layer, [3, 4], 'keras-default').get('bias')?.values ?? [])];
    expect(bias({ kind: 'lstm', units: 2 })).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(bias({ kind: 'gru', units: 1 })).toEqual([0, 0, 0, 0, 0, 0]);
    expect(bias({ kind: 'dense', units: 2 })).toEqual([0, 0]);
  });

  test('what normalisations begin with', () => {
    const norm = draw({ kind: 'batch-norm' }, [3, 3, 2], 'pytorch-default');
    expect([...norm].map(([part, { values, trained }]) => [part, [...values], trained])).toEqual([
      ['gamma', [1, 1], true],
      ['beta', [0, 0], true],
      ['moving_mean', [0, 0], false],
      ['moving_variance', [1, 1], false],
    ]);
  });
});

test('PyTorch draws recurrent layers from +-1 / sqrt(units), and embeddings from N(0, 1)', () => {
  for (const { values } of draw({ kind: 'gru', units: 25 }, [3, 40], 'pytorch-default').values()) {
    const { largest } = momentsOf(values);
    expect(largest).toBeLessThanOrEqual(Math.fround(0.2));
    expect(largest).toBeGreaterThan(0.19);
  }
  const words = draw({ kind: 'embedding', vocabulary: 100, features: 30 }, [5], 'pytorch-default').get('embeddings');
  expect(momentsOf(words?.values ?? new Float32Array()).deviation).toBeCloseTo(1, 1);
});

test('schemes are a closed list, and numbers above 0', () => {
  for (const scheme of NAMED_INITIALISATIONS) expect(initialisationSchema.parse(scheme)).toBe(scheme);
  expect(initialisationSchema.parse('normal-0.001')).toBe('normal-0.001');
  for (const wrong of [
    'normal',
    'normal-',
    'normal-0',
    'normal--1',
    'cauchy-1',
    'normal-0.1x',
    'normal-Infinity',
    'normal-1e-3',
  ]) {
    expect(initialisationSchema.safeParse(wrong).success, wrong).toBe(false);
  }
});
