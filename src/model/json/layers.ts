import { z } from 'zod';
import { list } from '../../core/list.js';
import type { Shape } from '../../core/model.js';
import { joinShapes, sizeOf } from '../summary.js';
import {
  convolution,
  cropping,
  depthwise,
  globalPooling,
  pooling,
  separable,
  transposed,
  upSampling,
  zeroPadding,
} from './convolutions.js';
import { recurrent } from './recurrent.js';
import { channelsLast, grid, rule, single, unchanged, type Rule } from './rule.js';
import { axisLength } from './topology.js';

const dense = rule(z.object({ units: axisLength, use_bias: z.boolean().default(true) }), (config, inputs) => {
  const input = single(inputs);
  const features = input.at(-1);
  if (features === undefined) throw new RangeError('needs an input of rank 1 or more');
  const weights = features * config.units;
  const outputShape = [...input.slice(0, -1), config.units];
  const macs = weights * sizeOf(input.slice(0, -1));
  return { outputShape, weights, biases: config.use_bias ? config.units : 0, macs };
});

const embedding = rule(z.object({ input_dim: axisLength, output_dim: axisLength }), (config, inputs) => ({
  outputShape: [...single(inputs), config.output_dim],
  weights: config.input_dim * config.output_dim,
}));

const axisNumber = z.number().int().min(-8).max(8);

/** Position of an axis in a shape without the batch, which is axis 0. */
function positionOf(axis: number, rank: number): number {
  const position = axis < 0 ? rank + axis : axis - 1;
  if (axis === 0 || position < 0 || position >= rank) throw new RangeError(`has no axis ${axis}`);
  return position;
}

const normalisedAxes = z
  .union([axisNumber.transform((axis) => [axis]), list(axisNumber, { least: 1, most: 8 })])
  .default([-1]);
const scaleAndCenter = { scale: z.boolean().default(true), center: z.boolean().default(true) };

/** Scale and shift for each index of the axes. @param statistics running means and variances as well */
const normalisation = (statistics: boolean): Rule =>
  rule(z.object({ axis: normalisedAxes, ...scaleAndCenter }), ({ axis: axes, scale, center }, inputs) => {
    const outputShape = single(inputs);
    const size = sizeOf(axes.map((axis) => outputShape[positionOf(axis, outputShape.length)] as number));
    const cost = { weights: scale ? size : 0, biases: center ? size : 0 };
    return { outputShape, ...cost, ...(statistics && { nonTrainable: 2 * size }) };
  });

/** Of inputs: mean, variance and a count, learnt by adapt() and stored with the model, unless they are given. */
const inputNormalisation = rule(z.object({ axis: normalisedAxes.nullable(), mean: z.unknown() }), (config, inputs) => {
  const outputShape = single(inputs);
  const size = sizeOf((config.axis ?? []).map((axis) => outputShape[positionOf(axis, outputShape.length)] as number));
  return { outputShape, nonTrainable: config.mean === null ? 2 * size + 1 : 0 };
});

/** A slope of its own for each position and channel, but for the axes that share one. */
const prelu = rule(z.object({ shared_axes: list(axisNumber, { most: 8 }).nullish() }), (config, inputs) => {
  const outputShape = single(inputs);
  const shared = new Set(config.shared_axes?.map((axis) => positionOf(axis, outputShape.length)));
  return { outputShape, weights: sizeOf(outputShape.filter((_, position) => !shared.has(position))) };
});

const flatten = rule(z.unknown(), (_, inputs) => ({ outputShape: [sizeOf(single(inputs))] }));

const reshapeSchema = z.object({ target_shape: list(z.union([axisLength, z.literal(-1), z.null()]), { most: 8 }) });
const reshape = rule(reshapeSchema, ({ target_shape: target }, inputs) => {
  const size = sizeOf(single(inputs));
  const known = sizeOf(target.map((length) => (length === null || length === -1 ? 1 : length)));
  const outputShape = target.map((length) => (length === null || length === -1 ? size / known : length));
  if (sizeOf(outputShape) !== size || !outputShape.every(Number.isInteger)) {
    throw new RangeError(`cannot make ${target.map((length) => length ?? -1).join('x')} of ${size} values`);
  }
  return { outputShape };
});

const permute = rule(z.object({ dims: list(z.number().int().min(1).max(8), { most: 8 }) }), ({ dims }, inputs) => {
  const input = single(inputs);
  const sorted = [...dims].sort((a, b) => a - b);
  if (sorted.length !== input.length || sorted.some((axis, index) => axis !== index + 1)) {
    throw new RangeError(`cannot reorder ${input.join('x')} as ${dims.join(', ')}`);
  }
  return { outputShape: dims.map((axis) => input[axis - 1] as number) };
});

const repeat = rule(z.object({ n: axisLength }), ({ n }, inputs) => ({ outputShape: [n, ...single(inputs)] }));

const resizing = rule(
  z.object({ height: axisLength, width: axisLength, data_format: channelsLast }),
  (config, inputs) => ({
    outputShape: [config.height, config.width, grid(inputs, 2).channels],
  }),
);

/** Element by element. An axis of length 1 is repeated; inputs of different rank are refused. */
const merge = rule(z.unknown(), (_, inputs) => {
  const rank = inputs[0]?.length ?? 0;
  const shape = Array.from({ length: rank }, (_unused, axis) => Math.max(...inputs.map((input) => input[axis] ?? 0)));
  const repeated = inputs.map((input) =>
    input.length === rank ? input.map((length, axis) => (length === 1 ? (shape[axis] as number) : length)) : input,
  );
  return { outputShape: inputs.length > 0 && fits(shape, repeated) ? shape : joinShapes('add', inputs, 'its inputs') };
});

function fits(shape: Shape, others: readonly Shape[]): boolean {
  return others.every(
    (other) => other.length === shape.length && other.every((length, axis) => length === shape[axis]),
  );
}

const concatenate = rule(z.object({ axis: axisNumber.default(-1) }), ({ axis }, inputs) => {
  const [first = []] = inputs;
  const position = positionOf(axis, first.length);
  // The axis goes last, and back to where it was.
  const moved = inputs.map((shape) => [
    ...shape.slice(0, position),
    ...shape.slice(position + 1),
    shape[position] ?? 0,
  ]);
  if (!inputs.every((shape) => shape.length === first.length)) joinShapes('concat', inputs, 'its inputs');
  const joined = [...joinShapes('concat', moved, 'its inputs')];
  const length = joined.pop() as number;
  return { outputShape: [...joined.slice(0, position), length, ...joined.slice(position)] };
});

const PER_RANK: readonly (readonly [name: string, rule: (rank: number) => Rule, ranks: readonly number[]])[] = [
  ['Conv*D', convolution, [1, 2, 3]],
  ['DepthwiseConv*D', depthwise, [1, 2]],
  ['SeparableConv*D', separable, [1, 2]],
  ['Conv*DTranspose', transposed, [1, 2, 3]],
  ['MaxPooling*D', pooling, [1, 2, 3]],
  ['AveragePooling*D', pooling, [1, 2, 3]],
  ['GlobalMaxPooling*D', globalPooling, [1, 2, 3]],
  ['GlobalAveragePooling*D', globalPooling, [1, 2, 3]],
  ['ZeroPadding*D', zeroPadding, [1, 2, 3]],
  ['Cropping*D', cropping, [1, 2, 3]],
  ['UpSampling*D', upSampling, [1, 2, 3]],
  ['SpatialDropout*D', () => unchanged, [1, 2, 3]],
];

const UNCHANGED = [
  ...['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'ThresholdedReLU', 'Softmax', 'Identity', 'ActivityRegularization'],
  ...['Dropout', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise', 'Masking', 'Rescaling', 'UnitNormalization'],
  ...['RandomBrightness', 'RandomContrast', 'RandomFlip', 'RandomRotation', 'RandomTranslation', 'RandomZoom'],
];

/** Everything that can be counted, by its class in tf.layers and Keras; Bidirectional and TimeDistributed stand beside. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...PER_RANK.flatMap(([name, of, ranks]) =>
    ranks.map((rank): [string, Rule] => [name.replace('*', String(rank)), of(rank)]),
  ),
  ['Dense', dense],
  ['Embedding', embedding],
  ['SimpleRNN', recurrent(1, 1)],
  ['GRU', recurrent(3, 1)],
  ['LSTM', recurrent(4, 2)],
  ['BatchNormalization', normalisation(true)],
  ['LayerNormalization', normalisation(false)],
  ['GroupNormalization', normalisation(false)],
  ['Normalization', inputNormalisation],
  ['PReLU', prelu],
  ['Flatten', flatten],
  ['Reshape', reshape],
  ['Permute', permute],
  ['RepeatVector', repeat],
  ['Resizing', resizing],
  ['Concatenate', concatenate],
  ...['Add', 'Subtract', 'Average', 'Maximum', 'Minimum', 'Multiply'].map((name): [string, Rule] => [name, merge]),
  ...UNCHANGED.map((name): [string, Rule] => [name, unchanged]),
]);
