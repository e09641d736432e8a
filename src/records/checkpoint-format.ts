import { createHash } from 'node:crypto';
import { z } from 'zod';
import { cellId, SAME_BITS_BACKENDS } from '../core/cell.js';
import { backendDescriptionSchema, environmentSchema, recordSchema, type BackendDescription } from '../core/record.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../core/safetensors.js';
import type { HostTensor } from '../core/tensor.js';
import { trainingProgressSchema, type TrainingProgress, type TrainingState } from '../core/training-state.js';
import { messageOf } from '../core/errors.js';
import type { Slot } from '../core/optimizer.js';
import { parseJson } from './parse.js';
import { readBytes } from './read-file.js';

/**
 * A checkpoint: all that a training needs to go on in another process, in a safetensors file. Tensors, in this order:
 * `weights.NAME` of each weight in the order of the model, `first.NAME`, `second.NAME` and `velocity.NAME` of each that is trained
 * (what the optimizer has of them), `stepSeconds`, `state` (JSON, in bytes) and last `sha256`, the SHA-256 of all bytes of the file before it.
 */

/** Raised whenever a field changes its meaning. */
const CHECKPOINT_VERSION = 1;

/** What an optimizer keeps of each weight that is trained. */
const SLOTS = { first: 'firstMoments', second: 'secondMoments', velocity: 'velocities' } as const;
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
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly trained?: boolean }[];
  /** Of its optimizer. Default: those of Adam. */
  readonly slots?: readonly Slot[];
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Of the last epoch. Default: as many as of the others. */
  readonly lastSteps?: number;
}

export function encodeCheckpoint(checkpoint: Checkpoint, model: Pick<TrainedModel, 'weights' | 'slots'>): Uint8Array {
  const { subject, state, stepSeconds, seconds, interruptions } = checkpoint;
  const { steps, powers } = state.optimizer;
  const head: z.infer<typeof headSchema> = {
    schemaVersion: CHECKPOINT_VERSION,
    subject,
    progress: state.progress,
    optimizer: { steps, powers: [...powers] },
    seconds,
    interruptions,
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const named = (part: Part, tensors: readonly HostTensor[]): NamedTensor[] =>
    tensors.map((tensor, index) => ({ name: `${part}.${weightsOf(model, part)[index]?.name ?? ''}`, ...tensor }));
  const bytes = encodeSafetensors([
    ...named('weights', state.weights),
    ...slotsOf(model).flatMap((slot) => named(slot, state.optimizer[SLOTS[slot]] ?? [])),
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
  if (!digestOf(bytes).equals(bytes.subarray(-DIGEST_BYTES))) throw new Error('it is damaged (wrong SHA-256)');
  const { tensors } = decodeSafetensors(bytes);
  const parts = partsOf(model);
  const names = [...parts.flatMap((part) => weightsOf(model, part).map(({ name }) => `${part}.${name}`)), ...TAIL];
  if (names.join() !== tensors.map(({ name }) => name).join()) throw new Error('it has another model or format');
  const [times, text] = tensors.slice(-TAIL.length) as [NamedTensor, NamedTensor];
  const head = parseJson(
    headSchema,
    new TextDecoder().decode(text.values),
    (why) => new Error(`its state is wrong: ${why}`),
  );
  const { progress, optimizer, seconds, interruptions } = head;
  refuseOther(head.subject, subject);
  refuseImpossible(progress, optimizer.steps, model);
  let place = 0;
  const read = (part: Part): HostTensor[] =>
    parts.includes(part)
      ? weightsOf(model, part).map(({ shape }) => fitting(tensors[place++] as NamedTensor, shape))
      : [];
  // In the order of the file.
  const [weights, firstMoments, secondMoments, velocities] = [
    read('weights'),
    read('first'),
    read('second'),
    read('velocity'),
  ] as const;
  if (secondMoments.some(({ values }) => values.some((value) => value < 0)))
    throw new Error('a second moment is negative');
  const stepSeconds = [...fitting(times, [Math.min(times.values.length, optimizer.steps)]).values];
  return {
    subject: head.subject,
    state: {
      progress,
      weights,
      optimizer: { ...optimizer, firstMoments, secondMoments, ...(velocities.length > 0 && { velocities }) },
    },
    stepSeconds: isSameMachine(head.subject.backend, subject.backend) ? stepSeconds : [],
    seconds,
    interruptions,
  };
}

type Part = 'weights' | Slot;

function slotsOf({ slots = ['first', 'second'] }: Pick<TrainedModel, 'slots'>): readonly Slot[] {
  return slots;
}

/** In the order of the file. */
function partsOf(model: Pick<TrainedModel, 'slots'>): readonly Part[] {
  return ['weights', ...slotsOf(model)];
}

/** The weights of which a file has such a tensor. */
function weightsOf({ weights }: Pick<TrainedModel, 'weights'>, part: Part): TrainedModel['weights'] {
  return part === 'weights' ? weights : weights.filter(({ trained = true }) => trained);
}

/** Weights and moments, and as much again for times and curves: a file that has more is none of ours. */
function mostBytes(model: TrainedModel): number {
  const values = model.weights.reduce(
    (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
  return partsOf(model).length * values * Float32Array.BYTES_PER_ELEMENT + MOST_OTHER_BYTES;
}

function fitting({ name, shape, values }: NamedTensor, wanted: readonly number[]): HostTensor {
  if (shape.join() !== wanted.join()) throw new Error(`the shape of "${name}" is not that of the model`);
  if (!(values instanceof Float32Array)) throw new Error(`"${name}" is not float32`);
  if (!values.every(Number.isFinite)) throw new Error(`"${name}" has values that are not finite`);
  return { shape, values };
}

function refuseOther(found: CheckpointSubject, wanted: CheckpointSubject): void {
  const refuse = (what: string) => {
    throw new Error(`it comes from ${what}`);
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
  { epochs, stepsPerEpoch, lastSteps = stepsPerEpoch }: TrainedModel,
): void {
  const most = epoch < epochs ? stepsPerEpoch : lastSteps;
  const before = epoch <= epochs ? (epoch - 1) * stepsPerEpoch : (epochs - 1) * stepsPerEpoch + lastSteps;
  const possible =
    (epoch <= epochs ? step <= most : epoch === epochs + 1 && step === 0) &&
    steps === before + step &&
    (step > 0 || (lossSum === 0 && trainSeconds === 0)) &&
    curve.length === epoch - 1 &&
    curve.every((point, index) => point.epoch === index + 1);
  if (!possible) throw new Error('its numbers of steps and epochs do not fit each other or the recipe');
}

/** Of all bytes of the file but the last tensor's. */
function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(0, -DIGEST_BYTES)).digest();
}
