import { posix } from 'node:path';
import { extract, type Extract } from 'tar-stream';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { collect, contentChunks } from './bytes.js';

const REMEDY = 'Replace the archive with the official one (see docs/data.md).';

/** A member of an archive that was asked for. */
export interface ArchiveMember {
  /** Name without folders, as asked for. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** Resolves when the extractor takes more, or never will. */
async function ready(tar: Extract): Promise<void> {
  if (tar.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      tar.off('drain', done);
      tar.off('close', done);
      resolve();
    };
    tar.on('drain', done);
    tar.on('close', done);
  });
}

/** Writes the chunks to the extractor; whatever goes wrong comes out where the extractor is read. */
async function feed(chunks: AsyncIterable<Uint8Array>, tar: Extract): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (tar.destroyed) return;
      if (!tar.write(chunk)) await ready(tar);
    }
    tar.end(undefined);
  } catch (error) {
    tar.destroy(error as Error);
  }
}

async function* wantedMembers(
  path: string,
  tar: Extract,
  wanted: ReadonlyMap<string, number>,
): AsyncGenerator<ArchiveMember> {
  const missing = new Set(wanted.keys());
  for await (const entry of tar) {
    const name = posix.basename(entry.header.name);
    const maxBytes = wanted.get(name);
    if (maxBytes === undefined || entry.header.type !== 'file') {
      entry.resume();
      continue;
    }
    if (!missing.delete(name)) throw new CnnbenchError('E_DATA_ARCHIVE', `${path} holds ${name} twice.`, REMEDY);
    if (entry.header.size > maxBytes) {
      const message = `${name} in ${path} has ${entry.header.size} bytes; expected ${maxBytes}.`;
      throw new CnnbenchError('E_DATA_SIZE', message, REMEDY);
    }
    yield { name, content: await collect(entry as AsyncIterable<Uint8Array>, maxBytes) };
    if (missing.size === 0) return;
  }
  throw new CnnbenchError('E_DATA_ARCHIVE', `${path} does not contain ${[...missing].join(', ')}.`, REMEDY);
}

/**
 * Reads members of a .tar.gz in the order in which they lie in it, and stops after the last one that is wanted.
 * Nothing is written, and paths in the archive mean nothing: members are known by their base name.
 *
 * @param wanted base name -> most bytes the member may have
 * @param maxInflatedBytes most bytes the whole archive may inflate to
 * @throws E_DATA_READ, E_DATA_GZIP, E_DATA_SIZE, E_DATA_ARCHIVE
 */
export async function* readTarGz(
  path: string,
  wanted: ReadonlyMap<string, number>,
  maxInflatedBytes: number,
): AsyncGenerator<ArchiveMember> {
  if (wanted.size === 0) return;
  const tar = extract();
  const feeding = feed(contentChunks(path, true, maxInflatedBytes), tar);
  try {
    yield* wantedMembers(path, tar, wanted);
  } catch (error) {
    if (error instanceof CnnbenchError) throw error;
    const message = `${path} is not a complete tar archive: ${messageOf(error)}.`;
    throw new CnnbenchError('E_DATA_ARCHIVE', message, REMEDY, { cause: error });
  } finally {
    tar.destroy(new Error('read to the end'));
    await feeding;
  }
}
