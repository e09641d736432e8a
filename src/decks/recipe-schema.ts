import { z } from 'zod';
import { LOSSES } from '../core/experiment.js';
import { FRAMEWORKS } from '../core/framework.js';
import { initialisationSchema } from '../core/initialisation.js';

const count = z.number().int().positive().max(100_000);
const rate = z.number().positive().max(100);
const share = z.number().min(0).lt(1);
const small = z.number().nonnegative().max(1);

/** Whose defaults hold. */
export const likeSchema = z.enum(FRAMEWORKS);

const learningRate = rate.optional().describe("default: the framework's");
const decay = {
  weightDecay: small.optional(),
  decoupled: z
    .boolean()
    .optional()
    .describe('the weight decay is no part of the gradient. Default: as in the framework'),
};
const moments = { beta1: share.optional(), beta2: share.optional(), epsilon: small.optional() };
const momentum = share.optional();

/** Options of the optimizers: what is left out has the framework's default. A bare number is the learning rate. */
export const OPTIMIZERS = {
  sgd: { learningRate, momentum, nesterov: z.boolean().optional(), ...decay },
  adam: { learningRate, ...moments, ...decay },
  adamw: { learningRate, ...moments, weightDecay: small.optional() },
  rmsprop: {
    learningRate,
    rho: share.optional(),
    epsilon: small.optional(),
    momentum,
    centred: z.boolean().optional(),
    ...decay,
  },
  adagrad: {
    learningRate,
    initialAccumulator: z.number().nonnegative().max(100).optional(),
    epsilon: small.optional(),
    ...decay,
  },
} as const;
export type OptimizerWord = keyof typeof OPTIMIZERS;

const optimizerSchema = z
  .union([
    z.enum(Object.keys(OPTIMIZERS) as [OptimizerWord, ...OptimizerWord[]]),
    ...Object.entries(OPTIMIZERS).map(([word, options]) =>
      z.strictObject({ [word]: z.union([rate, z.strictObject(options)]) }),
    ),
  ])
  .describe('adam, { adam: 0.001 } or { sgd: { learningRate: 0.1, momentum: 0.9 } }');

const unit = z.enum(['epoch', 'step']).optional().describe('default: epoch');
const factor = rate.max(1000);

/** How the learning rate changes, with what `core/optimizer.ts` says of each. */
export const SCHEDULES = {
  step: z.strictObject({ every: count, factor, unit }).describe('times the factor, once every so many epochs'),
  exponential: z
    .strictObject({ every: count.optional().describe('default: 1'), factor, unit })
    .describe('the same, smoothly'),
  milestones: z
    .strictObject({ at: z.array(count).min(1).max(100), factor, unit })
    .describe('times the factor, at each of these'),
  cosine: z
    .strictObject({ over: count, minimum: small.optional().describe('default: 0'), unit })
    .describe('half a cosine down to the minimum'),
} as const;

const scheduleSchema = z.union(Object.entries(SCHEDULES).map(([word, schema]) => z.strictObject({ [word]: schema })));

/** The settings of a recipe that a page may leave out. */
export const SETTINGS = [
  ...([
    'like',
    'optimizer',
    'learningRate',
    'momentum',
    'epsilon',
    'weightDecay',
    'schedule',
    'loss',
    'batch',
  ] as const),
  ...(['lastBatch', 'shuffle', 'epochs', 'initialise', 'scale'] as const),
] as const;

export const recipeSchema = z.strictObject({
  like: likeSchema.optional().describe('whose defaults hold for what is not said. Default: that of the deck'),
  optimizer: optimizerSchema,
  schedule: scheduleSchema.optional().describe('of the learning rate. Default: it stays'),
  loss: z
    .enum(LOSSES)
    .optional()
    .describe('default: cross entropy, of probabilities where a model like keras ends in a softmax'),
  batch: count.optional().describe('examples a step. Default like keras: 32'),
  lastBatch: z.enum(['kept', 'dropped']).optional().describe('of an epoch, where it is not full. Default: kept'),
  shuffle: z.boolean().optional().describe('default: true'),
  epochs: count.optional(),
  steps: z.number().int().positive().max(10_000_000).optional().describe('instead of epochs'),
  initialise: initialisationSchema.optional().describe("how weights are drawn. Default: the framework's"),
});
export type WrittenRecipe = z.infer<typeof recipeSchema>;

/** What a shorter profile does with a recipe. */
export const profileSchema = z.strictObject({
  epochs: count,
  batch: count.optional(),
  trainImages: z.number().int().positive().max(10_000_000).optional().describe('train on the first ones only'),
  testImages: z.number().int().positive().max(10_000_000).optional().describe('test on the first ones only'),
});
