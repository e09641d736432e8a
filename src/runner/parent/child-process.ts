import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CHANNEL_STDIO, channelTo, encodeMessage, readMessages } from '../channel.js';
import { isInOrder, messageSchema, type Message, type Request } from '../protocol.js';
import { explainDeath } from './death.js';
import { watchMemory } from './memory.js';

/** How much of a child's output is kept to explain a crash, characters: V8 writes a stack of several thousand. */
const KEPT_OUTPUT = 10_000;

/** How long the output of an ended process may take to arrive, milliseconds; a process that it started may hold it open. */
const DRAIN_MS = 1000;

/** How long an ended process may take to go, milliseconds: the system frees its memory, a driver its GPU. */
const KILL_MS = 10_000;

/** A child process that ended without an answer. */
export interface Death {
  readonly died: 'timed-out' | 'crashed';
  readonly reason: string;
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
export async function askChild<Answer>(
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

/** Starts a process that waits for requests. */
export function startChild(): Child {
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
        const timer = setTimeout(() => die('timed-out', `not finished after ${timeoutMs / 1000} s`), timeoutMs);
        signal.addEventListener('abort', onAbort, { once: true });
        if (memoryLimit !== undefined && child.pid !== undefined) {
          const exceeded = (bytes: number) =>
            die('crashed', `it used ${mebibytes(bytes)} of memory; --memory allows ${mebibytes(memoryLimit)}`);
          void watchMemory(child.pid, memoryLimit, exceeded, settled.signal);
        }
        const refuse = (problem: string) => die('crashed', `it sent an invalid message: ${problem}`);
        let started = false;
        const onMessage = (raw: unknown) => {
          const { data: message } = messageSchema.safeParse(raw);
          if (message === undefined) {
            refuse(JSON.stringify(raw).slice(0, 200));
            return;
          }
          if (!isInOrder(message, request, started)) {
            refuse(`unexpected "${message.type}"`);
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
