import { z } from 'zod';
import { dataFactSchema, LAYOUTS, PROPERTIES, SUMS } from '../core/quantity.js';

export const MOST_TEXT = 2000;
const text = z.string().min(1).max(MOST_TEXT);

/** What a deck calls its parts. No dot, which joins it to the name of the deck. */
export const partName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,59}$/i, 'a name of letters, digits, hyphens and underscores, at most 60')
  .describe('a name');

const layer = z.string().min(1).max(200).describe('a layer, or a pattern: conv1, "fc*"');
const layers = z.union([layer, z.array(layer).min(1).max(200)]);

/** One printed number, and where. */
const common = {
  id: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,59}(\/[a-z0-9][a-z0-9._-]{0,59}){0,3}$/i,
      'words of letters, digits, dots, hyphens and underscores, with slashes between them',
    )
    .describe('unique in the deck, and never changed again: conv1/weights'),
  place: text.describe('where it is printed: slide 12'),
  printed: text.describe('as printed, in quotes: "96.50%". Its digits decide the interval'),
  statement: text.optional().describe('what it states, as one sentence; a default is made from the claim'),
  quote: text.optional().describe('the sentence that it stands in'),
};

/** Of a claim about a number or a shape. */
const valued = {
  ...common,
  tolerance: z
    .strictObject({
      from: text.describe('the least value that is still right, written as printed numbers are'),
      to: text.describe('the largest one'),
      reason: text.describe('why the printed digits do not say it'),
    })
    .optional()
    .describe('the interval of true values, where the printed digits do not say it'),
};

/** Of a claim that follows from arithmetic. */
const exact = {
  ...valued,
  erratum: text
    .optional()
    .describe('for a mistake of the page: the arithmetic. Only looked at where the claim does not hold'),
};

const of = (name: string) => partName.describe(name);

const scored = z.union([
  of('an experiment'),
  z.strictObject({
    of: of('an experiment'),
    set: z
      .enum(['test', 'training'])
      .optional()
      .describe('training: mean over the batches of the epoch, as frameworks print it. Default: test'),
    epoch: z.number().int().positive().max(100_000).optional().describe('after which epoch. Default: the last one'),
  }),
]);

/** A sum over layers, or a property of one. */
const term = z.strictObject({
  layer: layers.optional().describe('one or several; default: all'),
  what: z.enum([...SUMS, ...PROPERTIES, 'shape']),
  as: z.enum(LAYOUTS).optional().describe('how the page writes a shape'),
});
const modelOf = { model: of('a model') };
const counted = z.union([
  z.strictObject({ ...modelOf, ...term.shape }),
  z.strictObject({ ...modelOf, sum: z.array(term).min(1).max(200).describe('terms that are added up') }),
]);
const share = z.strictObject({
  ...modelOf,
  of: layers,
  what: z.enum(SUMS),
  in: layers.optional().describe('default: all layers'),
});
const memory = z.strictObject({
  ...modelOf,
  layer: layers.optional(),
  what: z.enum(['parameters', 'weights', 'activations']),
});

const MOST_NUMBERS = 4096;
const numbers = z
  .union([z.string().min(1).max(20_000), z.array(z.number()).min(1).max(MOST_NUMBERS)])
  .describe('numbers: "1 2 3" or [1, 2, 3]');
const grid = z
  .union([
    z.string().min(1).max(20_000),
    z.array(z.array(z.number()).min(1).max(MOST_NUMBERS)).min(1).max(MOST_NUMBERS),
  ])
  .describe('rows of numbers: "0 1 2 / 3 4 5" or [[0, 1, 2], [3, 4, 5]]');
const size = z.number().int().positive().max(1000);
const padding = z.number().int().nonnegative().max(1000).optional().describe('zeros on every side. Default 0');
const channels = z
  .union([grid, z.array(z.string().min(1).max(20_000)).min(1).max(64)])
  .describe('a grid, or a list with one a channel');

const convolution = z.strictObject({
  input: channels,
  kernel: channels,
  stride: size.optional(),
  padding,
  bias: z.number().optional(),
});
const pooling = z.strictObject({ input: grid, size, stride: size.optional() });
const activation = z.union([numbers, z.number()]);

/** Worked examples, each a real operation of the backends. */
const EXAMPLES = {
  correlate: convolution.describe('what deep learning calls a convolution'),
  convolve: convolution.describe('the kernel turned by 180 degrees, as in signal processing'),
  maxPool: pooling,
  averagePool: pooling,
  pad: z.strictObject({ input: grid, padding: size.describe('zeros on every side') }),
  product: z.strictObject({ left: grid, right: grid }).describe('a matrix product'),
  dense: z
    .strictObject({ input: numbers, weights: grid.describe('a row for each output'), bias: numbers.optional() })
    .describe('weights times input, plus biases'),
  relu: activation,
  sigmoid: activation,
  tanh: activation,
  softmax: numbers,
  crossEntropy: z.union([
    z.strictObject({ logits: numbers, label: z.number().int().nonnegative().describe('from 0') }),
    z.strictObject({ probabilities: numbers, label: z.number().int().nonnegative().describe('from 0') }),
  ]),
};

const example = z.union(Object.entries(EXAMPLES).map(([word, schema]) => z.strictObject({ [word]: schema })));

/** What a claim is about is said by one key, or by two of a relation. */
export const claimSchema = z
  .union([
    z.strictObject({ ...valued, accuracy: scored }),
    z.strictObject({ ...valued, loss: scored }),
    z.strictObject({ ...common, higher: of('the experiment that is better'), than: of('the other one') }),
    z.strictObject({ ...common, lower: of('the experiment that is worse'), than: of('the other one') }),
    z.strictObject({
      ...common,
      notHigher: of('the experiment that gains less than one point'),
      than: of('the other one'),
    }),
    z.strictObject({ ...exact, count: counted }),
    z.strictObject({ ...exact, share }),
    z.strictObject({ ...exact, memory: memory.describe('MiB of 32-bit floats') }),
    z.strictObject({ ...exact, example }),
    z.strictObject({ ...exact, data: z.strictObject({ set: of('a data set'), what: dataFactSchema }) }),
  ])
  .meta({ id: 'claim', description: 'one printed number: id, place, printed, and what it is about' });
export type WrittenClaim = z.infer<typeof claimSchema>;
