import type { OptimizerSettings, Schedule } from '../../../src/core/optimizer.js';
import type { LayerSpec, Shape } from '../../../src/core/model.js';
import type { Loss } from '../../../src/core/experiment.js';
import { summarize } from '../../../src/model/summary.js';
import type { Case } from './problem.js';

export type { Case } from './problem.js';

const IMAGE = [6, 7, 4] as const;
const SEQUENCE = [9, 4] as const;

/** The layer between a linear one, so that its input has a gradient, and a dense one that gives logits. */
export function layerCase(layer: LayerSpec, input: Shape = IMAGE, classes = 3): Case {
  const channels = input.at(-1) as number;
  const before: LayerSpec =
    input.length === 3
      ? { kind: 'conv2d', name: 'before', filters: channels, kernel: 1 }
      : { kind: 'dense', name: 'before', units: channels };
  const middle: LayerSpec[] = [before, { ...layer, name: 'layer' }];
  const rank = summarize({ id: 'm', title: 'm', input, layers: middle }).layers.at(-1)?.outputShape.length;
  const flatten: LayerSpec[] = rank === 1 ? [] : [{ kind: 'flatten', name: 'flat' }];
  const layers = [...middle, ...flatten, { kind: 'dense' as const, name: 'logits', units: classes }];
  return { name: `${JSON.stringify(layer)} on ${input.join('x')}, ${classes} classes`, input, layers };
}

const images = (...layers: readonly LayerSpec[]) => layers.map((layer) => layerCase(layer));
const sequences = (...layers: readonly LayerSpec[]) => layers.map((layer) => layerCase(layer, SEQUENCE));

const optimizers = (named: Readonly<Record<string, OptimizerSettings>>): Case[] =>
  Object.entries(named).map(([name, optimizer]) => ({ ...NET, name, optimizer, steps: 6 }));
const schedules = (named: Readonly<Record<string, Schedule>>): Case[] =>
  Object.entries(named).map(([name, schedule]) => ({
    ...{ ...NET, name, schedule, steps: 8, stepsPerEpoch: 2 },
    // The frameworks differ where a momentum meets another learning rate.
    optimizer: { name: 'sgd', learningRate: 0.3 },
  }));

const NET = {
  input: [5],
  layers: [
    { kind: 'dense', name: 'hidden', units: 6 },
    { kind: 'tanh', name: 'tanh' },
    { kind: 'dense', name: 'logits', units: 3 },
  ],
} as const satisfies Pick<Case, 'input' | 'layers'>;

const withLoss = (loss: Loss, ...end: readonly LayerSpec[]): Case => ({
  ...{ name: `loss ${loss}`, input: NET.input, layers: [...NET.layers, ...end], loss },
});

/** Where both frameworks compute the same. */
export const COMMON: readonly Case[] = [
  ...images(
    { kind: 'conv2d', filters: 4, kernel: [2, 3], stride: [2, 1] },
    { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
    { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same', stride: 2 },
    { kind: 'conv2d', filters: 4, kernel: 2, dilation: [2, 3] },
    { kind: 'conv2d', filters: 6, kernel: 3, groups: 2, bias: false },
    { kind: 'conv2d', filters: 4, kernel: 1, stride: 3 },
    { kind: 'conv2d', filters: 4, kernel: [6, 7] },
    { kind: 'conv2d-transpose', filters: 3, kernel: 3, stride: 2, padding: 'valid' },
    { kind: 'conv2d-transpose', filters: 3, kernel: 3, stride: 2, padding: 'same' },
    { kind: 'conv2d-transpose', filters: 3, kernel: 2, stride: 3, padding: 'valid' },
    { kind: 'depthwise-conv2d', multiplier: 2, kernel: 3, padding: 'same' },
    { kind: 'separable-conv2d', filters: 5, kernel: 3 },
    { kind: 'max-pool', size: 2, padding: 'same' },
    { kind: 'max-pool', size: [3, 2], stride: [2, 1] },
    { kind: 'average-pool', size: [2, 3] },
    { kind: 'global-average-pool' },
    { kind: 'global-max-pool' },
    { kind: 'layer-norm' },
    { kind: 'layer-norm', epsilon: 1e-5 },
    { kind: 'sigmoid' },
    { kind: 'tanh' },
    { kind: 'relu' },
    { kind: 'relu6' },
    { kind: 'softmax' },
    { kind: 'log-softmax' },
    { kind: 'selu' },
    { kind: 'silu' },
    { kind: 'softplus' },
    { kind: 'leaky-relu', slope: 0.2 },
    { kind: 'elu' },
    { kind: 'elu', alpha: 0.5 },
    { kind: 'gelu' },
    { kind: 'gelu', approximate: true },
    {
      kind: 'zero-padding',
      padding: [
        [1, 2],
        [0, 3],
      ],
    },
    { kind: 'upsampling', size: [2, 3] },
    { kind: 'upsampling', size: 2, interpolation: 'bilinear' },
    { kind: 'reshape', shape: [14, 12] },
    { kind: 'rescaling', scale: 0.5, offset: -1 },
  ),
  ...sequences(
    { kind: 'conv1d', filters: 3, kernel: 4, stride: 2 },
    { kind: 'conv1d', filters: 3, kernel: 3, padding: 'same' },
    { kind: 'conv1d', filters: 3, kernel: 3, padding: 'causal', dilation: 2 },
    { kind: 'max-pool1d', size: 2 },
    { kind: 'max-pool1d', size: 2, padding: 'same' },
    { kind: 'average-pool1d', size: 3, stride: 2 },
    { kind: 'average-pool1d', size: 2, padding: 'same' },
    { kind: 'global-average-pool1d' },
    { kind: 'global-max-pool1d' },
    { kind: 'zero-padding1d', padding: [2, 1] },
    { kind: 'upsampling1d', size: 3 },
    { kind: 'simple-rnn', units: 5 },
    { kind: 'simple-rnn', units: 5, returnSequences: true, bias: false },
    { kind: 'lstm', units: 5 },
    { kind: 'lstm', units: 5, returnSequences: true },
    { kind: 'gru', units: 5 },
    { kind: 'gru', units: 5, returnSequences: true, bias: false },
  ),
  // One pixel, one step, two classes: the least there is.
  layerCase({ kind: 'conv2d', filters: 1, kernel: 1 }, [1, 1, 1], 2),
  layerCase({ kind: 'max-pool', size: 1 }, [1, 1, 1], 2),
  layerCase({ kind: 'upsampling', size: 2, interpolation: 'bilinear' }, [1, 1, 2], 2),
  layerCase({ kind: 'lstm', units: 1 }, [1, 1], 2),
  { ...layerCase({ kind: 'gru', units: 2 }, [1, 3], 2), batch: 1 },
  {
    name: 'words',
    input: [7],
    below: 11,
    layers: [
      { kind: 'embedding', name: 'words', vocabulary: 11, features: 4 },
      { kind: 'lstm', name: 'lstm', units: 3 },
      { kind: 'dense', name: 'logits', units: 2 },
    ],
  },
  withLoss('cross-entropy-of-probabilities', { kind: 'softmax', name: 'softmax' }),
  withLoss('mean-squared-error'),
  ...schedules({
    'step an epoch': { kind: 'step', unit: 'epoch', every: 1, factor: 0.5 },
    'step every three steps': { kind: 'step', unit: 'step', every: 3, factor: 0.1 },
    exponential: { kind: 'exponential', unit: 'step', every: 2, factor: 0.7 },
    cosine: { kind: 'cosine', unit: 'step', over: 6, minimum: 0.01 },
  }),
  ...optimizers({ sgd: { name: 'sgd', learningRate: 0.2 } }),
];

export const PYTORCH_CASES: readonly Case[] = [
  ...COMMON,
  ...images(
    // Keras leaves the padding out too, but not on its backend torch.
    { kind: 'average-pool', size: 3, stride: 2, padding: 'same' },
    { kind: 'conv2d', filters: 4, kernel: 3, padding: [2, 1], stride: 2 },
    { kind: 'conv2d', filters: 4, kernel: 3, padding: 2, dilation: 2, groups: 4 },
    { kind: 'conv2d', filters: 4, kernel: 2, stride: 3, dilation: 2 },
    { kind: 'conv2d-transpose', filters: 3, kernel: 3, stride: 2, padding: 1, outputPadding: 1 },
    { kind: 'conv2d-transpose', filters: 3, kernel: [2, 4], stride: [3, 1], padding: [0, 2], bias: false },
    { kind: 'depthwise-conv2d', kernel: 3, stride: [2, 1] },
    { kind: 'separable-conv2d', filters: 5, multiplier: 2, kernel: 2, dilation: 2, padding: 1 },
    { kind: 'max-pool', size: 3, stride: 2, padding: 1 },
    { kind: 'max-pool', size: 3, stride: 2, ceil: true },
    { kind: 'average-pool', size: 3, stride: 2, padding: 1 },
    { kind: 'batch-norm', convention: 'pytorch' },
    { kind: 'batch-norm', convention: 'pytorch', momentum: 0.3, epsilon: 1e-4 },
  ),
  ...sequences(
    { kind: 'conv1d', filters: 4, kernel: 2, padding: 2, groups: 2 },
    { kind: 'max-pool1d', size: 3, padding: 1 },
    { kind: 'batch-norm', convention: 'pytorch' },
    { kind: 'simple-rnn', units: 5, biases: 2 },
    { kind: 'lstm', units: 5, biases: 2 },
  ),
  layerCase({ kind: 'batch-norm', convention: 'pytorch' }, [5]),
  {
    name: 'dropout',
    input: [5],
    layers: [
      { kind: 'dropout', name: 'first', rate: 0.2 },
      ...NET.layers.slice(0, 2),
      { kind: 'dropout', name: 'second', rate: 0.5 },
      { kind: 'dense', name: 'logits', units: 3 },
    ],
  },
  {
    name: 'branches',
    input: [5, 4, 2],
    layers: [
      {
        kind: 'add',
        name: 'block',
        branches: [
          [
            { kind: 'conv2d', name: 'conv', filters: 2, kernel: 3, padding: 1 },
            { kind: 'batch-norm', name: 'norm', convention: 'pytorch' },
          ],
          [],
        ],
      },
      {
        kind: 'concat',
        name: 'both',
        branches: [
          [{ kind: 'conv2d', name: 'one', filters: 2, kernel: 1 }],
          [{ kind: 'conv2d', name: 'three', filters: 1, kernel: 3, padding: 1 }],
        ],
      },
      { kind: 'global-average-pool', name: 'mean' },
      { kind: 'dense', name: 'logits', units: 3 },
    ],
  },
  ...optimizers({
    'sgd momentum': { name: 'sgd', learningRate: 0.1, momentum: 0.9 },
    'sgd nesterov': { name: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true },
    'sgd weight decay': { name: 'sgd', learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 },
    adam: { name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-3 },
    'adam weight decay': { name: 'adam', learningRate: 0.01, beta1: 0.8, beta2: 0.9, epsilon: 1e-8, weightDecay: 0.1 },
    adamw: { name: 'adamw', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.5 },
    rmsprop: { name: 'rmsprop', learningRate: 0.01, rho: 0.99, epsilon: 1e-2 },
    'rmsprop centred': { name: 'rmsprop', learningRate: 0.01, rho: 0.9, epsilon: 1e-2, momentum: 0.5, centred: true },
    'rmsprop weight decay': { name: 'rmsprop', learningRate: 0.01, rho: 0.9, epsilon: 1e-2, weightDecay: 0.1 },
    adagrad: { name: 'adagrad', learningRate: 0.1, initialAccumulator: 0, epsilon: 1e-2 },
    'adagrad weight decay': {
      name: 'adagrad',
      learningRate: 0.1,
      initialAccumulator: 0.1,
      epsilon: 1e-10,
      weightDecay: 0.1,
    },
  }),
  ...schedules({
    milestones: { kind: 'milestones', unit: 'epoch', at: [1, 3], factor: 0.1 },
    'cosine an epoch': { kind: 'cosine', unit: 'epoch', over: 4, minimum: 0 },
  }),
  {
    ...{ ...NET, name: 'adam with a schedule', steps: 8, stepsPerEpoch: 2 },
    optimizer: { name: 'adamw', learningRate: 0.05, beta1: 0.9, beta2: 0.999, epsilon: 1e-4, weightDecay: 0.1 },
    schedule: { kind: 'exponential', unit: 'epoch', every: 1, factor: 0.5 },
  },
];

const KERAS = { form: 'keras' } as const;

/** Those of `COMMON` are PyTorch's, which Keras computes as well. */
export const KERAS_CASES: readonly Case[] = [
  ...images({ kind: 'batch-norm' }, { kind: 'batch-norm', momentum: 0.6, epsilon: 1e-2 }),
  ...sequences(
    { kind: 'batch-norm' },
    { kind: 'gru', units: 5, resetAfter: false },
    { kind: 'gru', units: 5, resetAfter: false, returnSequences: true },
  ),
  layerCase({ kind: 'batch-norm' }, [5]),
  ...optimizers({
    'sgd momentum': { name: 'sgd', learningRate: 0.1, momentum: 0.9, ...KERAS },
    'sgd nesterov': { name: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, ...KERAS },
    'sgd weight decay': { name: 'sgd', learningRate: 0.1, momentum: 0.9, ...KERAS, weightDecay: 0.1, decoupled: true },
    adam: { name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-2, ...KERAS },
    adamw: { name: 'adamw', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.5, ...KERAS },
    rmsprop: { name: 'rmsprop', learningRate: 0.01, rho: 0.9, epsilon: 1e-2, ...KERAS },
    'rmsprop centred': {
      ...{ name: 'rmsprop', learningRate: 0.01, rho: 0.9, epsilon: 1e-2, momentum: 0.5, centred: true, ...KERAS },
    },
    adagrad: { name: 'adagrad', learningRate: 0.1, initialAccumulator: 0.1, epsilon: 1e-2, ...KERAS },
  }),
  {
    ...{ ...NET, name: 'momentum with a schedule', steps: 8, stepsPerEpoch: 2 },
    optimizer: { name: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, ...KERAS },
    schedule: { kind: 'step', unit: 'epoch', every: 1, factor: 0.5 },
  },
];
