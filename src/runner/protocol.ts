import { z } from 'zod';
import { BACKENDS, cellSchema } from '../core/cell.js';
import { experimentSchema, PROFILES, trainingExperimentSchema } from '../core/experiment.js';
import { goldenTrajectorySchema } from '../core/golden-trajectory.js';
import { modelSchema } from '../core/model.js';
import { nameSchema } from '../core/name.js';
import { backendDescriptionSchema, curvePointSchema, recordSchema } from '../core/record.js';
import { stepTraceSchema } from '../core/trace.js';
import { dataSourceSchema } from '../data/source.js';
import { FLAVOURS } from '../native/flavours.js';
import { proofSchema } from '../native/proof.js';
import { parityTaskSchema } from '../parity/task.js';

/** The file that weights are exported to, and how many of the first training batches with them. */
const exportTargetSchema = z.strictObject({ path: z.string(), batches: z.number().int().nonnegative() });
export type ExportTarget = Readonly<z.infer<typeof exportTargetSchema>>;

/** Where the checkpoints of a training are, and the least time between two of them. */
const checkpointTargetSchema = z.strictObject({ path: z.string(), everySeconds: z.number().nonnegative() });
export type CheckpointTarget = Readonly<z.infer<typeof checkpointTargetSchema>>;

const threads = z.number().int().positive().optional();

/** Wait for another request when this one is answered. */
const stays = z.literal(true).optional();

/**
 * What a parent asks of a child process: one request a process, or one after another of those that stay. Recipes, models and sources of data come whole: the child
 * looks nothing up.
 */
export const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('run'),
    cell: cellSchema,
    experiment: experimentSchema,
    recipeSha256: z.string(),
    stays,
    source: dataSourceSchema.optional(),
    threads,
    /** Relaxed-SIMD fused multiply-add, on the backends that have it. */
    fma: z.boolean().optional(),
    /** Time the kernels of each training step. Such a cell reports no throughput. */
    trace: z.boolean().optional(),
    /** Write the trained weights there. */
    exportTo: exportTargetSchema.optional(),
    /** Go on from the checkpoint there, and leave checkpoints there. */
    checkpoint: checkpointTargetSchema.optional(),
  }),
  /** Write start weights to a file; no backend is started. */
  z.strictObject({
    type: z.literal('export'),
    start: z.discriminatedUnion('of', [
      z.strictObject({
        of: z.literal('experiment'),
        experiment: trainingExperimentSchema,
        seed: z.number().int().nonnegative(),
        profile: z.enum(PROFILES),
        /** Needed for batches only. */
        source: dataSourceSchema.optional(),
      }),
      z.strictObject({ of: z.literal('golden'), trajectory: goldenTrajectorySchema }),
    ]),
    exportTo: exportTargetSchema,
  }),
  /** `suites`: which of them the backend has all kernels to train. Absent: it is only to say that it computes. */
  z.strictObject({
    type: z.literal('probe'),
    backend: z.enum(BACKENDS),
    threads,
    fma: z.boolean().optional(),
    stays,
    suites: z
      .array(z.strictObject({ suite: nameSchema, models: z.array(modelSchema).readonly() }))
      .readonly()
      .optional(),
  }),
  z.strictObject({
    type: z.literal('parity'),
    backend: z.enum(BACKENDS),
    threads,
    task: parityTaskSchema,
    /** The data of a training task. */
    source: dataSourceSchema.optional(),
    /** File for the tensors, safetensors. */
    out: z.string(),
  }),
  /** Compute with an installation of libtensorflow; no backend is started. */
  z.strictObject({ type: z.literal('prove'), packageFolder: z.string(), flavour: z.enum(FLAVOURS) }),
]);
export type Request = Readonly<z.infer<typeof requestSchema>>;
export type RunRequest = Extract<Request, { type: 'run' }>;
export type ExportRequest = Extract<Request, { type: 'export' }>;
export type ProbeRequest = Extract<Request, { type: 'probe' }>;
export type ParityRequest = Extract<Request, { type: 'parity' }>;

const completed = recordSchema.options[0].shape.result;
const diverged = recordSchema.options[1];

/** How a cell ended, as its child process says. A crash or a time-out is what the parent sees instead. */
const endSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('completed'), result: completed }),
  z.strictObject({
    outcome: z.literal('diverged'),
    reason: z.string(),
    dataset: diverged.shape.dataset,
    curve: diverged.shape.curve,
  }),
  z.strictObject({ outcome: z.literal('unsupported'), reason: z.string() }),
]);
export type ReportedEnd = z.infer<typeof endSchema>;

/** What went before a training that went on from a checkpoint. */
const earlierSchema = z.strictObject({
  /** How often it was taken up again, this time included. */
  interruptions: z.number().int().positive(),
  /** Wall time spent on the cell before this process, as far as it is in the result. */
  seconds: z.number().nonnegative(),
});
export type EarlierWork = Readonly<z.infer<typeof earlierSchema>>;

/** What a child process tells its parent. */
export const messageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started'), backend: backendDescriptionSchema, notices: z.array(z.string()) }),
  z.strictObject({ type: z.literal('noticed'), text: z.string() }),
  z.strictObject({ type: z.literal('resumed'), earlier: earlierSchema }),
  z.strictObject({
    type: z.literal('step'),
    epoch: z.number().int(),
    epochs: z.number().int(),
    step: z.number().int(),
    stepsPerEpoch: z.number().int(),
    loss: z.number(),
    imagesPerSecond: z.number(),
  }),
  z.strictObject({ type: z.literal('epoch'), point: curvePointSchema }),
  z.strictObject({ type: z.literal('traced'), trace: stepTraceSchema }),
  z.strictObject({ type: z.literal('ended'), end: endSchema }),
  z.strictObject({ type: z.literal('exported') }),
  z.strictObject({ type: z.literal('proved'), proof: proofSchema }),
  z.strictObject({
    type: z.literal('probed'),
    /** Of a matrix product. Absent: only that products come out right was asked for. */
    gigaflops: z.number().optional(),
    missingKernels: z.array(z.strictObject({ suite: nameSchema, kernels: z.array(z.string()) })),
  }),
  z.strictObject({ type: z.literal('computing'), stage: z.string() }),
  z.strictObject({
    type: z.literal('computed'),
    failures: z.array(
      z.strictObject({ subject: z.string(), reason: z.string(), missingKernel: z.string().optional() }),
    ),
  }),
  z.strictObject({ type: z.literal('failed'), code: z.string(), message: z.string(), remedy: z.string() }),
]);
export type Message = z.infer<typeof messageSchema>;
export type Send = (message: Message) => Promise<void>;
/** Kernels that training a suite takes and a backend lacks. */
export type MissingKernels = Extract<Message, { type: 'probed' }>['missingKernels'][number];
export type StepMessage = Extract<Message, { type: 'step' }>;

const ONLY_OF_RUN: readonly Message['type'][] = ['noticed', 'resumed', 'step', 'epoch', 'traced', 'ended'];
const AFTER_START: readonly Message['type'][] = [...ONLY_OF_RUN, 'probed', 'computing', 'computed'];

/** Whether a message may come now: `started` once, before what a backend does, and nothing that was not asked for. */
export function isInOrder({ type }: Message, request: Request, started: boolean): boolean {
  if (type === 'started') return !started;
  if (AFTER_START.includes(type) && !started) return false;
  if (ONLY_OF_RUN.includes(type)) return request.type === 'run';
  if (type === 'exported') return request.type === 'export';
  if (type === 'proved') return request.type === 'prove';
  if (type === 'computing' || type === 'computed') return request.type === 'parity';
  return type !== 'probed' || request.type === 'probe';
}
