import { randomUUID } from 'node:crypto';
import { readFile, stat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../core/errors.js';
import { decodeSafetensors } from '../../core/safetensors.js';
import type { DataSource } from '../../data/source.js';
import type { Compute, Failure, ParityTask } from '../../parity/task.js';
import { askChild } from './child-process.js';
import type { Message } from '../protocol.js';

/** Several times what the largest model leaves. */
const LARGEST_FILE = 2 ** 28;

export interface ForkParityOptions {
  /** A folder of the caller's own, for the files by which tensors come back. */
  readonly folder: string;
  readonly sourceOf: (task: ParityTask) => DataSource | undefined;
  /** Milliseconds after which a task is ended. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type Answer = { readonly failures: readonly Failure[] } | { readonly crashed: string };

/** Computes each task in a process of its own. */
export function forkParity({ folder, sourceOf, timeoutMs, signal }: ForkParityOptions): Compute {
  return async (backend, task, onStage) => {
    const out = join(folder, `${randomUUID()}.safetensors`);
    const source = sourceOf(task);
    let stage = 'its start';
    const answer = await askChild<Answer>(
      { type: 'parity', backend, task, out, ...(source && { source }) },
      { timeoutMs, signal },
      (message: Message): Answer | undefined => {
        switch (message.type) {
          case 'computing':
            ({ stage } = message);
            onStage(stage);
            return undefined;
          case 'computed':
            return { failures: message.failures };
          case 'failed':
            return { crashed: `${message.code}: ${message.message}` };
          default:
            return undefined;
        }
      },
    );
    if ('died' in answer) return { crashed: `at ${stage}: ${answer.reason}` };
    if ('crashed' in answer) return { crashed: `at ${stage}: ${answer.crashed}` };
    try {
      const { size } = await stat(out);
      if (size > LARGEST_FILE) return { crashed: `it left ${size} bytes, more than any model here has` };
      return { tensors: decodeSafetensors(await readFile(out)).tensors, failures: answer.failures };
    } catch (error) {
      return { crashed: `what it left cannot be read: ${messageOf(error)}` };
    } finally {
      await rm(out, { force: true });
    }
  };
}
