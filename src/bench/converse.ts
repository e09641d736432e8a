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

  async function receive(): Promise<Exclude<Message, { type: 'failed' }>> {
    const line = await lines.next();
    if (line.done === true) throw await gone;
    const { data: message } = messageSchema.safeParse(parse(line.value));
    if (message !== undefined && message.type !== 'failed') return message;
    child.kill('SIGKILL');
    throw new Error(message?.message ?? `it said what is not of the protocol: ${line.value}`);
  }

  const ready = await receive();
  if (ready.type !== 'ready') throw new Error(`it said ${ready.type} before it was ready`);
  return {
    software: ready.software,
    async measure(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const message = await receive();
      if (message.type !== 'block') throw new Error(`it answered a request with ${message.type}`);
      return message;
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
