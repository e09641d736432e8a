import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BackendDescription } from '../../core/record.js';
import type { StepTrace } from '../../core/trace.js';
import { CHANNEL_STDIO, channelTo, encodeMessage, readMessages } from '../channel.js';
import { explainDeath, reasonOf } from './death.js';
import type { CellEnd, CellExecutor, CellJob, CellObserver, ExecutedCell } from './executor.js';
import { watchMemory } from './memory.js';
import {
  isInOrder,
  messageSchema,
  type EarlierWork,
  type Message,
  type Request,
  type RunRequest,
} from '../protocol.js';

/** How much of a child's output is kept to explain a crash, characters: V8 writes a stack of several thousand. */
const KEPT_OUTPUT = 10_000;

/** How long the output of an ended process may take to arrive, milliseconds; a process that it started may hold it open. */
const DRAIN_MS = 1000;

/** How long an ended process may take to go, milliseconds: the system frees its memory, a driver its GPU. */
const KILL_MS = 10_000;

/** Runs each cell in a process of its own, so that one that dies takes nothing with it. */
export const forkExecutor: CellExecutor = (job, observer, signal) =>
  runCell((request, limits, receive) => converse(request, limits, receive), { type: 'run', ...job }, observer, signal);

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

/** A child process that ended without an answer. */
export interface Death {
  readonly died: 'timed-out' | 'crashed';
  readonly reason: string;
}

function diedAs({ died, reason }: Death): CellEnd {
  return { outcome: died, reason: died === 'timed-out' ? `${reason}; allow more with --timeout` : reason };
}

/** What a child process may take. */
export interface Limits {
  readonly timeoutMs: number;
  /** Bytes of memory, enforced where the system tells them. */
  readonly memoryLimit?: number;
}

/** A child process that takes one request after another. */
export interface Child {
  /** Whether it may be asked: it runs, and nothing came from it that was not asked for. */
  isAlive(): boolean;
  /**
   * Sends a request and hands its messages to `receive` until that returns an answer. A process that did not answer is gone when
   * this returns.
   *
   * @returns the answer, or how the process died; a message that is not of the protocol counts as a crash
   * @throws the signal's reason when it is aborted
   */
  readonly ask: <Answer>(
    request: Request,
    limits: Limits & { readonly signal: AbortSignal },
    receive: (message: Message) => Answer | undefined,
  ) => Promise<Answer | Death>;
  /** When this returns the process is gone. */
  close(): Promise<void>;
}

/** What happens while a request is answered. */
interface Listener {
  message(raw: unknown): void;
  refuse(problem: string): void;
  die(died: Death['died'], reason: string): void;
}

/** Asks a child process of its own one thing, as `ask` does. When this returns the process is gone. */
export async function converse<Answer>(
  request: Request,
  limits: Limits & { readonly signal: AbortSignal },
  receive: (message: Message) => Answer | undefined,
): Promise<Answer | Death> {
  limits.signal.throwIfAborted();
  const child = startChild();
  try {
    return await child.ask(request, limits, receive);
  } finally {
    await child.close();
  }
}

function startChild(): Child {
  const script = fileURLToPath(new URL('../child/main.js', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script], { stdio: [...CHANNEL_STDIO] });
  const output = keepOutput(child);
  const channel = channelTo(child);
  let listener: Listener | undefined;
  let isAlive = true;
  const stray = () => {
    isAlive = false;
  };
  const onEnd = (code: number | null, killedBy: NodeJS.Signals | null) => {
    isAlive = false;
    listener?.die('crashed', explainDeath({ code, signal: killedBy, output: output() }));
  };
  readMessages(
    channel,
    (raw) => (listener === undefined ? stray() : listener.message(raw)),
    (problem) => (listener === undefined ? stray() : listener.refuse(problem)),
  );
  channel.on('error', () => undefined); // The end of the process says more than a broken pipe.
  child.on('error', (error) => listener?.die('crashed', `its process could not be started: ${error.message}`));
  child.on('close', onEnd);
  child.on('exit', (code, killedBy) => void setTimeout(() => onEnd(code, killedBy), DRAIN_MS).unref());

  return {
    isAlive: () => isAlive && child.exitCode === null && child.signalCode === null,
    close: () => end(child),
    ask(request, { timeoutMs, memoryLimit, signal }, receive) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const settled = new AbortController();
        const settle = (act: () => void, isAnswered = false) => {
          if (settled.signal.aborted) return;
          settled.abort();
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          listener = undefined;
          void (isAnswered ? Promise.resolve() : end(child)).then(act);
        };
        const onAbort = () => settle(() => reject(signal.reason as Error));
        const die = (died: Death['died'], reason: string) => settle(() => resolve({ died, reason }));
        const timer = setTimeout(() => die('timed-out', `no end within ${timeoutMs / 1000} s`), timeoutMs);
        signal.addEventListener('abort', onAbort, { once: true });
        if (memoryLimit !== undefined && child.pid !== undefined) {
          const exceeded = (bytes: number) =>
            die('crashed', `it took ${mebibytes(bytes)} of memory, and --memory allows ${mebibytes(memoryLimit)}`);
          void watchMemory(child.pid, memoryLimit, exceeded, settled.signal);
        }
        const refuse = (problem: string) => die('crashed', `it sent what is not a message of cnnbench: ${problem}`);
        let started = false;
        const onMessage = (raw: unknown) => {
          const { data: message } = messageSchema.safeParse(raw);
          if (message === undefined) {
            refuse(JSON.stringify(raw).slice(0, 200));
            return;
          }
          if (!isInOrder(message, request, started)) {
            refuse(`"${message.type}" where it was not due`);
            return;
          }
          started ||= message.type === 'started';
          const answer = receive(message);
          if (answer !== undefined) settle(() => resolve(answer), true);
        };
        listener = { message: onMessage, refuse, die };
        channel.write(encodeMessage(request));
      });
    },
  };
}

/** Ends a process, if it still runs, and waits until it is gone, so that the next cell has the machine for itself. */
async function end(child: ChildProcess): Promise<void> {
  const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (isRunning) {
    const gone = once(child, 'exit', { signal: AbortSignal.timeout(KILL_MS) });
    child.kill('SIGKILL');
    await gone.catch(() => undefined);
  }
  for (const stream of child.stdio) stream?.destroy();
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function keepOutput(child: ChildProcess): () => string {
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-KEPT_OUTPUT)));
  }
  return () => tail;
}
