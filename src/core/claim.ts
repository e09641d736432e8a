import { z } from 'zod';
import type { Shape } from './model.js';
import { nameSchema } from './name.js';
import type { Grid, Values } from './operation.js';
import { dataFactSchema, outcomeSchema, quantitySchema } from './quantity.js';
import type { LayerCount } from './record.js';

const text = z.string().min(1).max(4000);

/** Whose mistake it may be, where a deck is known by its extracted text only. */
export const blameSchema = z.strictObject({ slide: text, extraction: text });
export type Blame = Readonly<z.infer<typeof blameSchema>>;

const common = {
  /** Unique, stable: `002/vgg-16/conv1_1/weights`. */
  id: text,
  suite: nameSchema,
  /** Id of the deck. */
  deck: nameSchema,
  /** Slide number or heading where it is printed. */
  place: text,
  /** The string as printed. */
  printed: text,
  /** What it states, as one sentence. */
  statement: text,
};

const mistake = {
  /**
   * For a mistake of the deck: the arithmetic, and what the printed result does follow from. Only looked at when the
   * measured value differs from the printed one, so it can never hide a claim that holds.
   */
  erratum: text.optional(),
  /** Name of the mistake, where several claims read the same one: it is counted once. */
  mistake: text.optional(),
  /** Where the slide or the extraction of its text may be at fault: what speaks for each. */
  blame: blameSchema.optional(),
};

/** What a printed formula or phrase stands for, where it is not a value itself. Fixed before anything is run. */
const expectedSchema = z.strictObject({
  /** Inclusive. */
  low: z.number(),
  /** Inclusive. */
  high: z.number(),
  /** As the reports print it: `0 mismatches`. */
  words: text,
});
export type Expected = Readonly<z.infer<typeof expectedSchema>>;

/** Default: what the printed string says. */
const expected = expectedSchema.optional();

const measured = {
  ...common,
  experiment: text,
  unit: text,
  expected,
  ...mistake,
};

/** Final test accuracy of one experiment (one reading of the deck) is the printed number. */
const accuracySchema = z.strictObject({ kind: z.literal('accuracy'), ...common, experiment: text, expected });
export type AccuracyClaim = Readonly<z.infer<typeof accuracySchema>>;

/** Another accuracy than the final one on the test set, or a loss: mean cross entropy. */
const scoreSchema = z.strictObject({
  kind: z.literal('score'),
  ...common,
  experiment: text,
  score: z.enum(['accuracy', 'loss']),
  /** `training`: mean over the batches of the epoch, before the step of each, as frameworks print it. */
  set: z.enum(['test', 'training']),
  /** After which epoch. Absent: the last one. */
  epoch: z.number().int().positive().optional(),
  expected,
});
export type ScoreClaim = Readonly<z.infer<typeof scoreSchema>>;

/** An order between the final test accuracies of two experiments. */
const relationSchema = z.strictObject({
  kind: z.literal('relation'),
  ...common,
  experiment: text,
  comparedWith: text,
  /** `higher` / `lower`: beats / falls behind it; `not-higher`: gains less than one point over it. */
  relation: z.enum(['higher', 'lower', 'not-higher']),
});
export type RelationClaim = Readonly<z.infer<typeof relationSchema>>;

/** A count or a shape that follows from an architecture, or from two of them. */
const countSchema = z.strictObject({
  kind: z.literal('count'),
  ...common,
  /** Id of the architecture, and of the experiment that builds it. */
  model: text,
  /** Another one: what is measured is the number of `model` over that of this one. */
  comparedWith: text.optional(),
  unit: text,
  /** Taken from the layers that the real model reports (or the symbolic count; they must agree). */
  measure: quantitySchema,
  expected,
  ...mistake,
});

/** A worked example, or a formula over a grid of sizes, as a backend computed it. */
const opSchema = z.strictObject({
  kind: z.literal('op'),
  ...measured,
  /** Of what the operation of this name left. */
  measure: z.strictObject({ operation: text, part: outcomeSchema }),
});

/** A count that follows from the files of a data set. */
const dataSchema = z.strictObject({ kind: z.literal('data'), ...measured, measure: dataFactSchema });

/** A claim as data. That is all that a deck in a file can say. */
export const claimSchema = z.discriminatedUnion('kind', [
  accuracySchema,
  scoreSchema,
  relationSchema,
  countSchema,
  opSchema,
  dataSchema,
]);

/** As data, or measured by a function: a built-in deck says so what the vocabulary of `quantity.ts` cannot say. */
export type CountClaim = OrMeasuredBy<typeof countSchema, (model: CountedModel) => number | Shape>;
export type OpClaim = OrMeasuredBy<typeof opSchema, (values: MeasuredValues) => number | Shape | Grid> & {
  /** How many points of a grid a formula was tried on. */
  readonly points?: (values: MeasuredValues) => number;
};
export type DataClaim = Readonly<z.infer<typeof dataSchema>>;
type OrMeasuredBy<Schema extends z.ZodType<{ measure: unknown }>, Measure> = Readonly<
  Omit<z.infer<Schema>, 'measure'> & { measure: z.infer<Schema>['measure'] | Measure }
>;

export type Claim = AccuracyClaim | ScoreClaim | RelationClaim | CountClaim | OpClaim | DataClaim;

/** Whether a claim is judged over the seeds of trainings. */
export function isOverSeeds({ kind }: { readonly kind: Claim['kind'] }): boolean {
  return kind === 'accuracy' || kind === 'score' || kind === 'relation';
}

/** What the operation of this name left. Throws RangeError where there is none, or where the backend refused it. */
export type MeasuredValues = (name: string) => Values;

/** What a count is measured on. */
export interface CountedModel {
  readonly input: Shape;
  readonly layers: readonly LayerCount[];
}
