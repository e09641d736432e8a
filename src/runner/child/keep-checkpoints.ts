import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FMA_BACKENDS } from '../../core/cell.js';
import type { DatasetIdentity } from '../../core/dataset.js';
import { messageOf } from '../../core/errors.js';
import type { BackendDescription } from '../../core/record.js';
import type { TrainingState } from '../../core/training-state.js';
import { writeAtomically } from '../../records/atomic.js';
import {
  encodeCheckpoint,
  readCheckpoint,
  type Checkpoint,
  type CheckpointSubject,
  type TrainedModel,
} from '../../records/checkpoint-format.js';
import { captureEnvironment } from '../../records/environment.js';
import type { CheckpointTarget, EarlierWork, RunRequest } from '../protocol.js';

export interface CheckpointOptions extends CheckpointTarget {
  readonly subject: CheckpointSubject;
  readonly model: TrainedModel;
  /** Milliseconds since this process began, of a monotonic clock. */
  readonly now: () => number;
  /** Gets what the user should know, to be read after the name of the cell. */
  readonly onNotice: (text: string) => Promise<void>;
}

/** The checkpoints of one training. */
export interface Checkpoints {
  /** The one that an earlier process left and that this training goes on from. */
  readonly earlier?: Checkpoint;
  /**
   * Writes a checkpoint if the last one is old enough. One that cannot be written does not end the training.
   *
   * @param save copies the state of the training
   * @param stepSeconds wall times of the steps of all processes so far, warm-up left out
   */
  offer(save: () => Promise<TrainingState>, stepSeconds: readonly number[]): Promise<void>;
}

const UNINTERRUPTED: EarlierWork = { seconds: 0, interruptions: 0 };

/**
 * Looks for a checkpoint to go on from. One that this training cannot go on from stays until its own first one takes its place.
 */
export async function openCheckpoints(options: CheckpointOptions): Promise<Checkpoints> {
  const { path, everySeconds, subject, model, now, onNotice } = options;
  const found = await readCheckpoint(path, subject, model);
  const earlier = typeof found === 'string' ? undefined : found;
  if (typeof found === 'string') await onNotice(`starts from the beginning, its checkpoint cannot be used: ${found}`);
  if (earlier !== undefined) await onNotice(`goes on ${placeOf(earlier.state)}`);
  const { seconds: secondsBefore, interruptions } = earlier === undefined ? UNINTERRUPTED : earlierWork(earlier);
  let last = now();
  let failed = false;
  return {
    ...(earlier && { earlier }),
    async offer(save, stepSeconds) {
      if (now() - last < everySeconds * 1000) return;
      const seconds = secondsBefore + now() / 1000;
      const checkpoint = { subject, state: await save(), stepSeconds, seconds, interruptions };
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeAtomically(path, encodeCheckpoint(checkpoint, model));
      } catch (error) {
        if (!failed) await onNotice(`continues without a checkpoint: ${messageOf(error)}`);
        failed = true;
      }
      last = now();
    },
  };
}

/** What a checkpoint of this request is of. */
export function subjectOf(
  { cell, recipeSha256, fma }: RunRequest,
  { fingerprint }: DatasetIdentity,
  backend: BackendDescription,
): CheckpointSubject {
  const { cnnbench, commit } = captureEnvironment();
  return {
    cell: { ...cell },
    recipeSha256,
    dataFingerprint: fingerprint,
    fma: fma === true && FMA_BACKENDS.includes(cell.backend),
    cnnbench,
    ...(commit !== undefined && { commit }),
    backend,
  };
}

/** What a record says of a training that goes on from this checkpoint. */
export function earlierWork({ seconds, interruptions }: Checkpoint): EarlierWork {
  return { seconds, interruptions: interruptions + 1 };
}

function placeOf({ progress: { epoch, step } }: TrainingState): string {
  return step === 0 ? `after epoch ${epoch - 1}` : `after step ${step} of epoch ${epoch}`;
}
