import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ActiveBackend } from '../../../../src/backends/backend.js';
import { jsBackend } from '../../../../src/backends/js.js';
import type { LayerSpec } from '../../../../src/core/model.js';
import { summarizeJson } from '../../../../src/model/json/summarize-json.js';
import { modelOfJson } from '../../../../src/model/json/to-spec.js';
import { summarize } from '../../../../src/model/summary.js';
import { buildModel } from '../../../../src/train/build.js';
import { LEDGER } from '../../../fixtures/ledger.js';

let js: ActiveBackend;
beforeAll(async () => {
  js = await jsBackend.activate({});
});

/** What reference/keras/write_models.py wrote. */
const { models } = JSON.parse(readFileSync(new URL('../../../fixtures/keras-3.json', import.meta.url), 'utf8')) as {
  readonly models: Readonly<Record<string, { readonly model: object }>>;
};

/** Counts of the spec are those of the file, which are counted by other rules. */
function expectSameCounts(text: string): boolean {
  const found = modelOfJson(text, 'from-file');
  if ('reason' in found) {
    expect(found.reason).not.toBe('');
    return false;
  }
  const [ours, counted] = [summarize(found.model), summarizeJson(text)];
  const { parameters, weights, biases, nonTrainable, macs } = counted.totals;
  expect(ours.totals).toMatchObject({ parameters, weights, biases, nonTrainable, macs });
  expect(ours.layers.at(-1)?.outputShape).toEqual(counted.output);
  return true;
}

test('models of Keras 3 that are chains of known layers become specs with the same counts', () => {
  const translated = Object.entries(models).filter(([, { model }]) => expectSameCounts(JSON.stringify(model)));
  expect(translated.map(([name]) => name)).toMatchInlineSnapshot(`
    [
      "one_dense",
      "sequential",
    ]
  `);
});

test.each(['mlp-1', 'cnn-1', 'lenet-5', 'vgg-16'])('%s comes back from the model.json of its tf.layers model', (id) => {
  const spec = LEDGER.models.find((model) => model.id === id) ?? LEDGER.training(id).model;
  const model = buildModel(js, spec);
  const text = JSON.stringify(model.toJSON(null, false));
  model.dispose();
  expect(expectSameCounts(text)).toBe(true);
});

const sequential = (...layers: readonly object[]) =>
  JSON.stringify({
    class_name: 'Sequential',
    config: {
      name: 's',
      layers: [{ class_name: 'InputLayer', config: { batch_input_shape: [null, 8, 8, 3] } }, ...layers],
    },
  });
const layer = (kind: string, config: object) => ({ class_name: kind, config: { name: kind.toLowerCase(), ...config } });

describe('a layer of a file', () => {
  test.each<[string, object, readonly LayerSpec[]]>([
    [
      'Conv2D',
      { filters: 4, kernel_size: [3, 2], strides: [2, 2], padding: 'same', activation: 'relu', use_bias: false },
      [
        { kind: 'conv2d', name: 'conv2d', filters: 4, kernel: [3, 2], stride: 2, padding: 'same', bias: false },
        { kind: 'relu', name: 'conv2d-relu' },
      ],
    ],
    [
      'BatchNormalization',
      { axis: [3], momentum: 0.9, epsilon: 0.01 },
      [{ kind: 'batch-norm', name: 'batchnormalization', momentum: 0.9, epsilon: 0.01, convention: 'keras' }],
    ],
    ['ReLU', { max_value: 6 }, [{ kind: 'relu6', name: 'relu' }]],
    ['LeakyReLU', { alpha: 0.1 }, [{ kind: 'leaky-relu', name: 'leakyrelu', slope: 0.1 }]],
    [
      'ZeroPadding2D',
      {
        padding: [
          [1, 0],
          [2, 3],
        ],
      },
      [
        {
          kind: 'zero-padding',
          name: 'zeropadding2d',
          padding: [
            [1, 0],
            [2, 3],
          ],
        },
      ],
    ],
  ])('%s with %o is %o', (kind, config, expected) => {
    expect(modelOfJson(sequential(layer(kind, config)), 'm')).toMatchObject({ model: { layers: expected } });
  });

  test.each<[string, object, string]>([
    ['Cropping2D', { cropping: 1 }, 'layers of class Cropping2D are not trained'],
    ['BatchNormalization', { axis: [1] }, 'BatchNormalization over the axis 1'],
    ['Activation', { activation: 'constructor' }, 'no activation "constructor"'],
    ['Conv2D', { filters: 4, kernel_size: 3, data_format: 'channels_first' }, 'only channels_last is supported'],
    ['Conv2D', { filters: 4, kernel_size: 9 }, 'm/conv2d: an input of 8x8x3 is too small'],
    ['Dense', { units: -1 }, 'units'],
  ])('%s with %o is not trained: %s', (kind, config, reason) => {
    expect(modelOfJson(sequential(layer(kind, config)), 'm')).toEqual({ reason: expect.stringContaining(reason) });
  });
});

test('a model that branches is counted, not trained', () => {
  const spec: LayerSpec[] = [{ kind: 'add', branches: [[{ kind: 'relu' }], []] }];
  const model = buildModel(js, { id: 'm', title: 'm', input: [2, 2, 1], layers: spec });
  expect(modelOfJson(JSON.stringify(model.toJSON(null, false)), 'm')).toEqual({
    reason: 'the layer "add-1" has several inputs',
  });
});
