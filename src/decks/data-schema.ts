import { z } from 'zod';
import { deckDataSchema, imageSourceSchema, LARGEST_SIDE, pixelScaleSchema } from '../core/deck-data.js';

const side = z.number().int().positive().max(LARGEST_SIDE);
const channels = z.literal([1, 3]);

const common = {
  title: z.string().min(1).max(200).optional(),
  classes: deckDataSchema.shape.classes.describe('their names in the order of the labels, or their number'),
  split: z
    .strictObject({
      testFraction: z.number().gt(0).lt(1),
      seed: z.number().int().nonnegative(),
      stratified: z.boolean().optional().describe('the share of each class. Default: false'),
    })
    .optional()
    .describe('draws the test set, where none is named'),
  size: z
    .union([z.tuple([side, side]), z.tuple([side, side, channels])])
    .optional()
    .describe('[height, width] or [height, width, channels] to which the images are brought'),
  pad: z
    .array(z.number().int().nonnegative().max(LARGEST_SIDE))
    .length(4)
    .optional()
    .describe('zeros above, below, left, right'),
  scale: z
    .union([
      z.literal('none'),
      z.tuple([z.literal(0), z.literal(1)]),
      z.tuple([z.literal(-1), z.literal(1)]),
      pixelScaleSchema,
    ])
    .optional()
    .describe('[0, 1] (the default), [-1, 1], none, or { divide: 255, mean: [0.5], sd: [0.5] }'),
  sha256: deckDataSchema.shape.sha256,
};

/** A data set as a deck writes it: a source of `core/deck-data.ts`, and what is done with its images. */
export const dataSchema = z.union(
  imageSourceSchema.options.map((source) => z.strictObject({ ...source.shape, ...common })),
);
export type WrittenData = z.infer<typeof dataSchema>;
