import { z } from 'zod';
import type { LayerSpec } from '../../core/model.js';
import { channelsLast, perAxis } from './rule.js';
import { axisLength, type LayerNode } from './topology.js';

/** A layer of a file -> our specs: one, or one and its activation. Throws for options that we have not. */
type Translation = (config: unknown) => LayerSpec[];

/** Keras writes an activation as its name, or as a class with a configuration. */
const activationName = z
  .union([
    z.string(),
    z.object({ class_name: z.string() }).transform(({ class_name: name }) => name.toLowerCase()),
    z.null().transform(() => 'linear'),
  ])
  .default('linear');

const ACTIVATIONS: Readonly<Record<string, LayerSpec | undefined>> = {
  relu: { kind: 'relu' },
  relu6: { kind: 'relu6' },
  sigmoid: { kind: 'sigmoid' },
  tanh: { kind: 'tanh' },
  softmax: { kind: 'softmax' },
  log_softmax: { kind: 'log-softmax' },
  logSoftmax: { kind: 'log-softmax' },
  elu: { kind: 'elu' },
  selu: { kind: 'selu' },
  silu: { kind: 'silu' },
  swish: { kind: 'silu' },
  softplus: { kind: 'softplus' },
  gelu: { kind: 'gelu' },
  gelu_new: { kind: 'gelu', approximate: true },
  leaky_relu: { kind: 'leaky-relu', slope: 0.2 },
};

function activationOf(name: string): LayerSpec[] {
  if (name === 'linear') return [];
  const spec = ACTIVATIONS[name];
  if (spec === undefined || !Object.hasOwn(ACTIVATIONS, name))
    throw new RangeError(`no activation "${name.slice(0, 40)}"`);
  return [spec];
}

function translation<Config>(schema: z.ZodType<Config>, of: (config: Config) => LayerSpec[]): Translation {
  return (config) => of(schema.parse(config));
}

const useBias = z.boolean().default(true);
const noBias = (bias: boolean) => (bias ? {} : ({ bias: false } as const));
/** One number where all axes have the same. */
type Pair = readonly [number, number];
const asPair = (axes: readonly number[]): number | Pair =>
  axes.every((each) => each === axes[0]) ? (axes[0] as number) : ([axes[0], axes[1]] as unknown as Pair);
const unlessOne = (name: 'stride' | 'dilation', axes: readonly number[]) =>
  axes.every((each) => each === 1) ? {} : { [name]: asPair(axes) };
const unlessValid = <Word extends string>(padding: Word) => (padding === 'valid' ? {} : { padding });
const padding = z.enum(['valid', 'same']).default('valid');
const single = (axes: readonly number[]) => axes[0] as number;

const window = (rank: number) => ({
  kernel_size: perAxis(rank),
  strides: perAxis(rank).default(Array<number>(rank).fill(1)),
  dilation_rate: perAxis(rank).default(Array<number>(rank).fill(1)),
  padding,
  data_format: channelsLast,
  use_bias: useBias,
  activation: activationName,
});
const multiplier = axisLength.default(1);
const unlessOnce = (count: number) => (count === 1 ? {} : { multiplier: count });
const groups = axisLength.default(1);

const conv2d = translation(z.object({ ...window(2), filters: axisLength, groups }), (c) => [
  {
    ...{ kind: 'conv2d', filters: c.filters, kernel: asPair(c.kernel_size) },
    ...unlessOne('stride', c.strides),
    ...unlessOne('dilation', c.dilation_rate),
    ...unlessValid(c.padding),
    ...(c.groups > 1 && { groups: c.groups }),
    ...noBias(c.use_bias),
  },
  ...activationOf(c.activation),
]);

const conv1d = translation(
  z.object({
    ...window(1),
    padding: z.enum(['valid', 'same', 'causal']).default('valid'),
    filters: axisLength,
    groups,
  }),
  (c) => [
    {
      ...{ kind: 'conv1d', filters: c.filters, kernel: single(c.kernel_size) },
      ...(single(c.strides) > 1 && { stride: single(c.strides) }),
      ...(single(c.dilation_rate) > 1 && { dilation: single(c.dilation_rate) }),
      ...unlessValid(c.padding),
      ...(c.groups > 1 && { groups: c.groups }),
      ...noBias(c.use_bias),
    },
    ...activationOf(c.activation),
  ],
);

const depthwise = translation(z.object({ ...window(2), depth_multiplier: multiplier }), (c) => [
  {
    ...{ kind: 'depthwise-conv2d', ...unlessOnce(c.depth_multiplier), kernel: asPair(c.kernel_size) },
    ...unlessOne('stride', c.strides),
    ...unlessOne('dilation', c.dilation_rate),
    ...unlessValid(c.padding),
    ...noBias(c.use_bias),
  },
  ...activationOf(c.activation),
]);

const separable = translation(z.object({ ...window(2), filters: axisLength, depth_multiplier: multiplier }), (c) => [
  {
    ...{
      kind: 'separable-conv2d',
      filters: c.filters,
      ...unlessOnce(c.depth_multiplier),
      kernel: asPair(c.kernel_size),
    },
    ...unlessOne('stride', c.strides),
    ...unlessOne('dilation', c.dilation_rate),
    ...unlessValid(c.padding),
    ...noBias(c.use_bias),
  },
  ...activationOf(c.activation),
]);

const transposed = translation(
  z.object({ ...window(2), filters: axisLength, output_padding: z.null('output_padding is not supported').optional() }),
  (c) => {
    if (c.dilation_rate.some((each) => each > 1)) throw new RangeError('a dilated transposed convolution');
    return [
      {
        ...{ kind: 'conv2d-transpose', filters: c.filters, kernel: asPair(c.kernel_size) },
        ...unlessOne('stride', c.strides),
        ...{ padding: c.padding, ...noBias(c.use_bias) },
      },
      ...activationOf(c.activation),
    ];
  },
);

const pool2d = (kind: 'max-pool' | 'average-pool') =>
  translation(
    z.object({ pool_size: perAxis(2), strides: perAxis(2).nullish(), padding, data_format: channelsLast }),
    ({ pool_size: size, strides, padding: word }) => [
      { kind, size: asPair(size), ...(strides && { stride: asPair(strides) }), ...unlessValid(word) },
    ],
  );
const pool1d = (kind: 'max-pool1d' | 'average-pool1d') =>
  translation(
    z.object({ pool_size: perAxis(1), strides: perAxis(1).nullish(), padding, data_format: channelsLast }),
    ({ pool_size: size, strides, padding: word }) => [
      { kind, size: single(size), ...(strides && { stride: single(strides) }), ...unlessValid(word) },
    ],
  );
const globalPool = (kind: 'global-average-pool' | 'global-max-pool' | 'global-average-pool1d' | 'global-max-pool1d') =>
  translation(z.object({ data_format: channelsLast, keepdims: z.literal(false, 'keepdims').optional() }), () => [
    { kind },
  ]);

const lastAxis = z
  .union([
    z.number().int(),
    z
      .array(z.number().int())
      .length(1)
      .transform(([axis]) => axis as number),
  ])
  .default(-1);
const affine = {
  scale: z.literal(true, 'without a scale').optional(),
  center: z.literal(true, 'without a shift').optional(),
};

const recurrentConfig = z.object({
  units: axisLength,
  use_bias: useBias,
  return_sequences: z.boolean().default(false),
  return_state: z.literal(false, 'return_state').optional(),
  go_backwards: z.literal(false, 'go_backwards').optional(),
  stateful: z.literal(false, 'stateful').optional(),
  activation: z.literal('tanh', 'another activation than tanh').optional(),
  recurrent_activation: z.literal('sigmoid', 'another recurrent activation than sigmoid').optional(),
  dropout: z.literal(0, 'a dropout').optional(),
  recurrent_dropout: z.literal(0, 'a dropout').optional(),
  reset_after: z.boolean().default(false),
});
const recurrent = (kind: 'simple-rnn' | 'lstm' | 'gru') =>
  translation(recurrentConfig, (c) => {
    const common = {
      units: c.units,
      ...(c.return_sequences && { returnSequences: true }),
      ...noBias(c.use_bias),
    };
    return [kind === 'gru' ? { kind, ...common, ...(!c.reset_after && { resetAfter: false }) } : { kind, ...common }];
  });

const amount = z.number().int().min(0).max(4096);
const amounts = z.tuple([amount, amount]);
const margins2d = z.union([amount, z.tuple([amounts, amounts]), amounts]).default(1);

const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map<string, Translation>([
  ['InputLayer', () => []],
  ['Flatten', () => [{ kind: 'flatten' }]],
  [
    'Reshape',
    translation(z.object({ target_shape: z.array(axisLength).min(1).max(4) }), ({ target_shape: shape }) => [
      { kind: 'reshape', shape },
    ]),
  ],
  [
    'Rescaling',
    translation(z.object({ scale: z.number(), offset: z.number().default(0) }), ({ scale, offset }) => [
      { kind: 'rescaling', scale, ...(offset !== 0 && { offset }) },
    ]),
  ],
  [
    'Dense',
    translation(z.object({ units: axisLength, use_bias: useBias, activation: activationName }), (c) => [
      { kind: 'dense', units: c.units, ...noBias(c.use_bias) },
      ...activationOf(c.activation),
    ]),
  ],
  ['Conv1D', conv1d],
  ['Conv2D', conv2d],
  ['DepthwiseConv2D', depthwise],
  ['SeparableConv2D', separable],
  ['Conv2DTranspose', transposed],
  ['MaxPooling2D', pool2d('max-pool')],
  ['AveragePooling2D', pool2d('average-pool')],
  ['MaxPooling1D', pool1d('max-pool1d')],
  ['AveragePooling1D', pool1d('average-pool1d')],
  ['GlobalAveragePooling2D', globalPool('global-average-pool')],
  ['GlobalMaxPooling2D', globalPool('global-max-pool')],
  ['GlobalAveragePooling1D', globalPool('global-average-pool1d')],
  ['GlobalMaxPooling1D', globalPool('global-max-pool1d')],
  [
    'BatchNormalization',
    translation(
      z.object({ axis: lastAxis, momentum: z.number().default(0.99), epsilon: z.number().default(1e-3), ...affine }),
      ({ momentum, epsilon }) => [{ kind: 'batch-norm', momentum, epsilon, convention: 'keras' }],
    ),
  ],
  [
    'LayerNormalization',
    translation(z.object({ axis: lastAxis, epsilon: z.number().default(1e-3), ...affine }), ({ epsilon }) => [
      { kind: 'layer-norm', epsilon },
    ]),
  ],
  ['Dropout', translation(z.object({ rate: z.number().min(0).max(1) }), ({ rate }) => [{ kind: 'dropout', rate }])],
  ['Activation', translation(z.object({ activation: activationName }), (c) => activationOf(c.activation))],
  ['Softmax', translation(z.object({ axis: lastAxis }), () => [{ kind: 'softmax' }])],
  [
    'ReLU',
    translation(
      z.object({
        max_value: z.union([z.null(), z.literal(6)]).optional(),
        negative_slope: z.literal(0, 'a slope').nullish(),
        threshold: z.literal(0, 'a threshold').nullish(),
      }),
      ({ max_value: most }) => [{ kind: most === 6 ? 'relu6' : 'relu' }],
    ),
  ],
  [
    'LeakyReLU',
    translation(
      z.object({ negative_slope: z.number().optional(), alpha: z.number().optional() }),
      ({ negative_slope: slope, alpha }) => [{ kind: 'leaky-relu', slope: slope ?? alpha ?? 0.3 }],
    ),
  ],
  ['ELU', translation(z.object({ alpha: z.number().default(1) }), ({ alpha }) => [{ kind: 'elu', alpha }])],
  [
    'ZeroPadding2D',
    translation(z.object({ padding: margins2d, data_format: channelsLast }), (c) => [
      { kind: 'zero-padding', padding: c.padding },
    ]),
  ],
  [
    'ZeroPadding1D',
    translation(z.object({ padding: z.union([amount, amounts]).default(1) }), (c) => [
      { kind: 'zero-padding1d', padding: c.padding },
    ]),
  ],
  [
    'UpSampling2D',
    translation(
      z.object({
        size: perAxis(2).default([2, 2]),
        interpolation: z.enum(['nearest', 'bilinear']).default('nearest'),
        data_format: channelsLast,
      }),
      ({ size, interpolation }) => [
        { kind: 'upsampling', size: asPair(size), ...(interpolation === 'bilinear' && { interpolation }) },
      ],
    ),
  ],
  [
    'UpSampling1D',
    translation(z.object({ size: perAxis(1).default([2]) }), ({ size }) => [
      { kind: 'upsampling1d', size: single(size) },
    ]),
  ],
  [
    'Embedding',
    translation(
      z.object({ input_dim: axisLength, output_dim: axisLength, mask_zero: z.literal(false, 'mask_zero').nullish() }),
      (c) => [{ kind: 'embedding', vocabulary: c.input_dim, features: c.output_dim }],
    ),
  ],
  ['SimpleRNN', recurrent('simple-rnn')],
  ['LSTM', recurrent('lstm')],
  ['GRU', recurrent('gru')],
]);

/** @throws RangeError or ZodError for what we cannot train */
export function specsOf({ class_name: kind, config }: LayerNode): LayerSpec[] {
  const translate = TRANSLATIONS.get(kind);
  if (translate === undefined) throw new RangeError(`layers of class ${kind} are not trained`);
  return translate(config ?? {});
}
