import { z } from 'zod';
import { BACKENDS, type BackendName, type Cell } from '../core/cell.js';
import { PROFILES, SUITES, type Profile } from '../core/experiment.js';
import { backendDescriptionSchema, curvePointSchema, recordSchema } from '../core/record.js';
import { stepTraceSchema } from '../core/trace.js';
import { dataSourceSchema, type DataSource } from '../data/source.js';
import { FLAVOURS, type Flavour } from '../native/flavours.js';
import { proofSchema } from '../native/proof.js';
import type { ParityTask } from '../parity/task.js';

const parityTaskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ops'), seed: z.number().int().nonnegative() }),
  z.strictObject({
    kind: z.literal('training'),
    experiment: z.string(),
    narrow: z.boolean(),
    seed: z.number().int().nonnegative(),
    batchSize: z.number().int().positive(),
    steps: z.number().int().nonnegative(),
    batches: z.array(z.array(z.number().int().nonnegative()).min(1)).min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('golden'), trajectory: z.string(), steps: z.number().int().positive() }),
]);

/** The file that weights are exported to, and how many of the first training batches with them. */
const exportTargetSchema = z.strictObject({ path: z.string(), batches: z.number().int().nonnegative() });
export type ExportTarget = Readonly<z.infer<typeof exportTargetSchema>>;

/** Where the checkpoints of a training are, and the least time between two of them. */
const checkpointTargetSchema = z.strictObject({ path: z.string(), everySeconds: z.number().nonnegative() });
export type CheckpointTarget = Readonly<z.infer<typeof checkpointTargetSchema>>;

/** What a parent asks of a cell's child process. One request a process. */
export const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('run'),
    cell: z.strictObject({
      experiment: z.string(),
      backend: z.enum(BACKENDS),
      seed: z.number().int().nonnegative(),
      profile: z.enum(PROFILES),
    }),
    source: dataSourceSchema.optional(),
    threads: z.number().int().positive().optional(),
    fma: z.boolean().optional(),
    trace: z.boolean().optional(),
    exportTo: exportTargetSchema.optional(),
    checkpoint: checkpointTargetSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('export'),
    start: z.discriminatedUnion('of', [
      z.strictObject({
        of: z.literal('experiment'),
        experiment: z.string(),
        seed: z.number().int().nonnegative(),
        profile: z.enum(PROFILES),
        source: dataSourceSchema.optional(),
      }),
      z.strictObject({ of: z.literal('golden'), experiment: z.string() }),
    ]),
    exportTo: exportTargetSchema,
  }),
  z.strictObject({
    type: z.literal('probe'),
    backend: z.enum(BACKENDS),
    threads: z.number().int().positive().optional(),
  }),
  z.strictObject({
    type: z.literal('parity'),
    backend: z.enum(BACKENDS),
    threads: z.number().int().positive().optional(),
    task: parityTaskSchema,
    source: dataSourceSchema.optional(),
    out: z.string(),
  }),
  z.strictObject({ type: z.literal('prove'), packageFolder: z.string(), flavour: z.enum(FLAVOURS) }),
]);
export interface RunRequest {
  readonly type: 'run';
  readonly cell: Cell;
  readonly source?: DataSource | undefined;
  readonly threads?: number | undefined;
  readonly fma?: boolean | undefined;
  readonly trace?: boolean | undefined;
  /** Write the trained weights there. */
  readonly exportTo?: ExportTarget | undefined;
  /** Go on from the checkpoint there, and leave checkpoints there. */
  readonly checkpoint?: CheckpointTarget | undefined;
}
/** Write start weights to a file; no backend is started. */
export interface ExportRequest {
  readonly type: 'export';
  readonly start:
    | {
        readonly of: 'experiment';
        readonly experiment: string;
        readonly seed: number;
        readonly profile: Profile;
        /** Needed for batches only. */
        readonly source?: DataSource | undefined;
      }
    | { readonly of: 'golden'; readonly experiment: string };
  readonly exportTo: ExportTarget;
}
export interface ProbeRequest {
  readonly type: 'probe';
  readonly backend: BackendName;
  readonly threads?: number | undefined;
}
export interface ParityRequest {
  readonly type: 'parity';
  readonly backend: BackendName;
  readonly threads?: number | undefined;
  readonly task: ParityTask;
  /** The data of a training task. */
  readonly source?: DataSource | undefined;
  /** File for the tensors, safetensors. */
  readonly out: string;
}
/** Compute with an installation of libtensorflow; no backend is started. */
export interface ProveRequest {
  readonly type: 'prove';
  readonly packageFolder: string;
  readonly flavour: Flavour;
}
export type Request = RunRequest | ExportRequest | ProbeRequest | ParityRequest | ProveRequest;

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
    gigaflops: z.number(),
    missingKernels: z.array(z.strictObject({ suite: z.enum(SUITES), kernels: z.array(z.string()) })),
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
