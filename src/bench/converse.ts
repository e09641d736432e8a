import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Command } from './contestant.js';
import { messageSchema, type Block, type BlockRequest, type Message } from './protocol.js';

/** How much of what a process writes to stderr is kept to explain its end, characters. */
const KEPT_OUTPUT = 1000;

/** A contestant that is ready and waits. Every method throws an Error with its last words when it fails. */
export interface Conversation {
  readonly software: string;
  measure(request: BlockRequest): Promise<Block>;
  /** Ends the process; returns when it is gone. */
  end(): Promise<void>;
}

/** Starts a process that speaks `protocol.ts`. */
export async function converse({ file, args }: Command): Promise<Conversation> {
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
  const lines: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  /** The next message, which must be of that type; a process that says anything else is ended. */
  async function receive<T extends 'ready' | 'block'>(
    type: T,
    otherwise: string,
  ): Promise<Extract<Message, { type: T }>> {
    const line = await lines.next();
    if (line.done === true) throw await gone;
    const { data: message } = messageSchema.safeParse(parse(line.value));
    if (message?.type === type) return message as Extract<Message, { type: T }>;
    child.kill('SIGKILL');
    if (message?.type === 'failed') throw new Error(message.message);
    throw new Error(message ? `it ${otherwise} ${message.type}` : `it said what is not of the protocol: ${line.value}`);
  }

  const ready = await receive('ready', 'was not ready, but said');
  return {
    software: ready.software,
    async measure(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return receive('block', 'answered a request with');
    },
    async end() {
      child.stdin.end();
      await gone;
    },
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
