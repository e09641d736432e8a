import type { BackendName } from '../../core/cell.js';
import type { BackendDescription } from '../../core/record.js';
import type { StepTrace } from '../../core/trace.js';
import type { EarlierWork, RunRequest } from '../protocol.js';
import { askChild, startChild, type Child, type Death } from './child-process.js';
import { reasonOf } from './death.js';
import type { CellEnd, CellExecutor, CellJob, CellObserver, ExecutedCell } from './executor.js';
import { probeBy, type Probe } from './probe-backend.js';

/** Runs each cell in a process of its own, so that one that dies takes nothing with it. */
export const forkExecutor: CellExecutor = (job, observer, signal) =>
  runCell(askChild, { type: 'run', ...job }, observer, signal);

/** How the backend of a process was started. */
type Start = Pick<RunRequest, 'threads' | 'fma'>;

/** An executor that may keep processes. */
export interface SharedExecutor {
  readonly execute: CellExecutor;
  /** As `probeBackend`. The first cell of the first backend that works runs in the process that was asked, if it is started in the same way. */
  readonly probe: (options: Start) => Probe;
  /** Ends what it kept. */
  close(): Promise<void>;
}

/**
 * Runs each training in a process of its own, which may be the one that its backend was probed in. What trains nothing takes a
 * fraction of the time that a process takes to start: such cells of one backend share one, one after the other, until one of
 * them dies with it. A limit on memory is for a process as a whole, so that with one none is shared.
 */
export function sharedExecutor(): SharedExecutor {
  const kept = new Map<string, { readonly child: Child; isNew: boolean }>();
  const keyOf = (backend: BackendName, { threads, fma = false }: Start) => JSON.stringify([backend, threads, fma]);
  const close = async (but?: Child) => {
    const ended = [...kept].filter(([, { child }]) => child !== but);
    for (const [key] of ended) kept.delete(key);
    await Promise.all(ended.map(([, { child }]) => child.close()));
  };
  return {
    close: () => close(),
    probe: (start) => async (backend, signal) => {
      const child = startChild();
      const { threads, fma } = start;
      const options = { ...(threads !== undefined && { threads }), ...(fma && { fma }) };
      const request = { type: 'probe', backend, stays: true, ...options } as const;
      const result = await probeBy(child.ask, request, signal).catch(async (error: unknown) => {
        await child.close();
        throw error;
      });
      // One that waits is enough: the others would take memory until their turn comes.
      if (result.works && kept.size === 0) kept.set(keyOf(backend, start), { child, isNew: true });
      else await child.close();
      return result;
    },
    async execute(job, observer, signal) {
      const { cell, experiment, memoryLimit } = job;
      if (cell.backend === 'fake' || memoryLimit !== undefined) {
        await close();
        return forkExecutor(job, observer, signal);
      }
      const key = keyOf(cell.backend, job);
      const found = kept.get(key);
      const isTraining = experiment.kind === 'training';
      const isUsable = found?.child.isAlive() === true && (found.isNew || !isTraining);
      if (isTraining) await close(isUsable ? found.child : undefined);
      else if (!isUsable) await found?.child.close();
      const child = isUsable ? found.child : startChild();
      kept.set(key, { child, isNew: false });
      const ended = await runCell(child.ask, { type: 'run', stays: true, ...job }, observer, signal);
      if (isTraining) await close();
      return ended;
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
  return { outcome: died, reason: died === 'timed-out' ? `${reason}; raise the limit with --timeout` : reason };
}
