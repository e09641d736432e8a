import { z } from 'zod';
import { BACKENDS, cellSchema } from './cell.js';
import { PROVENANCES, type DatasetIdentity } from './dataset.js';
import { list } from './list.js';
import { nameSchema } from './name.js';
import { symptomsSchema } from './symptom.js';

/** Raised whenever a field changes its meaning; readers refuse what they do not know. */
export const SCHEMA_VERSION = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');
const count = z.number().int().nonnegative();
const fraction = z.number().min(0).max(1);
const seconds = z.number().nonnegative();
const text = z.string().max(4000);

const datasetSchema = z.strictObject({
  name: nameSchema,
  fingerprint: sha256,
  provenance: z.enum(PROVENANCES),
  note: text.optional(),
});

export const commitSchema = z.string().regex(/^[0-9a-f]{40,64}$/, 'a git commit in lower-case hex');

/** Where numbers come from. By some of it `machineFacts` tells machines apart. */
export const environmentSchema = z.strictObject({
  cnnbench: text,
  /** The commit that cnnbench was built from. Absent: it was not built from a git checkout. */
  commit: commitSchema.optional(),
  /** The sources had changes that were not committed when it was built. Absent: they had none. */
  dirty: z.literal(true).optional(),
  node: text,
  platform: text,
  arch: text,
  cpu: text,
  cores: count,
  /** Physical memory, bytes. */
  memory: count,
});
export type Environment = z.infer<typeof environmentSchema>;

/** What a backend says of itself once it is active. */
export const backendDescriptionSchema = z.strictObject({
  name: z.enum(BACKENDS),
  /** Version of the tfjs package behind it. */
  version: text,
  /** What computes below tfjs, with its version: `libtensorflow 2.18.1`, `Dawn (webgpu 0.6.2)`. */
  library: text.optional(),
  /** What computes: a processor model, a GPU adapter. */
  device: text,
  threads: count,
  /** Instruction set or variant, e.g. `SIMD`. */
  variant: text,
  /** Driver of a GPU, with its version. */
  driver: text.optional(),
  /** A processor plays the GPU: results count, speeds say nothing of a GPU. Absent: it does not. */
  software: z.literal(true).optional(),
  /** Kernels that cnnbench adds or replaces. */
  ownKernels: list(text),
});
export type BackendDescription = z.infer<typeof backendDescriptionSchema>;

export const curvePointSchema = z.strictObject({
  /** 1-based. */
  epoch: count,
  /** Mean loss over the epoch's training batches. */
  trainLoss: z.number(),
  /** Mean over the same batches, each before its step. Absent where no claim is about it. */
  trainAccuracy: fraction.optional(),
  testLoss: z.number(),
  testAccuracy: fraction,
  /** Wall time of the epoch's training steps, evaluation not included. */
  trainSeconds: seconds,
});
export type CurvePoint = z.infer<typeof curvePointSchema>;

/** Training speed over timed blocks after a warm-up. */
export const throughputSchema = z.strictObject({
  /** Median over the blocks, images/s. */
  imagesPerSecond: z.number().positive(),
  /** Interval of the median, 95 % by order statistics; the extremes where there are fewer than six blocks. */
  low: z.number().positive(),
  high: z.number().positive(),
  blocks: count,
  /** Total time of the blocks. */
  seconds,
  warmupSteps: count,
});
export type Throughput = z.infer<typeof throughputSchema>;

/** One layer as the real tf.layers model reports it. */
const layerCountSchema = z.strictObject({
  name: text,
  kind: text,
  outputShape: list(count),
  weights: count,
  biases: count,
});
export type LayerCount = z.infer<typeof layerCountSchema>;

const trainingResultSchema = z.strictObject({
  kind: z.literal('training'),
  dataset: datasetSchema,
  trainImages: count,
  testImages: count,
  batchSize: count,
  epochs: count,
  /** Of the final epoch on the test set, never the best epoch. */
  testAccuracy: fraction,
  curve: list(curvePointSchema, { least: 1 }),
  symptoms: symptomsSchema,
  throughput: throughputSchema.optional(),
  parameters: count,
  /** Of the order in which the examples were trained on. Absent in records of versions that did not keep it. */
  orderSha256: sha256.optional(),
  initialWeightsSha256: sha256,
  weightsSha256: sha256,
});
export type TrainingResult = z.infer<typeof trainingResultSchema>;

const architectureResultSchema = z.strictObject({
  kind: z.literal('architecture'),
  parameters: count,
  layers: list(layerCountSchema, { least: 1 }),
});

/** What one operation of the `ops` suite left. */
const measurementSchema = z.strictObject({
  name: z.string().max(200),
  shape: list(count, { most: 8 }),
  /** Row-major; empty where only the shape counts. */
  values: list(z.number()),
  /** Why there are no values: the backend's words, or that not all of them are numbers. */
  error: text.optional(),
});
export type Measurement = z.infer<typeof measurementSchema>;

const opsResultSchema = z.strictObject({
  kind: z.literal('ops'),
  values: list(measurementSchema, { least: 1, most: 500 }),
});
export type OpsResult = z.infer<typeof opsResultSchema>;

const splitFactsSchema = z.strictObject({
  images: count,
  /** Images of each class, by its index. */
  perClass: list(count, { most: 1000 }),
  /** Smallest and largest value of the images: bytes, except where a deck's files hold other numbers. */
  range: z.tuple([z.number(), z.number()]),
});

const dataResultSchema = z.strictObject({
  kind: z.literal('data'),
  dataset: datasetSchema,
  /** [height, width, channels] of one image. */
  imageShape: list(count, { least: 3, most: 3 }),
  train: splitFactsSchema,
  test: splitFactsSchema,
});
export type DataResult = z.infer<typeof dataResultSchema>;

const ended = {
  schemaVersion: z.literal(SCHEMA_VERSION),
  cell: cellSchema,
  suite: nameSchema,
  /** Digest of everything that decides the result: recipe, architecture, profile, seed streams' version. */
  recipeSha256: sha256,
  startedAt: z.iso.datetime(),
  /**
   * Wall time of the whole cell, data loading included, and start-up unless it shared a process; of one that went on from a checkpoint, with what it took
   * up to there.
   */
  seconds,
  environment: environmentSchema,
  backend: backendDescriptionSchema.optional(),
  /** Run with --wasm-fma on a backend of `FMA_BACKENDS`: the bits are not those of a run without. Absent: without. */
  fma: z.literal(true).optional(),
};

/** How often the training was interrupted and taken up again from a checkpoint. Absent: it was not. */
const interruptions = z.number().int().positive().optional();

const failure = { ...ended, reason: text };

/** What one cell left. A failure is data, with its reason. */
export const recordSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    ...ended,
    interruptions,
    outcome: z.literal('completed'),
    result: z.discriminatedUnion('kind', [
      trainingResultSchema,
      architectureResultSchema,
      opsResultSchema,
      dataResultSchema,
    ]),
  }),
  z.strictObject({
    ...failure,
    interruptions,
    outcome: z.literal('diverged'),
    dataset: datasetSchema,
    curve: list(curvePointSchema),
  }),
  z.strictObject({ ...failure, outcome: z.literal('crashed') }),
  z.strictObject({ ...failure, outcome: z.literal('timed-out') }),
  z.strictObject({ ...failure, outcome: z.literal('unsupported') }),
  z.strictObject({ ...failure, outcome: z.literal('skipped') }),
]);
export type CellRecord = z.infer<typeof recordSchema>;
export type Outcome = CellRecord['outcome'];

/** Outcomes of cells that were run and failed. `unsupported` and `skipped` ones were never started. */
const FAILED_OUTCOMES = ['crashed', 'diverged', 'timed-out'] as const satisfies readonly Outcome[];
type FailedOutcome = (typeof FAILED_OUTCOMES)[number];

/** Whether a cell was run and failed. Of anything that has an outcome: a record, a line of a summary. */
export function isFailure<Ended extends { readonly outcome: Outcome }>(
  ended: Ended,
): ended is Ended & { readonly outcome: FailedOutcome } {
  return (FAILED_OUTCOMES as readonly Outcome[]).includes(ended.outcome);
}

/** The data set a cell was run on, as far as its record says. */
export function datasetUsed(record: CellRecord): DatasetIdentity | undefined {
  if (record.outcome === 'diverged') return record.dataset;
  return record.outcome === 'completed' && 'dataset' in record.result ? record.result.dataset : undefined;
}
