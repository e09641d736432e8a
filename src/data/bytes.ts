import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CnnbenchError, messageOf } from '../core/errors.js';

const CHUNK_BYTES = 1 << 18;

/** Turns what reading or inflating a file threw into an error for the user. */
function readError(path: string, error: unknown): CnnbenchError {
  if (error instanceof CnnbenchError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('Z_')) {
    return new CnnbenchError(
      'E_DATA_GZIP',
      `${path} is damaged or incomplete: ${messageOf(error)}.`,
      'Replace the file with a complete copy; `gzip -t` checks it.',
      { cause: error },
    );
  }
  return new CnnbenchError(
    'E_DATA_READ',
    `${path} cannot be read: ${messageOf(error)}.`,
    'Check that the file exists and is readable.',
    { cause: error },
  );
}

/**
 * The content of a file, chunk by chunk.
 *
 * @param gzipped whether to inflate it
 * @param maxBytes most bytes the content may have. A small file that inflates to more is given up at that point: it
 *   must not fill the memory
 * @throws E_DATA_READ, E_DATA_GZIP, E_DATA_SIZE
 */
export async function* contentChunks(path: string, gzipped: boolean, maxBytes: number): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const content = gzipped ? createGunzip({ chunkSize: CHUNK_BYTES }) : file;
  // An error of either stream also reaches `content`, where the loop below meets it.
  if (content !== file) pipeline(file, content as NodeJS.WritableStream, () => undefined);
  let received = 0;
  try {
    for await (const chunk of content as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      if (received > maxBytes) {
        throw new CnnbenchError(
          'E_DATA_SIZE',
          `${path} has more than the expected ${maxBytes} bytes.`,
          'Replace the file with the official one (see docs/data.md).',
        );
      }
      yield chunk;
    }
  } catch (error) {
    throw readError(path, error);
  }
}

/**
 * The whole content of a file, at most `maxBytes` long. It may be shorter: judging that is up to the parser.
 *
 * @param gzipped whether to inflate it
 * @throws E_DATA_READ, E_DATA_GZIP, E_DATA_SIZE
 */
export async function readContent(path: string, gzipped: boolean, maxBytes: number): Promise<Uint8Array> {
  return collect(contentChunks(path, gzipped, maxBytes), maxBytes);
}

/** Puts chunks of at most `maxBytes` in all into one array. */
export async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const content = new Uint8Array(maxBytes);
  let length = 0;
  for await (const chunk of chunks) {
    content.set(chunk, length);
    length += chunk.length;
  }
  return length === maxBytes ? content : content.slice(0, length);
}
