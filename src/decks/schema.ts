import { z } from 'zod';
import { claimSchema, MOST_TEXT, partName } from './claim-schema.js';
import { dataSchema } from './data-schema.js';
import { layersSchema } from './layers.js';
import { likeSchema, profileSchema, recipeSchema, SETTINGS } from './recipe-schema.js';

const text = z.string().min(1).max(MOST_TEXT);
const side = z.number().int().positive().max(1_000_000);

/** A part of a deck, by its name. */
function parts<Part extends z.ZodType>(part: Part, most: number) {
  return z
    .record(partName, part)
    .refine((all) => Object.keys(all).length <= most, `at most ${most}`)
    .optional();
}

const citationSchema = z.strictObject({
  title: text,
  author: z.union([text, z.array(text).min(1).max(100)]).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(MOST_TEXT)
    .optional(),
  date: z
    .string()
    .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'a date: 2026-10-12, 2026-10 or "2026"')
    .optional(),
  file: text.optional().describe('the file that the page numbers are of'),
  note: text.optional(),
});

const modelSchema = z.strictObject({
  title: text.optional(),
  like: likeSchema.optional().describe('whose defaults its layers have. Default: that of the deck'),
  input: z.array(side).min(1).max(3).describe('shape of one example: [height, width, channels], or [features]'),
  layers: layersSchema,
});
export type WrittenModel = z.infer<typeof modelSchema>;

const experimentSchema = z.strictObject({
  title: text.optional(),
  data: partName.describe('a data set of this deck, or fashion-mnist or cifar-10'),
  model: partName.describe('a model of this deck'),
  recipe: recipeSchema,
  unstated: z
    .array(z.enum(SETTINGS))
    .max(SETTINGS.length)
    .optional()
    .describe('what the page does not say of the recipe: shown with every verdict, and what sweep varies'),
  profiles: z
    .strictObject({ smoke: profileSchema.optional(), quick: profileSchema.optional() })
    .optional()
    .describe('how much of the recipe the shorter profiles run; a default is made from its cost'),
});
export type WrittenExperiment = z.infer<typeof experimentSchema>;

/** A deck as its file says it. schema/deck-1.json is made from it. */
export const deckSchema = z
  .strictObject({
    $schema: z.string().max(MOST_TEXT).optional(),
    schemaVersion: z.literal(1),
    deck: partName.describe('starts the ids of its claims and experiments'),
    like: likeSchema.optional().describe('the framework of the page: its defaults hold for what is not said'),
    cite: citationSchema.describe('whose page it is'),
    data: parts(dataSchema, 100),
    models: parts(modelSchema, 500),
    experiments: parts(experimentSchema, 500),
    claims: z.array(claimSchema).min(1).max(2000),
  })
  .describe('A deck of cnnbench: the numbers that a page prints, and what they are about');
export type WrittenDeck = z.infer<typeof deckSchema>;
