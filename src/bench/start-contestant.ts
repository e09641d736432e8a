import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { encodeMessage, readMessages } from '../runner/channel.js';
import type { Command } from './contestant.js';
import { messageSchema, type Block, type BlockRequest, type Message } from './protocol.js';

/** How much of what a process writes to stderr is kept to explain its end, characters. */
const KEPT_OUTPUT = 1000;

/** A contestant that is ready and waits. Every method throws an Error with its last words when it fails. */
export interface RunningContestant {
  readonly software: string;
  measure(request: BlockRequest): Promise<Block>;
  /** Ends the process; returns when it is gone. */
  end(): Promise<void>;
}

/** Starts a process that speaks `protocol.ts`. */
export async function startContestant({ file, args }: Command): Promise<RunningContestant> {
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let lastWords = '';
  child.stderr.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString('utf8')).slice(-KEPT_OUTPUT)));
  child.stdin.on('error', () => undefined); // Its end says more than a broken pipe.
  const gone = new Promise<Error>((resolve) => {
    child.on('error', (error) => resolve(new Error(`it could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      const words = lastWords.trim();
      resolve(new Error(`its process ended (${signal ?? `code ${code}`})${words === '' ? '' : `: ${words}`}`));
    });
  });
  const said: (Message | Error)[] = [];
  const heard = new EventTarget();
  const hear = (message: Message | Error) => {
    said.push(message);
    heard.dispatchEvent(new Event('message'));
  };
  readMessages(
    child.stdout,
    (raw) => hear(messageSchema.safeParse(raw).data ?? foreign(JSON.stringify(raw))),
    (problem) => hear(foreign(problem)),
  );
  void gone.then(hear);

  /** The next message, which must be of that type; a process that says anything else is ended. */
  async function receive<T extends 'ready' | 'block'>(
    type: T,
    otherwise: string,
  ): Promise<Extract<Message, { type: T }>> {
    if (said.length === 0) await once(heard, 'message');
    const message = said.shift() as Message | Error;
    if ('type' in message && message.type === type) return message as Extract<Message, { type: T }>;
    child.kill('SIGKILL');
    if (message instanceof Error) throw message;
    throw new Error(message.type === 'failed' ? message.message : `it ${otherwise} ${message.type}`);
  }

  const ready = await receive('ready', 'was not ready, but said');
  return {
    software: ready.software,
    async measure(request) {
      child.stdin.write(encodeMessage(request));
      return receive('block', 'answered a request with');
    },
    async end() {
      child.stdin.end();
      await gone;
    },
  };
}

function foreign(what: string): Error {
  return new Error(`it said what is not of the protocol: ${what}`);
}
