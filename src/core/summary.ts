import { z } from 'zod';
import { BACKENDS } from './cell.js';
import { blameSchema } from './claim.js';
import { PROVENANCES } from './dataset.js';
import { PROFILES } from './experiment.js';
import { gateResultSchema } from './gate-result.js';
import { knownSchema, levelSchema } from './known.js';
import { list } from './list.js';
import { nameSchema } from './name.js';
import { noteSchema } from './note.js';
import {
  backendDescriptionSchema,
  curvePointSchema,
  environmentSchema,
  SCHEMA_VERSION,
  throughputSchema,
} from './record.js';
import { isShard, SHARD_FIELDS } from './shard.js';
import { sweepResultSchema } from './sweep.js';
import { symptomsSchema } from './symptom.js';

export const VERDICTS = ['reproduced', 'not reproduced', 'inconclusive', 'erratum', 'not run'] as const;
export type Verdict = (typeof VERDICTS)[number];

const count = z.number().int().nonnegative();
const probability = z.number().min(0).max(1);

/** One cell, flattened for readers of `summary.json`. Fields that an outcome does not have are absent. */
const summaryCellSchema = z.strictObject({
  experiment: z.string(),
  /** What the experiment is, e.g. which variant of an architecture. */
  title: z.string().optional(),
  suite: nameSchema,
  backend: z.enum(BACKENDS),
  seed: count,
  profile: z.enum(PROFILES),
  outcome: z.enum(['completed', 'diverged', 'crashed', 'timed-out', 'unsupported', 'skipped']),
  reason: z.string().optional(),
  dataset: z
    .strictObject({
      name: nameSchema,
      /** As people write it. Absent: the name, and in summaries of older versions. */
      title: z.string().optional(),
      fingerprint: z.string(),
      provenance: z.enum(PROVENANCES),
      note: z.string().optional(),
      standIn: z.boolean(),
    })
    .optional(),
  epochs: count.optional(),
  trainImages: count.optional(),
  testImages: count.optional(),
  batchSize: count.optional(),
  /** Final epoch, fraction 0 to 1. */
  testAccuracy: probability.optional(),
  curve: list(curvePointSchema).optional(),
  symptoms: symptomsSchema,
  /** Median of the timed blocks. */
  imagesPerSecond: z.number().positive().optional(),
  throughput: throughputSchema.optional(),
  /** Wall time of the whole cell. */
  seconds: z.number().nonnegative(),
  parameters: count.optional(),
  weightsSha256: z.string().optional(),
  /** Run with --wasm-fma. Absent: without. */
  fma: z.literal(true).optional(),
  /** A processor played the GPU: the speed says nothing of a GPU. Absent: it did not. */
  software: z.literal(true).optional(),
  /** Which of `machines` it was run on, from 1. Absent: there is one. */
  machine: z.number().int().min(1).optional(),
  /** Why it is not judged: its recipe is not that of the version that made the summary. Absent: it is. */
  outdated: z.string().optional(),
  startedAt: z.string(),
});
export type SummaryCell = z.infer<typeof summaryCellSchema>;

const value = z.union([z.number(), list(z.number()), list(list(z.number())), z.string()]);

/** A claim with its verdict on one backend. */
export const claimVerdictSchema = z.strictObject({
  id: z.string(),
  suite: nameSchema,
  kind: z.enum(['accuracy', 'score', 'relation', 'count', 'op', 'data']),
  deck: nameSchema,
  place: z.string(),
  statement: z.string(),
  printed: z.string(),
  /** The value the printed string stands for; a fraction for accuracies, points for differences. */
  expected: value,
  measured: value.optional(),
  unit: z.string(),
  backend: z.enum(BACKENDS).optional(),
  experiment: z.string().optional(),
  seeds: list(z.number().int()).optional(),
  /** Confidence interval of the mean over the seeds: 90 %, or what the look asks for. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** Confidence level of `interval`. Absent: 0.9. */
  level: levelSchema.optional(),
  /** 95 % prediction interval: where the accuracy of one run of one further seed falls. */
  prediction: z.tuple([z.number(), z.number()]).optional(),
  /** Of `run.looks`, from 1: the one that decided, else the last one that was taken. */
  look: z.number().int().min(1).optional(),
  /** P-value of the decision that was taken. Absent where none was, or where it needed no test. */
  p: probability.optional(),
  /** `p`, adjusted for all claims of the run that were tested, after Holm. */
  pHolm: probability.optional(),
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  /** Of an erratum: claims that read the same mistake share its name. Absent: no other claim reads it. */
  mistake: z.string().optional(),
  /** Of an erratum: what speaks for the slide and what for the extraction of its text. Absent: it is the slide's. */
  blame: blameSchema.optional(),
  /** With the verdict `not run`: what is known from elsewhere. Never the run's own result. */
  known: knownSchema.optional(),
});
export type ClaimVerdict = z.infer<typeof claimVerdictSchema>;

/** Result of an accuracy threshold of the profile on one experiment and backend. */
const thresholdResultSchema = z.strictObject({
  experiment: z.string(),
  backend: z.enum(BACKENDS),
  profile: z.enum(PROFILES),
  seeds: list(z.number().int()),
  minAccuracy: z.number(),
  /** Mean over the seeds. */
  testAccuracy: z.number(),
  passed: z.boolean(),
});
export type ThresholdResult = z.infer<typeof thresholdResultSchema>;

const REFERENCE_VERDICTS = ['agrees', 'worse', 'better', 'inconclusive'] as const;

/**
 * The final accuracies of an experiment on one backend against those of the same recipe and profile in the framework of the
 * decks. Differences are own mean less reference mean, in points.
 */
const referenceComparisonSchema = z.strictObject({
  experiment: z.string(),
  backend: z.enum(BACKENDS),
  profile: z.enum(PROFILES),
  /** Both on drawn stand-in images. Absent: both on the data set itself. */
  standIn: z.literal(true).optional(),
  seeds: list(z.number().int(), { least: 1 }),
  /** Mean over the seeds, a fraction. */
  testAccuracy: z.number(),
  reference: z.strictObject({
    /** With its version. */
    framework: z.string(),
    seeds: z.number().int().min(2),
    /** Fractions. */
    mean: z.number(),
    sd: z.number(),
  }),
  difference: z.number(),
  /** Confidence interval of the difference, pooled: 90 %, or what the look asks for. */
  interval: z.tuple([z.number(), z.number()]),
  level: levelSchema.optional(),
  /** One-sided p-values of "worse" and "better", adjusted for all comparisons of the run after Holm. */
  pWorse: probability,
  pBetter: probability,
  /** As of a claim. */
  look: z.number().int().min(1).optional(),
  verdict: z.enum(REFERENCE_VERDICTS),
  reason: z.string(),
});
export type ReferenceComparison = z.infer<typeof referenceComparisonSchema>;

const spread = z.strictObject({
  median: z.number().positive(),
  /** 95 % by order statistics; the extremes below six seeds. Without `high` it is open: that seed never got there. */
  low: z.number().positive(),
  high: z.number().positive().optional(),
});

/** How soon the seeds of an experiment on one backend first reach the low end of a printed accuracy. A speed, no verdict. */
const timeToTargetSchema = z.strictObject({
  claim: z.string(),
  experiment: z.string(),
  backend: z.enum(BACKENDS),
  printed: z.string(),
  /** The low end of the printed interval, a fraction. */
  target: z.number(),
  /** How many there are, failed ones too, and how many reach it. */
  seeds: count,
  reached: count,
  /** 1-based. Absent where half of the seeds or more never reach it. */
  epoch: spread.optional(),
  /** Of training, evaluation not included; absent as `epoch` is. */
  seconds: spread.optional(),
});
export type TimeToTarget = z.infer<typeof timeToTargetSchema>;

/** Most seeds that --max-seeds takes: a look goes through all of its seeds. */
const MOST_SEEDS = 1000;

/** Ascending; the last one is the most seeds that an experiment may get. */
export const looksSchema = list(z.number().int().min(2).max(MOST_SEEDS), { least: 1, most: MOST_SEEDS }).refine(
  (looks) => looks.every((seeds, index) => seeds > (looks[index - 1] ?? 0)),
  'ascending numbers of seeds',
);

/** `summary.json`: everything a report needs, and nothing of tfjs. */
export const summarySchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  run: z.strictObject({
    id: z.string(),
    startedAt: z.string(),
    /** The command that makes this run again. */
    command: z.string(),
    plannedCells: z.number().int(),
    /** False while cells of the plan have no record yet. */
    finished: z.boolean(),
    /** Numbers of seeds at which it was judged, with `--until-decided`. Absent: once, with all seeds. */
    looks: looksSchema.optional(),
    /** The part of a plan that this run is, and how many cells the plan has. Absent: all of it. */
    shard: z
      .strictObject({ ...SHARD_FIELDS, cellsOfPlan: z.number().int() })
      .refine(isShard)
      .optional(),
  }),
  /** Of the last record. */
  environment: environmentSchema,
  /** One environment of each machine that cells come from, where there are several. Absent: there is one. */
  machines: list(environmentSchema, { least: 2 }).optional(),
  /** Every build of cnnbench that made some of the cells, where there are several. Absent: one made all. */
  builds: list(environmentSchema.pick({ cnnbench: true, commit: true, dirty: true }).extend({ cells: count }), {
    least: 2,
  }).optional(),
  backends: list(backendDescriptionSchema),
  cells: list(summaryCellSchema),
  claims: list(claimVerdictSchema),
  /** Of the decks of these claims: what is checked by looking. A summary of an older version has none. */
  notes: list(noteSchema).default([]),
  thresholds: list(thresholdResultSchema),
  /** A summary of an older version has none. */
  references: list(referenceComparisonSchema).default([]),
  /** A summary of an older version has none. */
  timesToTarget: list(timeToTargetSchema).default([]),
  /** What the settings of a sweep lead to. Absent: the run is no sweep. */
  sweep: sweepResultSchema.optional(),
  /** What the gate said, in what `run --gate --json` prints. Absent: there was none. */
  gate: gateResultSchema.optional(),
});
export type Summary = z.infer<typeof summarySchema>;
