import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { hasProcess } from '../files/process-identity.js';
import { steadily } from '../files/steadily.js';
import { syncToDisk } from '../files/sync.js';

/** Names of temporary files: of the file that it was to become, something of its own, then the number of the process. */
const TEMPORARY = /\.(\d+)\.tmp$/;

/** Whether a name is that of a file which was never finished, or is being written. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Removes what processes that are gone did not finish in a folder. It may be missing. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const left = entries.filter((entry) => entry.isFile() && isTemporary(entry.name) && !isBeingWritten(entry.name));
  await Promise.all(left.map(({ name }) => rm(join(folder, name), { force: true })));
}

/** By another process that lives: it may be one that asks for the lock of the folder. */
function isBeingWritten(name: string): boolean {
  const pid = Number(TEMPORARY.exec(name)?.[1]);
  return pid !== process.pid && hasProcess(pid);
}

/**
 * Writes a file so that a reader, or a crash, sees either the old content or the new one: temporary file in the same
 * folder, fsync, rename, fsync of the folder.
 *
 * @throws CnnbenchError E_WRITE; the temporary file is removed
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  // Processes of several machines may have the same number.
  const temporary = `${path}.${randomBytes(4).toString('hex')}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await syncToDisk(file);
    } finally {
      await file.close();
    }
    await steadily(() => rename(temporary, path));
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new CnnbenchError(
      'E_WRITE',
      `could not write ${path}: ${messageOf(error)}`,
      'Free some space or choose another folder, then run the same command again: finished cells are kept.',
      { cause: error },
    );
  }
}

/** Makes the names in a folder survive a crash of the machine. Windows opens no folder, and keeps its names by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await syncToDisk(folder).finally(() => folder.close());
}
