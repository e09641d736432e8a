import { z } from 'zod';
import { INITIALISATIONS } from '../core/experiment.js';

const count = z.number().int().positive().max(100_000);
const rate = z.number().positive().max(100);

/** Words for how an optimizer is written, and its options. A bare number is the learning rate. */
const OPTIMIZERS = {
  adam: {
    learningRate: rate.optional().describe('default: 0.001'),
    beta1: z.number().min(0).max(1).optional().describe('default: 0.9'),
    beta2: z.number().min(0).max(1).optional().describe('default: 0.999'),
    epsilon: z.number().positive().max(1).optional().describe('default: 1e-7 like keras, 1e-8 like pytorch'),
  },
} as const;

const optimizerSchema = z
  .union(
    Object.entries(OPTIMIZERS).map(([word, options]) =>
      z.strictObject({ [word]: z.union([rate, z.strictObject(options)]) }),
    ),
  )
  .describe('{ adam: 0.001 }');

/** The settings of a recipe that a page may leave out, and that a sweep varies. */
export const SETTINGS = ['optimizer', 'learningRate', 'batch', 'epochs', 'initialise'] as const;
export type Setting = (typeof SETTINGS)[number];

export const recipeSchema = z.strictObject({
  like: z.enum(['keras', 'pytorch']).optional().describe('whose defaults hold for what is not said'),
  optimizer: optimizerSchema,
  batch: count.optional().describe('examples a step. Default like keras: 32'),
  epochs: count,
  initialise: z.enum(INITIALISATIONS).optional().describe("default: the framework's"),
});
export type WrittenRecipe = z.infer<typeof recipeSchema>;

/** What a shorter profile does with a recipe. */
export const profileSchema = z.strictObject({
  epochs: count,
  batch: count.optional(),
  trainImages: count.max(10_000_000).optional().describe('train on the first ones only'),
  testImages: count.max(10_000_000).optional().describe('test on the first ones only'),
});
export type WrittenProfile = z.infer<typeof profileSchema>;
