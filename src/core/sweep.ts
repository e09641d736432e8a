import { z } from 'zod';
import { BACKENDS } from './cell.js';
import { PROFILES } from './experiment.js';
import { initialisationSchema } from './initialisation.js';
import { list } from './list.js';

/** What a sweep may vary, as its flags and the ids of variations call it, and as a recipe does. */
export const AXES = {
  lr: 'learningRate',
  init: 'initialisation',
  batch: 'batchSize',
  epochs: 'epochs',
} as const;
export type Axis = keyof typeof AXES;

const settingsShape = {
  learningRate: z.number().positive(),
  initialisation: initialisationSchema,
  batchSize: z.number().int().positive(),
  epochs: z.number().int().positive(),
};
/** All of a recipe that can be varied. */
export type SweepSettings = { readonly [Field in keyof typeof settingsShape]: z.infer<(typeof settingsShape)[Field]> };

/** Most trainings of a grid, the seeds of a point each. */
const MOST_TRAININGS = 10_000;

/** The grid of a sweep: the values of each axis that is varied. Kept in `run.json`. */
export const sweepGridSchema = z
  .strictObject({
    experiment: z.string(),
    backend: z.enum(BACKENDS),
    profile: z.enum(PROFILES),
    seeds: list(z.number().int().nonnegative(), { least: 1 }),
    learningRate: list(settingsShape.learningRate, { least: 1 }).optional(),
    initialisation: list(settingsShape.initialisation, { least: 1 }).optional(),
    batchSize: list(settingsShape.batchSize, { least: 1 }).optional(),
    epochs: list(settingsShape.epochs, { least: 1 }).optional(),
  })
  .refine(
    (grid) => {
      const axes = Object.values(AXES).map((axis) => grid[axis]?.length ?? 1);
      return axes.reduce((product, length) => product * length, grid.seeds.length) <= MOST_TRAININGS;
    },
    `a grid of more than ${MOST_TRAININGS.toLocaleString('en-US')} trainings`,
  );
export type SweepGrid = Readonly<z.infer<typeof sweepGridSchema>>;

const intervalSchema = z.tuple([z.number(), z.number()]);

const sweepPointSchema = z.strictObject({
  /** The experiment or variation that was trained; of more epochs than these where epochs are varied. */
  experiment: z.string(),
  ...settingsShape,
  /** Seeds that have an accuracy after this many epochs. */
  seeds: list(z.number().int()),
  /** Seeds that crashed, diverged or timed out before, in words. */
  failures: list(z.string()),
  /** Seeds of the sweep without a result. */
  missing: list(z.number().int()),
  /** Mean accuracy over `seeds`, a fraction. Absent: no seed has one. */
  mean: z.number().optional(),
  /** Sample standard deviation. Absent below two seeds. */
  sd: z.number().optional(),
  /** 90 % confidence interval of the mean. Absent below two seeds. */
  interval: intervalSchema.optional(),
});
export type SweepPoint = z.infer<typeof sweepPointSchema>;

const level = z.union([z.number(), z.string()]);

/** What one axis does to the accuracy, the others averaged over. */
const sweepEffectSchema = z.strictObject({
  axis: z.enum(Object.keys(AXES) as [Axis, ...Axis[]]),
  /** Mean accuracy at each value, over the same settings of the other axes. */
  levels: list(z.strictObject({ value: level, mean: z.number() })),
  /** Highest less lowest of these, points. Absent: no settings of the other axes have all values. */
  spread: z.number().optional(),
  /** 90 % interval of the spread from the seeds' own differences, points. Absent below two seeds. */
  interval: intervalSchema.optional(),
  /** Settings of the other axes that went into it, and how many there are. */
  blocks: z.number().int(),
  allBlocks: z.number().int(),
});
export type SweepEffect = z.infer<typeof sweepEffectSchema>;

/** A deck's number beside the range. */
const sweepPrintedSchema = z.strictObject({
  claim: z.string(),
  deck: z.string(),
  place: z.string(),
  printed: z.string(),
  value: z.number(),
  low: z.number(),
  high: z.number(),
  /** Where the printed interval lies, seen from the range of means. Absent: not to be compared, or there is no range. */
  position: z.enum(['inside', 'overlapping', 'above', 'below']).optional(),
  /** How many points would have which verdict. Absent: not to be compared. */
  verdicts: z
    .strictObject({
      reproduced: z.number().int(),
      'not reproduced': z.number().int(),
      inconclusive: z.number().int(),
      'not run': z.number().int(),
    })
    .optional(),
});
export type SweepPrinted = z.infer<typeof sweepPrintedSchema>;

export const sweepResultSchema = z.strictObject({
  grid: sweepGridSchema,
  points: list(sweepPointSchema, { least: 1 }),
  /** Indices of the points of the lowest and the highest mean among those where every seed has one. */
  lowest: z.number().int().optional(),
  highest: z.number().int().optional(),
  effects: list(sweepEffectSchema),
  printed: list(sweepPrintedSchema),
  /** Why nothing is held against the deck's number. Absent: it is. */
  incomparable: z.string().optional(),
});
export type SweepResult = z.infer<typeof sweepResultSchema>;
