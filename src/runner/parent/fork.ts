import type { BackendDescription } from '../../core/record.js';
import type { StepTrace } from '../../core/trace.js';
import type { EarlierWork, RunRequest } from '../protocol.js';
import { askChild, startChild, type Child, type Death } from './child-process.js';
import { reasonOf } from './death.js';
import type { CellEnd, CellExecutor, CellJob, CellObserver, ExecutedCell } from './executor.js';

/** Runs each cell in a process of its own, so that one that dies takes nothing with it. */
export const forkExecutor: CellExecutor = (job, observer, signal) =>
  runCell(askChild, { type: 'run', ...job }, observer, signal);

/** An executor that may keep a process. */
export interface SharedExecutor {
  readonly execute: CellExecutor;
  /** Ends what it kept. */
  close(): Promise<void>;
}

/**
 * Runs each training in a process of its own. What trains nothing takes a fraction of the time that a process takes to start:
 * such cells of one backend share one, one after the other, until one of them dies with it. A limit on memory is for a
 * process as a whole, so that with one none is shared.
 */
export function sharedExecutor(): SharedExecutor {
  const kept = new Map<string, Child>();
  const close = async () => {
    await Promise.all([...kept.values()].map((child) => child.close()));
    kept.clear();
  };
  return {
    close,
    async execute(job, observer, signal) {
      const { cell, experiment, threads, fma, memoryLimit } = job;
      if (experiment.kind === 'training' || cell.backend === 'fake' || memoryLimit !== undefined) {
        await close();
        return forkExecutor(job, observer, signal);
      }
      const key = JSON.stringify([cell.backend, threads, fma]);
      const found = kept.get(key);
      if (found?.isAlive() !== true) await found?.close();
      const child = found?.isAlive() === true ? found : startChild();
      kept.set(key, child);
      return runCell(child.ask, { type: 'run', stays: true, ...job }, observer, signal);
    },
  };
}

async function runCell(
  ask: Child['ask'],
  { timeoutMs, memoryLimit, ...request }: RunRequest & CellJob,
  observer: CellObserver,
  signal: AbortSignal,
): Promise<ExecutedCell> {
  let backend: BackendDescription | undefined;
  let trace: StepTrace | undefined;
  let earlier: EarlierWork | undefined;
  const limits = { timeoutMs, ...(memoryLimit !== undefined && { memoryLimit }), signal };
  const end = await ask<CellEnd>(request, limits, (message) => {
    switch (message.type) {
      case 'started':
        backend = message.backend;
        observer.onStart(message.backend, message.notices);
        return undefined;
      case 'noticed':
        observer.onNotice(message.text);
        return undefined;
      case 'resumed':
        earlier = message.earlier;
        return undefined;
      case 'step':
        observer.onStep(message);
        return undefined;
      case 'epoch':
        observer.onEpoch(message.point);
        return undefined;
      case 'traced':
        trace = message.trace;
        return undefined;
      case 'ended':
        return message.end;
      case 'failed':
        return { outcome: 'crashed', reason: `${message.code}: ${message.message}` };
      case 'probed':
      case 'exported':
      case 'proved':
      case 'computing':
      case 'computed':
        return undefined;
    }
  });
  const seen = 'died' in end ? diedAs(end) : end;
  const reason = 'reason' in seen ? { reason: reasonOf(seen.reason) } : {};
  return { ...seen, ...reason, ...(backend && { backend }), ...(trace && { trace }), ...(earlier && { earlier }) };
}

function diedAs({ died, reason }: Death): CellEnd {
  return { outcome: died, reason: died === 'timed-out' ? `${reason}; allow more with --timeout` : reason };
}
