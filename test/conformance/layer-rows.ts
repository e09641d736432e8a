import type { layers as TfjsLayers } from '@tensorflow/tfjs-layers';
import type { TfLayers } from '../../src/backends/tfjs-layers.js';

type Layers = TfLayers['layers'];
type Layer = TfjsLayers.Layer;

/** What a layer is given. */
export interface LayerInput {
  /** With the batch. */
  readonly shape: readonly number[];
  /** Whole numbers below this one, as int32. */
  readonly below?: number;
}

/** A layer in a small model. */
export interface LayerRow {
  readonly name: keyof Layers;
  readonly variant: string;
  readonly inputs: readonly LayerInput[];
  readonly make: (layers: Layers) => Layer;
  /** Why tfjs cannot train it, on any backend. */
  readonly refused?: RegExp | undefined;
  /** Why tfjs's pure-JavaScript gradient cannot be believed. */
  readonly mistaken?: string | undefined;
  /** Applied to a tensor: in a model, tfjs gives it a list of one. */
  readonly alone: boolean;
}

const of = (...shape: number[]): LayerInput => ({ shape });
const whole = (below: number, ...shape: number[]): LayerInput => ({ shape, below });

type Variants = Readonly<Record<string, readonly [LayerInput | readonly LayerInput[], (layers: Layers) => Layer]>>;

const ACTIVATIONS = [
  ...['elu', 'selu', 'relu', 'relu6', 'linear', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh', 'softmax'],
  ...['logSoftmax', 'swish', 'mish', 'gelu', 'gelu_new'],
] as const;

const line = of(3, 11, 4);
const image = of(2, 9, 8, 3);
const volume = of(2, 5, 6, 7, 2);
const one = of(1, 9, 8, 3);

/** Of a recurrent layer: [batch, time, features]. */
function recurrent(name: 'simpleRNN' | 'gru' | 'lstm'): Variants {
  return {
    'five steps': [of(3, 5, 4), (l) => l[name]({ units: 6 })],
    'one step, batch 1': [of(1, 1, 4), (l) => l[name]({ units: 6 })],
    'sequences, backwards, unrolled': [
      of(3, 5, 4),
      (l) => l[name]({ units: 6, returnSequences: true, goBackwards: true, unroll: true }),
    ],
    'relu, no bias': [
      of(3, 5, 4),
      (l) => l[name]({ units: 6, activation: 'relu', recurrentActivation: 'sigmoid', useBias: false } as never),
    ],
    dropout: [of(3, 5, 4), (l) => l[name]({ units: 6, dropout: 0.3, recurrentDropout: 0.3 })],
  };
}

/** Windows along one, two or three axes. */
function pooled(input: LayerInput, name: `${'max' | 'average'}Pooling${1 | 2 | 3}d`): Variants {
  const axes = Number(name.at(-2));
  const each = (length: number) => (axes === 1 ? length : new Array<number>(axes).fill(length));
  const pool = (args: object) => (l: Layers) => l[name](args);
  return {
    valid: [input, pool({ poolSize: each(2) })],
    'same, stride 1': [input, pool({ poolSize: each(3), strides: each(1), padding: 'same' })],
    'same, stride 2': [input, pool({ poolSize: each(3), strides: each(2), padding: 'same' })],
    'unequal windows and strides, batch 1': [
      { shape: [1, ...input.shape.slice(1)] },
      pool({ poolSize: [3, 2, 2].slice(0, axes), strides: [1, 2, 3].slice(0, axes), padding: 'same' }),
    ],
  };
}

/** Those whose gradients tfjs adds up where an input was broadcast. */
const BROADCASTING: ReadonlySet<string> = new Set(['add', 'average', 'multiply']);

/** Layers that put several tensors together, number by number. */
function merged(name: 'add' | 'average' | 'maximum' | 'minimum' | 'multiply'): Variants {
  return {
    three: [[of(3, 4, 5), of(3, 4, 5), of(3, 4, 5)], (l) => l[name]()],
    ...(BROADCASTING.has(name) && { broadcast: [[of(3, 4, 5), of(3, 4, 1)], (l: Layers) => l[name]()] as const }),
    int32: [[whole(9, 3, 4), whole(9, 3, 4)], (l) => l[name]()],
  };
}

const TABLE: Readonly<Partial<Record<keyof Layers, Variants>>> = {
  inputLayer: { dense: [of(3, 4), (l) => l.dense({ units: 2 })] },
  activation: Object.fromEntries(
    ACTIVATIONS.map((activation) => [activation, [of(3, 5, 4), (l: Layers) => l.activation({ activation } as never)]]),
  ),
  elu: { 'alpha 1': [of(3, 5, 4), (l) => l.elu()] },
  leakyReLU: { 'alpha 0.2': [of(3, 5, 4), (l) => l.leakyReLU({ alpha: 0.2 })] },
  prelu: {
    'an alpha a number': [of(3, 5, 4), (l) => l.prelu()],
    shared: [image, (l) => l.prelu({ sharedAxes: [1, 2] })],
    'shared by columns': [image, (l) => l.prelu({ sharedAxes: [2] })],
    'shared by channels': [image, (l) => l.prelu({ sharedAxes: [3] })],
  },
  reLU: { 'no limit': [of(3, 5, 4), (l) => l.reLU()], 'limit 0.5': [of(1, 4), (l) => l.reLU({ maxValue: 0.5 })] },
  softmax: { vectors: [of(3, 4), (l) => l.softmax()], 'last axis': [of(3, 5, 4), (l) => l.softmax({ axis: 2 })] },
  thresholdedReLU: { 'theta 0.3': [of(3, 5, 4), (l) => l.thresholdedReLU({ theta: 0.3 })] },

  conv1d: {
    valid: [line, (l) => l.conv1d({ filters: 5, kernelSize: 3, activation: 'relu' })],
    'same, stride 2': [line, (l) => l.conv1d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same' })],
    causal: [line, (l) => l.conv1d({ filters: 5, kernelSize: 3, padding: 'causal' })],
    dilated: [line, (l) => l.conv1d({ filters: 5, kernelSize: 3, dilationRate: 2 })],
    'batch 1, tanh': [of(1, 11, 4), (l) => l.conv1d({ filters: 5, kernelSize: 4, activation: 'tanh' })],
    'one step': [of(2, 1, 4), (l) => l.conv1d({ filters: 5, kernelSize: 1 })],
  },
  conv2d: {
    valid: [image, (l) => l.conv2d({ filters: 5, kernelSize: 3, activation: 'relu' })],
    'same, stride 2': [image, (l) => l.conv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same' })],
    'same, window below the stride': [
      image,
      (l) => l.conv2d({ filters: 5, kernelSize: 1, strides: 2, padding: 'same' }),
    ],
    unequal: [image, (l) => l.conv2d({ filters: 5, kernelSize: [2, 4], strides: [1, 2], useBias: false })],
    dilated: [image, (l) => l.conv2d({ filters: 5, kernelSize: 3, dilationRate: 2, activation: 'elu' })],
    'batch 1, elu': [one, (l) => l.conv2d({ filters: 5, kernelSize: 3, activation: 'elu' })],
    int32: [whole(9, 2, 9, 8, 3), (l) => l.conv2d({ filters: 5, kernelSize: 3 })],
  },
  conv2dTranspose: {
    valid: [image, (l) => l.conv2dTranspose({ filters: 5, kernelSize: 3 })],
    'same, stride 2': [image, (l) => l.conv2dTranspose({ filters: 5, kernelSize: 3, strides: 2, padding: 'same' })],
    'unequal, batch 1': [one, (l) => l.conv2dTranspose({ filters: 5, kernelSize: [2, 4], strides: [1, 3] })],
  },
  conv3d: {
    valid: [volume, (l) => l.conv3d({ filters: 4, kernelSize: 2, activation: 'relu' })],
    'same, stride 2': [volume, (l) => l.conv3d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })],
    'unequal, batch 1': [of(1, 5, 6, 7, 2), (l) => l.conv3d({ filters: 4, kernelSize: [1, 2, 3], strides: [2, 1, 3] })],
    dilated: [volume, (l) => l.conv3d({ filters: 4, kernelSize: 2, dilationRate: 2 })],
  },
  conv3dTranspose: {
    valid: [volume, (l) => l.conv3dTranspose({ filters: 4, kernelSize: 2 })],
    'same, stride 2': [volume, (l) => l.conv3dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })],
    'unequal, batch 1': [
      of(1, 5, 6, 7, 2),
      (l) => l.conv3dTranspose({ filters: 4, kernelSize: [1, 2, 3], strides: [2, 1, 3] }),
    ],
  },
  separableConv2d: {
    valid: [image, (l) => l.separableConv2d({ filters: 5, kernelSize: 3, activation: 'relu' })],
    'same, stride 2': [
      image,
      (l) => l.separableConv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', depthMultiplier: 2 }),
    ],
    dilated: [image, (l) => l.separableConv2d({ filters: 5, kernelSize: 3, dilationRate: 2 })],
    'batch 1': [one, (l) => l.separableConv2d({ filters: 5, kernelSize: [2, 3] })],
  },
  depthwiseConv2d: {
    valid: [image, (l) => l.depthwiseConv2d({ kernelSize: 3, activation: 'relu' })],
    'same, stride 2': [
      image,
      (l) => l.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', depthMultiplier: 2 }),
    ],
    'same, window below the stride': [image, (l) => l.depthwiseConv2d({ kernelSize: 1, strides: 2, padding: 'same' })],
    dilated: [image, (l) => l.depthwiseConv2d({ kernelSize: 3, dilationRate: [2, 2] })],
    'batch 1, relu6': [one, (l) => l.depthwiseConv2d({ kernelSize: [2, 3], activation: 'relu6', useBias: false })],
  },
  cropping2D: {
    uneven: [
      image,
      (l) =>
        l.cropping2D({
          cropping: [
            [1, 2],
            [0, 3],
          ],
        }),
    ],
  },
  upSampling2d: {
    nearest: [image, (l) => l.upSampling2d({ size: [2, 3] })],
    'nearest, batch 1': [one, (l) => l.upSampling2d({ size: [2, 2] })],
    bilinear: [image, (l) => l.upSampling2d({ size: [2, 3], interpolation: 'bilinear' })],
  },
  zeroPadding2d: { uneven: [image, (l) => l.zeroPadding2d({ padding: [[1, 2] as never, [0, 3] as never] })] },

  dense: {
    relu: [of(3, 4), (l) => l.dense({ units: 5, activation: 'relu' })],
    'of sequences, batch 1': [of(1, 5, 4), (l) => l.dense({ units: 5, activation: 'tanh' })],
    'no bias, softmax': [of(3, 4), (l) => l.dense({ units: 5, activation: 'softmax', useBias: false })],
    int32: [whole(9, 3, 4), (l) => l.dense({ units: 5 })],
    'weight decay': [of(3, 4), (l) => l.dense({ units: 5, kernelRegularizer: 'l1l2' })],
  },
  dropout: {
    half: [of(3, 5, 4), (l) => l.dropout({ rate: 0.5, seed: 3 })],
    'noise shape': [of(3, 5, 4), (l) => l.dropout({ rate: 0.5, seed: 3, noiseShape: [3, 1, 4] })],
  },
  spatialDropout1d: { half: [of(3, 5, 4), (l) => l.spatialDropout1d({ rate: 0.5, seed: 3 })] },
  gaussianNoise: { 'stddev 0.3': [of(3, 5, 4), (l) => l.gaussianNoise({ stddev: 0.3 })] },
  gaussianDropout: { half: [of(3, 5, 4), (l) => l.gaussianDropout({ rate: 0.5 })] },
  alphaDropout: { half: [of(3, 5, 4), (l) => l.alphaDropout({ rate: 0.5 })] },
  flatten: {
    images: [image, (l) => l.flatten()],
    'channels first': [image, (l) => l.flatten({ dataFormat: 'channelsFirst' })],
    int32: [whole(9, 3, 4, 2), (l) => l.flatten()],
  },
  repeatVector: { four: [of(3, 5), (l) => l.repeatVector({ n: 4 })] },
  reshape: { 'one unknown': [of(3, 5, 4), (l) => l.reshape({ targetShape: [2, -1] })] },
  permute: { 'two axes': [of(3, 5, 4), (l) => l.permute({ dims: [2, 1] })] },
  masking: { zero: [of(3, 5, 4), (l) => l.masking({ maskValue: 0 })] },
  embedding: {
    int32: [whole(7, 3, 5), (l) => l.embedding({ inputDim: 7, outputDim: 4 })],
    'one step, batch 1': [whole(7, 1, 1), (l) => l.embedding({ inputDim: 7, outputDim: 4 })],
    masked: [whole(7, 3, 5), (l) => l.embedding({ inputDim: 7, outputDim: 4, maskZero: true })],
  },

  add: merged('add'),
  average: merged('average'),
  maximum: merged('maximum'),
  minimum: merged('minimum'),
  multiply: merged('multiply'),
  concatenate: {
    'last axis': [[of(3, 4, 5), of(3, 4, 2)], (l) => l.concatenate()],
    'axis 1': [[of(3, 4, 5), of(3, 2, 5)], (l) => l.concatenate({ axis: 1 })],
  },
  dot: {
    vectors: [[of(3, 4), of(3, 4)], (l) => l.dot({ axes: -1 })],
    matrices: [[of(3, 4, 5), of(3, 6, 5)], (l) => l.dot({ axes: [2, 2] })],
    normalised: [[of(3, 4), of(3, 4)], (l) => l.dot({ axes: -1, normalize: true })],
  },

  batchNormalization: {
    images: [image, (l) => l.batchNormalization()],
    vectors: [of(8, 4), (l) => l.batchNormalization({ momentum: 0.9 })],
    sequences: [line, (l) => l.batchNormalization({ epsilon: 0.01 })],
    'batch 1': [one, (l) => l.batchNormalization()],
  },
  layerNormalization: {
    'last axis': [of(3, 5, 4), (l) => l.layerNormalization()],
    'two axes': [of(3, 5, 4), (l) => l.layerNormalization({ axis: [1, 2] })],
  },

  maxPooling1d: pooled(line, 'maxPooling1d'),
  maxPooling2d: pooled(image, 'maxPooling2d'),
  maxPooling3d: pooled(volume, 'maxPooling3d'),
  averagePooling1d: pooled(line, 'averagePooling1d'),
  averagePooling2d: pooled(image, 'averagePooling2d'),
  averagePooling3d: pooled(volume, 'averagePooling3d'),
  globalAveragePooling1d: { sequences: [line, (l) => l.globalAveragePooling1d({})] },
  globalAveragePooling2d: { images: [image, (l) => l.globalAveragePooling2d({})] },
  globalMaxPooling1d: { sequences: [line, (l) => l.globalMaxPooling1d({})] },
  globalMaxPooling2d: { images: [image, (l) => l.globalMaxPooling2d({})] },

  simpleRNN: recurrent('simpleRNN'),
  gru: { ...recurrent('gru'), 'implementation 2': [of(3, 5, 4), (l) => l.gru({ units: 6, implementation: 2 })] },
  lstm: { ...recurrent('lstm'), 'implementation 2': [of(3, 5, 4), (l) => l.lstm({ units: 6, implementation: 2 })] },
  simpleRNNCell: { 'in rnn': [of(3, 5, 4), (l) => l.rnn({ cell: l.simpleRNNCell({ units: 6 }) })] },
  gruCell: { 'in rnn': [of(3, 5, 4), (l) => l.rnn({ cell: l.gruCell({ units: 6 }) })] },
  lstmCell: { 'in rnn': [of(3, 5, 4), (l) => l.rnn({ cell: l.lstmCell({ units: 6 }) })] },
  stackedRNNCells: {
    'two cells': [
      of(3, 5, 4),
      (l) => l.rnn({ cell: l.stackedRNNCells({ cells: [l.gruCell({ units: 6 }), l.lstmCell({ units: 3 })] }) }),
    ],
  },
  rnn: {
    sequences: [of(3, 5, 4), (l) => l.rnn({ cell: l.gruCell({ units: 6 }), returnSequences: true })],
    'one step, batch 1': [of(1, 1, 4), (l) => l.rnn({ cell: l.simpleRNNCell({ units: 6 }) })],
  },
  convLstm2d: {
    valid: [of(2, 3, 6, 7, 2), (l) => l.convLstm2d({ filters: 4, kernelSize: 3 })],
    'same, sequences': [
      of(2, 3, 6, 7, 2),
      (l) => l.convLstm2d({ filters: 4, kernelSize: 3, padding: 'same', returnSequences: true }),
    ],
    'one step, batch 1, stride 2': [
      of(1, 1, 6, 7, 2),
      (l) => l.convLstm2d({ filters: 4, kernelSize: [2, 3], strides: 2 }),
    ],
  },
  bidirectional: {
    'gru, concatenated': [of(3, 5, 4), (l) => l.bidirectional({ layer: l.gru({ units: 6 }), mergeMode: 'concat' })],
    'lstm, sequences, added': [
      of(3, 5, 4),
      (l) => l.bidirectional({ layer: l.lstm({ units: 6, returnSequences: true }), mergeMode: 'sum' }),
    ],
  },
  timeDistributed: {
    dense: [of(3, 5, 4), (l) => l.timeDistributed({ layer: l.dense({ units: 6 }) })],
    conv2d: [of(2, 3, 6, 7, 2), (l) => l.timeDistributed({ layer: l.conv2d({ filters: 4, kernelSize: 3 }) })],
  },

  rescaling: {
    'scale and offset': [image, (l) => l.rescaling({ scale: 0.3, offset: -1 })],
    int32: [whole(255, 2, 5, 4, 3), (l) => l.rescaling({ scale: 1 / 255 })],
  },
  centerCrop: {
    smaller: [image, (l) => l.centerCrop({ height: 5, width: 4 })],
    larger: [image, (l) => l.centerCrop({ height: 11, width: 5 })],
  },
  resizing: {
    bilinear: [image, (l) => l.resizing({ height: 5, width: 12 })],
    nearest: [image, (l) => l.resizing({ height: 5, width: 12, interpolation: 'nearest' })],
    'nearest, batch 1': [one, (l) => l.resizing({ height: 18, width: 16, interpolation: 'nearest' })],
  },
  categoryEncoding: {
    'one of many': [whole(6, 4, 1), (l) => l.categoryEncoding({ numTokens: 6, outputMode: 'oneHot' })],
    several: [whole(6, 4, 3), (l) => l.categoryEncoding({ numTokens: 6, outputMode: 'multiHot' })],
    counts: [whole(6, 4, 3), (l) => l.categoryEncoding({ numTokens: 6, outputMode: 'count' })],
  },
  randomWidth: {
    bilinear: [image, (l) => l.randomWidth({ factor: 0.4, seed: 3 })],
    nearest: [image, (l) => l.randomWidth({ factor: 0.4, seed: 3, interpolation: 'nearest' })],
  },
};

/** What tfjs says to the gradients of these, or to the whole layer, on every backend. */
const REFUSED: readonly [layer: RegExp, why: RegExp][] = [
  [/^(conv1d|conv2d|conv3d|separableConv2d): dilated/, /dilation rates greater than 1 are not yet supported/],
  [/^conv1d: causal/, /CAUSAL padding mode in conv1dWithBias is not implemented yet/],
  [/^conv2d: int32/, /must be float32 tensor, but got int32 tensor/],
  [/^centerCrop: smaller/, /gradient function not found for CropAndResize/],
];

/** What the gradients of the pure-JavaScript backend get wrong. */
const MISTAKEN: readonly [layer: RegExp, why: string][] = [
  [/^averagePooling.d: (same|unequal)/, 'it divides by the whole window where that reaches into the padding'],
  [/^(upSampling2d: nearest|resizing: nearest|randomWidth: nearest)$/, 'of a batch it takes the first image for all'],
  [/: bilinear$/, 'it interchanges height and width'],
];

const ALONE: ReadonlySet<string> = new Set(['centerCrop', 'randomWidth', 'resizing']);

export const LAYER_ROWS: readonly LayerRow[] = Object.entries(TABLE).flatMap(([name, variants]) =>
  Object.entries(variants).map(([variant, [inputs, make]]) => ({
    ...{ name: name as keyof Layers, variant, make, alone: ALONE.has(name) },
    refused: REFUSED.find(([layer]) => layer.test(`${name}: ${variant}`))?.[1],
    mistaken: MISTAKEN.find(([layer]) => layer.test(`${name}: ${variant}`))?.[1],
    inputs: (Array.isArray(inputs) ? inputs : [inputs]) as readonly LayerInput[],
  })),
);
