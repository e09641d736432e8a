import type { Shape, SingleLayer } from '../../core/model.js';
import { conv1d, conv2d, conv2dTranspose, depthwiseConv2d, separableConv2d } from './convolutions.js';
import { biasOf, grid, perAxis, requireRank, sizeOf, weight, type Effect, type EffectOf, type Kind } from './effect.js';
import { globalPool, pool1d, pool2d } from './pools.js';
import { recurrent } from './recurrent.js';

const unchanged = (_: object, input: Shape): Effect => ({ outputShape: input });

const dense: EffectOf<'dense'> = (layer, input) => {
  if (input.length !== 2) requireRank(input, 1, input.length === 3 ? ': put a flatten before it' : '');
  const features = input.at(-1) as number;
  const kernel = [features, layer.units];
  return {
    outputShape: [...input.slice(0, -1), layer.units],
    tensors: [weight('kernel', kernel), ...biasOf(layer, layer.units)],
    macs: sizeOf(kernel) * sizeOf(input.slice(0, -1)),
  };
};

const reshape: EffectOf<'reshape'> = ({ shape }, input) => {
  if (sizeOf(shape) !== sizeOf(input)) {
    throw new RangeError(`cannot make ${shape.join('x')} of ${input.join('x')}: the number of values is another`);
  }
  return { outputShape: shape };
};

const normalised = (input: Shape) => [
  weight('gamma', input.slice(-1)),
  { part: 'beta', shape: input.slice(-1), role: 'bias' as const },
];

const batchNorm: EffectOf<'batch-norm'> = (_, input) => ({
  outputShape: input,
  tensors: [
    ...normalised(input),
    { part: 'moving_mean', shape: input.slice(-1), role: 'statistic' },
    { part: 'moving_variance', shape: input.slice(-1), role: 'statistic' },
  ],
});

const embedding: EffectOf<'embedding'> = ({ vocabulary, features }, input) => ({
  outputShape: [...requireRank(input, 1), features],
  tensors: [weight('embeddings', [vocabulary, features])],
});

/** Zeros in front of and behind each axis: [[top, bottom], [left, right]]. */
export function zeroMargins(padding: number | readonly (number | readonly number[])[]): [number, number][] {
  const axes = typeof padding === 'number' ? [padding, padding] : padding;
  return axes.map((axis) => (typeof axis === 'number' ? [axis, axis] : [axis[0] as number, axis[1] as number]));
}

const zeroPadding: EffectOf<'zero-padding'> = ({ padding }, input) => {
  const { lengths, channels } = grid(input, 2);
  const margins = zeroMargins(padding);
  const padded = lengths.map((length, axis) => length + sum(margins[axis] as [number, number]));
  return { outputShape: [...padded, channels] };
};

const zeroPadding1d: EffectOf<'zero-padding1d'> = ({ padding }, input) => {
  const { lengths, channels } = grid(input, 1);
  return { outputShape: [(lengths[0] as number) + sum(perAxis(padding, 2)), channels] };
};

const upsampling: EffectOf<'upsampling'> = ({ size }, input) => {
  const { lengths, channels } = grid(input, 2);
  const factors = perAxis(size, 2);
  return { outputShape: [...lengths.map((length, axis) => length * (factors[axis] as number)), channels] };
};

const upsampling1d: EffectOf<'upsampling1d'> = ({ size }, input) => {
  const { lengths, channels } = grid(input, 1);
  return { outputShape: [(lengths[0] as number) * size, channels] };
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const EFFECTS: { readonly [K in Kind]: EffectOf<K> } = {
  flatten: (_, input) => ({ outputShape: [sizeOf(input)] }),
  reshape,
  rescaling: unchanged,
  dense,
  conv1d,
  conv2d,
  'conv2d-transpose': conv2dTranspose,
  'depthwise-conv2d': depthwiseConv2d,
  'separable-conv2d': separableConv2d,
  'max-pool': pool2d,
  'average-pool': pool2d,
  'max-pool1d': pool1d,
  'average-pool1d': pool1d,
  'global-average-pool': globalPool(2),
  'global-max-pool': globalPool(2),
  'global-average-pool1d': globalPool(1),
  'global-max-pool1d': globalPool(1),
  'batch-norm': batchNorm,
  'layer-norm': (_, input) => ({ outputShape: input, tensors: normalised(input) }),
  relu: unchanged,
  sigmoid: unchanged,
  tanh: unchanged,
  softmax: unchanged,
  'log-softmax': unchanged,
  relu6: unchanged,
  selu: unchanged,
  silu: unchanged,
  softplus: unchanged,
  'leaky-relu': unchanged,
  elu: unchanged,
  gelu: unchanged,
  dropout: unchanged,
  'zero-padding': zeroPadding,
  'zero-padding1d': zeroPadding1d,
  upsampling,
  upsampling1d,
  embedding,
  'simple-rnn': recurrent,
  lstm: recurrent,
  gru: recurrent,
};

/** What a layer makes of an input of this shape. Throws RangeError where the input does not fit. */
export function effectOf(layer: SingleLayer, input: Shape): Effect {
  const of = EFFECTS[layer.kind] as (layer: SingleLayer, input: Shape) => Effect;
  const effect = of(layer, input);
  if (effect.outputShape.some((length) => length < 1)) {
    throw new RangeError(`an input of ${input.join('x')} is too small`);
  }
  return effect;
}
