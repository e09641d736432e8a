import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BackendDescription } from '../core/record.js';
import type { StepTrace } from '../core/trace.js';
import type { CellEnd, CellExecutor, CellJob } from './executor.js';
import { messageSchema, type Message, type Request } from './protocol.js';

/** How much of a child's output is kept to explain a crash, characters. */
const KEPT_OUTPUT = 2000;

/** Runs each cell in a process of its own, so that one that dies takes nothing with it. */
export const forkExecutor: CellExecutor = async (job, observer, signal) => {
  let backend: BackendDescription | undefined;
  let trace: StepTrace | undefined;
  const end = await converse<CellEnd>(requestOf(job), { timeoutMs: job.timeoutMs, signal }, (message) => {
    switch (message.type) {
      case 'started':
        backend = message.backend;
        observer.onStart(message.backend, message.notices);
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
        return undefined;
    }
  });
  const seen = 'died' in end ? diedAs(end) : end;
  return { ...seen, ...(backend && { backend }), ...(trace && { trace }) };
};

/** A child process that ended without an answer. */
export interface Death {
  readonly died: 'timed-out' | 'crashed';
  readonly reason: string;
}

function diedAs({ died, reason }: Death): CellEnd {
  return { outcome: died, reason };
}

function requestOf({ cell, source, threads, fma, trace, exportTo }: CellJob): Request {
  return {
    type: 'run',
    cell,
    ...(source && { source }),
    ...(threads !== undefined && { threads }),
    ...(fma !== undefined && { fma }),
    ...(trace !== undefined && { trace }),
    ...(exportTo !== undefined && { exportTo }),
  };
}

/**
 * Starts a child process, sends it one request and hands its messages to `receive` until that returns an answer.
 *
 * @returns the answer, or how the process died; a message that is not of the protocol counts as a crash
 * @throws the signal's reason when it is aborted; the child is killed
 */
export async function converse<Answer>(
  request: Request,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  receive: (message: Message) => Answer | undefined,
): Promise<Answer | Death> {
  signal.throwIfAborted();
  const child = fork(fileURLToPath(new URL('./child.js', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'json',
  });
  const output = keepOutput(child);
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      child.kill('SIGKILL');
      act();
    };
    const onAbort = () => settle(() => reject(signal.reason as Error));
    const die = (died: Death['died'], reason: string) => settle(() => resolve({ died, reason }));
    const timer = setTimeout(
      () => die('timed-out', `no end within ${timeoutMs / 1000} s; allow more with --timeout`),
      timeoutMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });

    child.on('message', (raw) => {
      const message = messageSchema.safeParse(raw);
      if (!message.success)
        return die('crashed', `it sent what is not a message of cnnbench: ${JSON.stringify(raw).slice(0, 200)}`);
      const answer = receive(message.data);
      if (answer !== undefined) settle(() => resolve(answer));
    });
    child.on('error', (error) => die('crashed', `its process could not be started or reached: ${error.message}`));
    child.on('close', (code, killedBy) => {
      const how = killedBy === null ? `its process ended with code ${code}` : `its process was ended by ${killedBy}`;
      const memory = killedBy === 'SIGKILL' ? ' (the system ends processes so when memory runs out)' : '';
      const last = output().trim();
      die('crashed', `${how}${memory}${last === '' ? '' : `; its last words: ${last}`}`);
    });
    child.send(request, (error) => {
      if (error !== null) die('crashed', `it took no request: ${error.message}`);
    });
  });
}

function keepOutput(child: ChildProcess): () => string {
  let tail = '';
  const keep = (chunk: Buffer) => (tail = (tail + chunk.toString('utf8')).slice(-KEPT_OUTPUT));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => tail;
}
