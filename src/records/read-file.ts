import { constants, open } from 'node:fs/promises';

/** Most bytes of a file of JSON or Markdown. A record of 300 epochs takes 58 kB, so that is a summary of hundreds of them. */
export const MOST_TEXT_BYTES = 32 * 2 ** 20;

/** Most bytes of a file that has one thing in it: a calibration, a golden trajectory. */
export const MOST_SMALL_BYTES = 2 ** 20;

const CHUNK_BYTES = 2 ** 16;

/**
 * The content of a file that may be anything. Never waits for a pipe without a writer, and never takes more memory than
 * `mostBytes` and a little.
 *
 * @throws Error of the system, or in words: a folder, a pipe or a device, more than `mostBytes`
 */
export async function readBytes(path: string, mostBytes: number): Promise<Uint8Array> {
  // Without it, opening a pipe that nobody writes to waits for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const info = await file.stat();
    if (info.isDirectory()) throw new Error('it is a folder');
    if (!info.isFile()) throw new Error('it is a pipe or a device, not a file');
    if (info.size > mostBytes) throw tooLong(mostBytes);
    // The file may have grown meanwhile, and one below /proc says that it is empty.
    const chunks: Uint8Array[] = [];
    for (let length = 0; ;) {
      const chunk = new Uint8Array(Math.max(CHUNK_BYTES, info.size - length));
      // With all its arguments: the handles of Yarn's Plug'n'Play read nothing without a length.
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return Buffer.concat(chunks, length);
      length += bytesRead;
      if (length > mostBytes) throw tooLong(mostBytes);
      chunks.push(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/**
 * The text of a file that may be anything. A byte order mark is left out unless `keepMark`.
 *
 * @throws Error as `readBytes`, and for a content that is not UTF-8
 */
export async function readText(path: string, mostBytes = MOST_TEXT_BYTES, { keepMark = false } = {}): Promise<string> {
  return decode(await readBytes(path, mostBytes), keepMark);
}

/**
 * The text on stdin, to its end.
 *
 * @throws Error for more than `mostBytes`, and for a content that is not UTF-8
 */
export async function readStdin(mostBytes = MOST_TEXT_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw tooLong(mostBytes);
    chunks.push(chunk);
  }
  return decode(Buffer.concat(chunks), false);
}

function decode(bytes: Uint8Array, keepMark: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: keepMark }).decode(bytes);
  } catch (cause) {
    throw new Error('it is not UTF-8', { cause });
  }
}

function tooLong(mostBytes: number): Error {
  return new Error(`it is larger than the limit of ${sizeInWords(mostBytes)}`);
}

function sizeInWords(bytes: number): string {
  return bytes >= 2 ** 20 ? `${Math.floor(bytes / 2 ** 20)} MiB` : `${bytes} bytes`;
}
