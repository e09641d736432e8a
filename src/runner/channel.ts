import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * Messages between a cell's child process and its parent: one line of JSON each, over a pipe of their own. Node's IPC
 * channel is no choice: it parses and acts on what the child writes before anybody can check it, and a line that is no
 * JSON, or one of Node's own internal messages, is an exception that ends the parent.
 */

/** File descriptor of the pipe in the child process; 0 to 2 are stdin, stdout and stderr. */
const CHANNEL = 3;

/**
 * What a child process is started with. Its output is kept for its last words and never reaches that of the parent. The channel goes
 * both ways: as a mere 'pipe', Windows would let no end write while it waits to read (nodejs/node#29238); elsewhere they are the same.
 */
export const CHANNEL_STDIO = ['ignore', 'pipe', 'pipe', 'overlapped'] as const;

/** Longest line, bytes. Far above any message, so that one without an end does not take the parent's memory. */
const LONGEST_LINE = 2 ** 26;

/** The parent's end of the channel. */
export function channelTo(child: ChildProcess): Duplex {
  return child.stdio[CHANNEL] as Duplex;
}

/** The child's end of the channel. */
export function channelToParent(): Duplex {
  return new Socket({ fd: CHANNEL });
}

/** One message as it goes over the channel. */
export function encodeMessage(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/**
 * Calls `receive` with each message that arrives, parsed but not validated.
 *
 * @param refuse called with what is wrong when a line is no JSON or has no end; nothing is read after that
 */
export function readMessages(
  channel: Readable,
  receive: (message: unknown) => void,
  refuse: (problem: string) => void,
  longestLine = LONGEST_LINE,
): void {
  const decoder = new StringDecoder('utf8');
  let pending: string[] = [];
  let pendingLength = 0;
  const stop = (problem: string) => {
    channel.off('data', onData);
    refuse(problem);
  };
  const onData = (chunk: Buffer) => {
    const [first = '', ...rest] = decoder.write(chunk).split('\n');
    pending.push(first);
    pendingLength += first.length;
    for (const next of rest) {
      const line = pending.join('');
      pending = [next];
      pendingLength = next.length;
      const message = parse(line);
      if (message === undefined) {
        stop(`a line that is not valid JSON: ${JSON.stringify(line.slice(0, 200))}`);
        return;
      }
      receive(message.value);
    }
    if (pendingLength > longestLine) stop(`a message of more than ${longestLine / 2 ** 20} MiB`);
  };
  channel.on('data', onData);
}

function parse(line: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return undefined;
  }
}
