import { join } from 'node:path';
import { CnnbenchError } from '../core/errors.js';
import { DEAD_AFTER_MS, tryLock, type FileLock, type Holder } from '../files/lock.js';

/** Name of the file that keeps other runs out of the folder of a run. */
export const RUN_LOCK = 'run.lock';

/** A folder that this process alone writes to. */
export interface RunLock {
  readonly release: () => void;
  /** Aborted, with the error to end on, if the folder is another run's all the same. */
  readonly lost: AbortSignal;
}

/**
 * Keeps other runs out of a folder until the lock is released or the process ends. Readers need none: whatever they find is whole.
 *
 * @param onNotice gets one line where a run that was killed had the folder
 * @throws CnnbenchError E_OUT_LOCKED where a living run has it; what the file system says where no file can be made
 */
export async function lockRun(directory: string, onNotice?: (line: string) => void): Promise<RunLock> {
  const attempt = await tryLock(join(directory, RUN_LOCK));
  if (attempt.lock === undefined) throw lockedBy(directory, attempt.holder);
  const { lock } = attempt;
  if (lock.takenFrom !== undefined) onNotice?.(takeoverLine(directory, lock.takenFrom));
  return { release: lock.release, lost: lossOf(directory, lock) };
}

function lossOf(directory: string, { lost }: FileLock): AbortSignal {
  const controller = new AbortController();
  lost.addEventListener('abort', () => controller.abort(lostError(directory)), { once: true });
  return controller.signal;
}

function takeoverLine(directory: string, { owner, elsewhere }: Holder): string {
  const whose = owner === undefined ? 'a run' : `the run of process ${owner.pid}, since ${owner.since},`;
  return `note: ${whose} had ${directory}${elsewhere ? ' on another machine' : ''} and is gone; this one takes it over`;
}

function lockedBy(directory: string, { owner, elsewhere, silentSeconds }: Holder): CnnbenchError {
  const since = owner === undefined ? '' : ` since ${owner.since}`;
  if (!elsewhere) {
    return new CnnbenchError(
      'E_OUT_LOCKED',
      `another run, process ${owner?.pid ?? 'unknown'}, has been writing to ${directory}${since}`,
      'Wait for it to end, stop it, or choose another folder with --out.',
    );
  }
  return new CnnbenchError(
    'E_OUT_LOCKED',
    `a run on another machine or in another container has been writing to ${directory}${since}; ` +
      `its last sign of life is ${Math.round(silentSeconds)} s old`,
    `Wait for it to end, or choose another folder with --out. If it is dead, this command takes the folder over ` +
      `${DEAD_AFTER_MS / 60_000} minutes after that; if you know that it is dead, delete ${join(directory, RUN_LOCK)}.`,
  );
}

function lostError(directory: string): CnnbenchError {
  return new CnnbenchError(
    'E_OUT_LOCKED',
    `${join(directory, RUN_LOCK)} is gone or belongs to another run, so this run stops`,
    'Finished cells are saved: run the same command again when no other run uses the folder.',
  );
}
