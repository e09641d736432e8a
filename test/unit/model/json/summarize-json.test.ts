import { beforeAll, describe, expect, test } from 'vitest';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ActiveBackend } from '../../../../src/backends/backend.js';
import { jsBackend } from '../../../../src/backends/js.js';
import { CnnbenchError } from '../../../../src/core/errors.js';
import { summarizeJson } from '../../../../src/model/json/summarize-json.js';
import { summarize, type ModelSummary } from '../../../../src/model/summary.js';
import { buildModel } from '../../../../src/train/build.js';
import { LEDGER } from '../../../fixtures/ledger.js';

let js: ActiveBackend;
beforeAll(async () => {
  js = await jsBackend.activate({});
});

type L = ActiveBackend['layers'];

/** Input and outputs of a functional model from a function of symbolic tensors. */
function functional(tf: L, shape: number[], build: (x: SymbolicTensor, tf: L) => SymbolicTensor): LayersModel {
  const inputs = tf.input({ shape });
  return tf.model({ inputs, outputs: build(inputs, tf) });
}

function apply(layer: { apply(inputs: never): unknown }, inputs: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  return layer.apply(inputs as never) as SymbolicTensor;
}

/** tf.layers' own default needs the chained operations of tfjs-core. */
const recurrentInitializer = 'glorotNormal';

/** Every supported class at least once, with arguments that matter. */
const MODELS: Record<string, (tf: L) => LayersModel> = {
  'convolutions of every kind': ({ layers, ...tf }) =>
    tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [23, 17, 3], filters: 4, kernelSize: [3, 5], strides: [2, 1], padding: 'same' }),
        layers.conv2d({ filters: 6, kernelSize: 3, dilationRate: 2, useBias: false }),
        layers.batchNormalization({ scale: false }),
        layers.reLU({ maxValue: 6 }),
        layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2 }),
        layers.separableConv2d({ filters: 5, kernelSize: 3, padding: 'same' }),
        layers.conv2dTranspose({ filters: 3, kernelSize: 4, strides: 2, padding: 'valid' }),
        layers.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 3, padding: 'same', useBias: false }),
        layers.upSampling2d({ size: [2, 1] }),
        layers.cropping2D({
          cropping: [
            [1, 2],
            [0, 3],
          ],
        }),
        layers.zeroPadding2d({
          padding: [
            [1, 0],
            [2, 2],
          ],
        }),
        layers.maxPooling2d({ poolSize: [3, 2], strides: [2, 2], padding: 'same' }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.globalMaxPooling2d({}),
      ],
    }),
  'a perceptron': ({ layers, ...tf }) =>
    tf.sequential({
      layers: [
        layers.permute({ inputShape: [4, 6, 2], dims: [3, 1, 2] }),
        layers.reshape({ targetShape: [16, 3] }),
        layers.dense({ units: 7, activation: 'relu' }),
        layers.flatten(),
        layers.dense({ units: 5, useBias: false }),
        layers.batchNormalization(),
        layers.leakyReLU(),
        layers.elu(),
        layers.thresholdedReLU({}),
        layers.gaussianNoise({ stddev: 1 }),
        layers.gaussianDropout({ rate: 0.1 }),
        layers.alphaDropout({ rate: 0.1 }),
        layers.dropout({ rate: 0.5 }),
        layers.activation({ activation: 'tanh' }),
        layers.softmax(),
      ],
    }),
  'branches that meet': (tf) =>
    functional(tf, [8, 8, 3], (x, { layers }) => {
      const a = apply(layers.conv2d({ filters: 4, kernelSize: 1 }), x);
      const b = apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }), x);
      const merged = [layers.add(), layers.average(), layers.maximum(), layers.minimum(), layers.multiply()].map(
        (layer) => apply(layer, [a, b]),
      );
      return apply(layers.globalAveragePooling2d({}), apply(layers.concatenate(), [x, ...merged]));
    }),
  'models inside models': ({ layers, ...tf }) => {
    const block = functional({ layers, ...tf }, [6, 6, 2], (x) =>
      apply(layers.add(), [apply(layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same' }), x), x]),
    );
    const head = tf.sequential({ layers: [layers.flatten({ inputShape: [6, 6, 2] }), layers.dense({ units: 3 })] });
    return functional({ layers, ...tf }, [6, 6, 2], (x) => apply(head, apply(block, x)));
  },
  'a text classifier': ({ layers, ...tf }) =>
    tf.sequential({
      layers: [
        layers.embedding({ inputDim: 50, outputDim: 6, inputLength: 12 }),
        layers.conv1d({ filters: 4, kernelSize: 3, strides: 2 }),
        layers.lstm({ units: 5, returnSequences: true, recurrentInitializer }),
        layers.gru({ units: 3, returnSequences: true, recurrentInitializer }),
        layers.timeDistributed({ layer: layers.dense({ units: 4 }) }),
        layers.layerNormalization(),
        layers.prelu({ sharedAxes: [1] }),
        layers.bidirectional({ layer: layers.lstm({ units: 2, recurrentInitializer }), mergeMode: 'concat' }),
        layers.repeatVector({ n: 3 }),
        layers.simpleRNN({ units: 2, recurrentInitializer }),
      ],
    }),
  'a layer that is called twice': ({ layers, ...tf }) => {
    const [a, b] = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
    const shared = layers.dense({ units: 3 });
    return tf.model({ inputs: [a, b], outputs: apply(layers.add(), [apply(shared, a), apply(shared, b)]) });
  },
  'a Sequential that starts with another': ({ layers, ...tf }) =>
    tf.sequential({
      layers: [tf.sequential({ layers: [layers.dense({ inputShape: [4], units: 3 })] }), layers.dense({ units: 2 })],
    }),
};

/** What is no layer of its own in the count. */
const CONTAINERS = ['InputLayer', 'Functional', 'Model', 'Sequential', 'TimeDistributed', 'Bidirectional'];

/** Output shapes of the layers of the model itself, by name. */
function shapesOf(model: LayersModel): Record<string, unknown> {
  const layers = model.layers.filter((layer) => !CONTAINERS.includes(layer.getClassName()));
  return Object.fromEntries(layers.map(({ name, outputShape }) => [name, (outputShape as number[]).slice(1)]));
}

describe('the count of a model.json', () => {
  test.each(Object.entries(MODELS))('agrees with tf.layers: %s', (_, build) => {
    const model = build(js.layers);
    const { layers, totals, input } = summarizeJson(model.toJSON() as string);
    expect(totals.parameters + totals.nonTrainable).toBe(model.countParams());
    expect(input).toEqual((model.inputs[0]?.shape ?? []).slice(1));
    expect(layers.at(-1)?.outputShape).toEqual((model.outputs[0]?.shape ?? []).slice(1));
    const own = layers.filter(({ name }) => !name.includes('/') && !name.endsWith('(call 2)'));
    expect(Object.fromEntries(own.map(({ name, outputShape }) => [name, outputShape]))).toEqual(shapesOf(model));
    model.dispose();
  });

  test.each(['lenet-5', 'residual-block-1x1', 'googlenet-bn', 'densenet-121'])('of %s is that of its spec', (id) => {
    const spec = LEDGER.model(id);
    const model = buildModel(js, spec);
    const json = summarizeJson(JSON.stringify({ modelTopology: model.toJSON(undefined, false), weightsManifest: [] }));
    model.dispose();
    // Layers that only pad have activations, too.
    const counts = (totals: ModelSummary['totals']) => ({ ...totals, activations: undefined });
    expect(counts(json.totals)).toEqual(counts(summarize(spec).totals));
    expect(json.storedValues).toBe(0);
  });

  test('names the layers of a model inside a model by their path', () => {
    const model = (MODELS['models inside models'] as (tf: L) => LayersModel)(js.layers);
    const names = summarizeJson(model.toJSON() as string).layers.map(
      ({ name, kind }) => `${name.replace(/\d+/g, '')} ${kind}`,
    );
    model.dispose();
    expect(names).toEqual([
      'model/convd_ConvD Conv2D',
      'model/add_Add Add',
      'sequential_/flatten_Flatten Flatten',
      'sequential_/dense_Dense Dense',
    ]);
  });

  test('reads what Keras converters write: model_config, batch_input_shape, a list for a Sequential', () => {
    const layers = [
      { class_name: 'Dense', config: { name: 'a', units: 3, batch_input_shape: [null, 4] } },
      { class_name: 'BatchNormalization', config: { name: 'b', axis: [1] } },
    ];
    const text = JSON.stringify({
      format: 'layers-model',
      modelTopology: { keras_version: '2.1.6', model_config: { class_name: 'Sequential', config: layers } },
      weightsManifest: [
        {
          paths: ['x.bin'],
          weights: [
            { name: 'a/kernel', shape: [4, 3], dtype: 'float32' },
            { name: 'a/bias', shape: [3] },
            // A model saved with its optimizer, whose values are no weights of the model.
            { name: 'Adam/m/a/bias', shape: [3], group: 'optimizer' },
          ],
        },
      ],
    });
    expect(summarizeJson(text)).toMatchObject({
      id: 'model.json',
      totals: { parameters: 15 + 6, nonTrainable: 6 },
      storedValues: 15,
    });
  });

  // tf.layers itself leaves depth_multiplier of a SeparableConv2D out of toJSON() (4.22), and null for -1 in a Reshape.
  test('reads what tf.layers does not write', () => {
    const layers = [
      {
        class_name: 'SeparableConv2D',
        config: { filters: 5, kernel_size: 3, depth_multiplier: 3, batch_input_shape: [null, 8, 8, 2] },
      },
      { class_name: 'Reshape', config: { target_shape: [-1, 5] } },
      { class_name: 'Reshape', config: { target_shape: [null, 30] } },
    ];
    const counted = summarizeJson(JSON.stringify({ class_name: 'Sequential', config: { layers } }));
    expect(counted.layers.map(({ name, outputShape }) => `${name} ${outputShape.join('x')}`)).toEqual([
      'SeparableConv2D-1 6x6x5',
      'Reshape-2 36x5',
      'Reshape-3 6x30',
    ]);
    expect(counted.totals).toMatchObject({ weights: 9 * 2 * 3 + 6 * 5, biases: 5, macs: 36 * (9 * 2 * 3 + 6 * 5) });
  });

  test('takes any number of layers in a row, up to its bound', () => {
    const chain = (count: number) => {
      const layers = Array.from({ length: count }, (_, index) => ({
        name: `d${index}`,
        class_name: index === 0 ? 'InputLayer' : 'Dropout',
        config: index === 0 ? { batch_input_shape: [null, 4] } : {},
        inbound_nodes: index === 0 ? [] : [[[`d${index - 1}`, 0, 0, {}]]],
      }));
      const config = { layers, input_layers: [['d0', 0, 0]], output_layers: [[`d${count - 1}`, 0, 0]] };
      return JSON.stringify({ class_name: 'Model', config });
    };
    expect(summarizeJson(chain(2000)).layers).toHaveLength(1999);
    expect(() => summarizeJson(chain(2001))).toThrow(CnnbenchError);
  });
});

describe('a file that cannot be counted is refused, saying why', () => {
  const sequential = (...layers: object[]) =>
    JSON.stringify({ class_name: 'Sequential', config: { name: 's', layers } });
  const dense = (config: object) => ({
    class_name: 'Dense',
    config: { name: 'd', units: 3, batch_input_shape: [null, 4], ...config },
  });
  const graph = (layers: object[], output: string) =>
    JSON.stringify({
      class_name: 'Model',
      config: { layers, input_layers: [['x', 0, 0]], output_layers: [[output, 0, 0]] },
    });
  const input = {
    name: 'x',
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, 4, 4, 2] },
    inbound_nodes: [],
  };
  const after = (name: string, ...from: string[]) => ({
    name,
    class_name: 'Add',
    config: {},
    inbound_nodes: [from.map((each) => [each, 0, 0, {}])],
  });

  test.each<[string, string, string]>([
    ['no JSON', '{', 'it is not JSON'],
    ['no model', '[]', 'it has no modelTopology'],
    ['a graph model', '{"format":"graph-model","modelTopology":{"node":[]}}', 'it is a graph model'],
    ['a class of model', '{"class_name":"Sandwich","config":{}}', 'class Sandwich is not supported'],
    ['no layers', sequential(), 'layers: '],
    [
      'a class that nobody knows, with what can be counted without it',
      sequential(
        dense({}),
        { class_name: 'Sandwich', config: { name: 's' } },
        { ...dense({}), config: { name: 'e', units: 2 } },
      ),
      'the layer "s" is of class Sandwich, which is not supported; what can be counted without it: 1 layer with 15 parameters',
    ],
    [
      'an operation of Keras 2, whose input stands alone (tensorflow/tfjs#7271)',
      graph(
        [
          input,
          { ...after('f', 'x'), class_name: 'Flatten' },
          { name: 'p', class_name: 'TFOpLambda', config: {}, inbound_nodes: [['f', 0, 0, { paddings: [[0, 0]] }]] },
        ],
        'p',
      ),
      'the layer "p" is of class TFOpLambda, which is not supported; what can be counted without it: 1 layer with 0 parameters',
    ],
    [
      'several such classes, in a model of Keras 3, which says what follows them',
      graph(
        [
          { ...input, config: { batch_shape: [null, 4, 4, 2] } },
          { ...after('y', 'x'), class_name: 'Sandwich' },
          { ...after('z', 'y'), class_name: 'Toast' },
          {
            name: 'd',
            class_name: 'Dense',
            config: { units: 5 },
            inbound_nodes: [
              {
                args: [{ class_name: '__keras_tensor__', config: { shape: [null, 8], keras_history: ['z', 0, 0] } }],
                kwargs: {},
              },
            ],
          },
        ],
        'd',
      ),
      '2 layers are of classes that are not supported: "y" (Sandwich), "z" (Toast); what can be counted without them: 1 layer with 45 parameters',
    ],
    [
      'an output that a layer does not have',
      graph([input, { ...after('y', 'x'), inbound_nodes: [[['x', 0, 1]]] }], 'y'),
      'the layer "x" has no output 1',
    ],
    [
      'a class that is a property of every object',
      sequential({ class_name: 'constructor', config: { name: 'c', batch_input_shape: [null, 3] } }),
      'the layer "c" is of class constructor',
    ],
    [
      'no input',
      sequential({ class_name: 'Dense', config: { name: 'd', units: 3 } }),
      'the layer "d" has no input of known shape',
    ],
    [
      'an input of any size',
      sequential(dense({ batch_input_shape: [null, null] })),
      'the layer "d" has an input of no fixed size, ?',
    ],
    ['a negative number of units', sequential(dense({ units: -3 })), 'the layer "d" (Dense): units: '],
    ['units in words', sequential(dense({ units: 'three' })), 'the layer "d" (Dense): units: '],
    ['a size no model has', sequential(dense({ units: 2 ** 40 })), 'units: '],
    [
      'counts beyond exact numbers',
      sequential(
        ...Array.from({ length: 40 }, (_, index) => index).map((index) => ({
          ...dense({ units: 2 ** 24, name: `d${index}`, ...(index === 0 && { batch_input_shape: [null, 2 ** 24] }) }),
        })),
        dense({ units: 2 ** 24, name: 'e' }),
      ),
      'too large to be exact',
    ],
    [
      'channels first',
      sequential(
        { class_name: 'Flatten', config: { name: 'f', batch_input_shape: [null, 4, 4, 1] } },
        { class_name: 'Reshape', config: { name: 'r', target_shape: [4, 4, 1] } },
        { class_name: 'Conv2D', config: { name: 'c', filters: 1, kernel_size: [1, 1], data_format: 'channels_first' } },
      ),
      'the layer "c" (Conv2D): data_format: only channels_last is supported',
    ],
    [
      'a kernel larger than its input',
      sequential({
        class_name: 'Conv2D',
        config: { name: 'c', filters: 1, kernel_size: 5, batch_input_shape: [null, 4, 4, 1] },
      }),
      'the layer "c" (Conv2D): an input of 4x4x1 is too small',
    ],
    [
      'a shape that does not fit',
      sequential(dense({}), { class_name: 'Reshape', config: { name: 'r', target_shape: [2, -1] } }),
      'the layer "r" (Reshape): cannot make 2x-1 of 3 values',
    ],
    [
      'a name with control characters',
      sequential(dense({ name: '\u001b[2J' })),
      'name: a name of 1 to 200 printable characters',
    ],
    [
      'a layer that is not there',
      graph([input, after('y', 'x', 'z')], 'y'),
      'the layer "z" is referred to but does not exist',
    ],
    ['a circle', graph([input, after('y', 'x', 'z'), after('z', 'y')], 'z'), 'is its own input'],
    ['two layers of one name', graph([input, input], 'x'), 'two layers have the same name'],
    [
      'a call that is not there',
      graph(
        [input, { ...after('f', 'x'), class_name: 'Flatten' }, { ...after('y'), inbound_nodes: [[['f', 2, 0]]] }],
        'y',
      ),
      'the layer "f" is not called 3 times',
    ],
    [
      'a step of a model that is its own input',
      graph(
        [
          input,
          {
            ...after('y', 'x'),
            inbound_nodes: [
              [
                ['x', 0, 0],
                ['y', 0, 0],
              ],
            ],
          },
        ],
        'y',
      ),
      'the layer "y" is its own input',
    ],
    [
      'shapes that do not meet',
      graph([input, { ...after('f', 'x'), class_name: 'Flatten' }, after('y', 'x', 'f')], 'y'),
      'the layer "y" (Add): its inputs: 4x4x2 and 32 do not fit together',
    ],
    [
      'models inside models without end',
      [...Array(12)].reduce(
        (inner: string) => `{"class_name":"Sequential","config":{"layers":[${inner}]}}`,
        JSON.stringify(dense({})),
      ),
      'models inside models go deeper than 8',
    ],
  ])('%s', (_, text, why) => {
    const count = () => summarizeJson(text);
    expect(count).toThrow(expect.objectContaining({ code: 'E_MODEL_JSON', exitCode: 2 }));
    expect(count).toThrow(why);
  });
});
