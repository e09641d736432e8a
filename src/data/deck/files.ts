import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf } from '../../core/errors.js';
import { complaint } from './complain.js';
import { checkLimit, LIMITS } from './limits.js';

const inflate = promisify(gunzip);

function unreadable(path: string, error: unknown): Error {
  return complaint('E_DATA_READ', `${path} cannot be read: ${messageOf(error)}.`, error);
}

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/**
 * Where a path of a deck leads: below the first of the folders that has it. The folders are the user's, and may be reached by links.
 * Below them nothing may be a link: a deck of a stranger could lead out of its folder by one.
 *
 * @param path checked by dataPathSchema: relative and without ".."
 * @throws E_DATA_READ where no folder has it, E_DATA_PATH where a part of it is a link
 */
export async function locate(folders: readonly string[], path: string): Promise<string> {
  for (const folder of folders) {
    const found = await locateIn(folder, path);
    if (found !== undefined) return found;
  }
  throw complaint('E_DATA_READ', `${path} is neither a file nor a folder in ${folders.join(' or ')}.`);
}

async function locateIn(folder: string, path: string): Promise<string | undefined> {
  try {
    let at = await realpath(folder);
    for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
      at = join(at, part);
      await refuseLink(at);
    }
    return at;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error instanceof Error && 'remedy' in error ? error : unreadable(join(folder, path), error);
  }
}

/** @throws E_DATA_PATH, or the error of the system */
async function refuseLink(path: string): Promise<void> {
  if ((await lstat(path)).isSymbolicLink()) throw complaint('E_DATA_PATH', `${path} is a symbolic link.`);
}

/**
 * A whole file, inflated where it is gzipped, whatever its name.
 *
 * @param most largest size of the file and of what it inflates to, bytes
 * @throws E_DATA_READ, E_DATA_GZIP, E_DATA_LIMIT
 */
export async function readWhole(path: string, most: number = LIMITS.file): Promise<Uint8Array> {
  const bytes = await readBounded(path, most);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await inflate(bytes, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      checkLimit(`${path}, inflated`, most + 1, most, 'bytes');
    throw complaint('E_DATA_GZIP', `${path} is damaged or incomplete: ${messageOf(error)}.`, error);
  }
}

/** A file as it is. @throws E_DATA_READ, E_DATA_LIMIT */
export async function readBounded(path: string, most: number): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    // A pipe or a device has no size, and may have no end.
    if (!found.isFile()) throw complaint('E_DATA_READ', `${path} is no file.`);
    checkLimit(path, found.size, most, 'bytes');
    return await readFile(path);
  } catch (error) {
    throw error instanceof Error && 'remedy' in error ? error : unreadable(path, error);
  }
}
