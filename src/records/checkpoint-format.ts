import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cellId, SAME_BITS_BACKENDS } from '../core/cell.js';
import { backendDescriptionSchema, environmentSchema, recordSchema, type BackendDescription } from '../core/record.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../core/safetensors.js';
import type { HostTensor } from '../core/tensor.js';
import { trainingProgressSchema, type TrainingProgress, type TrainingState } from '../core/training-state.js';
import { messageOf } from '../core/errors.js';
import { parseJson } from './parse.js';
import { readBytes } from './read-file.js';

/**
 * A checkpoint: all that a training needs to go on in another process, in a safetensors file. Tensors, in this order:
 * `weights.NAME`, `first.NAME` and `second.NAME` (Adam's moments) of each weight in the order of the model, `stepSeconds`,
 * `state` (JSON, in bytes) and last `sha256`, the SHA-256 of all bytes of the file before it.
 */

/** Raised whenever a field changes its meaning. */
const CHECKPOINT_VERSION = 1;

/** Tensors of each weight: itself, and Adam's moments of it. */
const PARTS = ['weights', 'first', 'second'] as const;
/** Tensors after those of the weights. */
const TAIL = ['stepSeconds', 'state', 'sha256'] as const;

const DIGEST_BYTES = 32;

/** Most bytes of a file besides weights and moments: the times of sixteen million steps. */
const MOST_OTHER_BYTES = 2 ** 26;

const { cell, recipeSha256 } = recordSchema.options[0].shape;

/** What a checkpoint is of. Only one that is of the same may be continued. */
const subjectSchema = z.strictObject({
  cell,
  recipeSha256,
  /** Of the data set. */
  dataFingerprint: recipeSha256,
  /** With --wasm-fma, on a backend of `FMA_BACKENDS`. */
  fma: z.boolean(),
  cnnbench: environmentSchema.shape.cnnbench,
  commit: environmentSchema.shape.commit,
  backend: backendDescriptionSchema,
});
export type CheckpointSubject = z.infer<typeof subjectSchema>;

const headSchema = z.strictObject({
  schemaVersion: z.literal(CHECKPOINT_VERSION),
  subject: subjectSchema,
  progress: trainingProgressSchema,
  optimizer: z.strictObject({
    steps: z.number().int().positive(),
    powers: z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]),
  }),
  seconds: z.number().nonnegative(),
  interruptions: z.number().int().nonnegative(),
});

export interface Checkpoint {
  readonly subject: CheckpointSubject;
  readonly state: TrainingState;
  /**
   * Wall time of each training step so far, the warm-up of every process left out, rounded to float32. Empty where they were
   * taken on another machine or with another number of threads.
   */
  readonly stepSeconds: readonly number[];
  /** Wall time spent on the cell so far, start-up and loading of the data included. */
  readonly seconds: number;
  /** How often the training was taken up again so far. */
  readonly interruptions: number;
}

/** The model that a checkpoint has to fit, and how far its training goes. */
export interface TrainedModel {
  /** Names and shapes of the weights, in the order of the model. */
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

export function encodeCheckpoint(checkpoint: Checkpoint, { weights }: Pick<TrainedModel, 'weights'>): Uint8Array {
  const { subject, state, stepSeconds, seconds, interruptions } = checkpoint;
  const { firstMoments, secondMoments, ...optimizer } = state.optimizer;
  const head: z.infer<typeof headSchema> = {
    schemaVersion: CHECKPOINT_VERSION,
    subject,
    progress: state.progress,
    optimizer: { ...optimizer, powers: [...optimizer.powers] },
    seconds,
    interruptions,
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const named = (part: (typeof PARTS)[number], tensors: readonly HostTensor[]): NamedTensor[] =>
    tensors.map((tensor, index) => ({ name: `${part}.${weights[index]?.name ?? ''}`, ...tensor }));
  const bytes = encodeSafetensors([
    ...named('weights', state.weights),
    ...named('first', firstMoments),
    ...named('second', secondMoments),
    { name: 'stepSeconds', shape: [stepSeconds.length], values: Float32Array.from(stepSeconds) },
    { name: 'state', shape: [text.length], values: text },
    { name: 'sha256', shape: [DIGEST_BYTES], values: new Uint8Array(DIGEST_BYTES) },
  ]);
  bytes.set(digestOf(bytes), bytes.length - DIGEST_BYTES);
  return bytes;
}

/**
 * Reads a checkpoint file that may come from anywhere.
 *
 * @returns nothing where there is none; else the checkpoint, or in words why this training cannot go on from it
 */
export async function readCheckpoint(
  path: string,
  subject: CheckpointSubject,
  model: TrainedModel,
): Promise<Checkpoint | string | undefined> {
  try {
    return decodeCheckpoint(await readBytes(path, mostBytes(model)), subject, model);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : messageOf(error);
  }
}

/**
 * @throws Error saying why a training of this subject and model cannot go on from it: it is damaged, of something else, or
 * does not fit the model
 */
export function decodeCheckpoint(bytes: Uint8Array, subject: CheckpointSubject, model: TrainedModel): Checkpoint {
  if (!digestOf(bytes).equals(bytes.subarray(-DIGEST_BYTES))) throw new Error('it is damaged: its SHA-256 is another');
  const { tensors } = decodeSafetensors(bytes);
  const names = [...PARTS.flatMap((part) => model.weights.map(({ name }) => `${part}.${name}`)), ...TAIL];
  if (names.join() !== tensors.map(({ name }) => name).join()) throw new Error('it is of another model or format');
  const [times, text] = tensors.slice(-TAIL.length) as [NamedTensor, NamedTensor];
  const head = parseJson(
    headSchema,
    new TextDecoder().decode(text.values),
    (why) => new Error(`its state is wrong: ${why}`),
  );
  const { progress, optimizer, seconds, interruptions } = head;
  refuseOther(head.subject, subject);
  refuseImpossible(progress, optimizer.steps, model);
  const [weights, firstMoments, secondMoments] = PARTS.map((_, part) =>
    model.weights.map(({ shape }, index) =>
      fitting(tensors[part * model.weights.length + index] as NamedTensor, shape),
    ),
  ) as [HostTensor[], HostTensor[], HostTensor[]];
  if (secondMoments.some(({ values }) => values.some((value) => value < 0)))
    throw new Error('a second moment is negative');
  const stepSeconds = [...fitting(times, [Math.min(times.values.length, optimizer.steps)]).values];
  return {
    subject: head.subject,
    state: { progress, weights, optimizer: { ...optimizer, firstMoments, secondMoments } },
    stepSeconds: isSameMachine(head.subject.backend, subject.backend) ? stepSeconds : [],
    seconds,
    interruptions,
  };
}

/** Weights and moments, and as much again for times and curves: a file that has more is none of ours. */
function mostBytes({ weights }: TrainedModel): number {
  const values = weights.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
  return PARTS.length * values * Float32Array.BYTES_PER_ELEMENT + MOST_OTHER_BYTES;
}

function fitting({ name, shape, values }: NamedTensor, wanted: readonly number[]): HostTensor {
  if (shape.join() !== wanted.join()) throw new Error(`the shape of "${name}" is not that of the model`);
  if (!(values instanceof Float32Array)) throw new Error(`"${name}" is not float32`);
  if (!values.every(Number.isFinite)) throw new Error(`"${name}" has values that are not finite`);
  return { shape, values };
}

function refuseOther(found: CheckpointSubject, wanted: CheckpointSubject): void {
  const refuse = (what: string) => {
    throw new Error(`it is of ${what}`);
  };
  if (cellId(found.cell) !== cellId(wanted.cell)) refuse(`another cell, ${cellId(found.cell)}`);
  if (found.recipeSha256 !== wanted.recipeSha256) refuse('another recipe');
  if (found.dataFingerprint !== wanted.dataFingerprint) refuse('other data');
  if (found.fma !== wanted.fma) refuse(`a run ${found.fma ? 'with' : 'without'} --wasm-fma`);
  if (found.cnnbench !== wanted.cnnbench || found.commit !== wanted.commit) refuse('another version of cnnbench');
  if (buildOf(found.backend) !== buildOf(wanted.backend)) refuse(`another build of ${wanted.cell.backend}`);
  const anywhere = SAME_BITS_BACKENDS.includes(wanted.cell.backend) && !wanted.fma;
  if (!anywhere && !isSameMachine(found.backend, wanted.backend)) refuse('another device or number of threads');
}

/** What decides the bits of a backend, but for the machine. */
function buildOf({ name, version, library, variant, driver, ownKernels }: BackendDescription): string {
  return JSON.stringify([name, version, library, variant, driver, ownKernels]);
}

/** Whether steps take as long, as far as a description says. */
function isSameMachine(one: BackendDescription, other: BackendDescription): boolean {
  return one.device === other.device && one.threads === other.threads;
}

function refuseImpossible(
  { epoch, step, curve, lossSum, trainSeconds }: TrainingProgress,
  steps: number,
  { epochs, stepsPerEpoch }: TrainedModel,
): void {
  const possible =
    (epoch <= epochs ? step <= stepsPerEpoch : epoch === epochs + 1 && step === 0) &&
    steps === (epoch - 1) * stepsPerEpoch + step &&
    (step > 0 || (lossSum === 0 && trainSeconds === 0)) &&
    curve.length === epoch - 1 &&
    curve.every((point, index) => point.epoch === index + 1);
  if (!possible) throw new Error('its numbers of steps and epochs do not fit each other or the recipe');
}

/** Of all bytes of the file but the last tensor's. */
function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(0, -DIGEST_BYTES)).digest();
}
