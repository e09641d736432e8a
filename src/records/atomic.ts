import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CnnbenchError, messageOf } from '../core/errors.js';

/**
 * Writes a file so that a reader, or a crash, sees either the old content or the new one: temporary file in the same
 * folder, fsync, rename, fsync of the folder.
 *
 * @throws CnnbenchError E_WRITE; the temporary file is removed
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    const folder = await open(dirname(path), 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new CnnbenchError(
      'E_WRITE',
      `could not write ${path}: ${messageOf(error)}`,
      'Free disk space or choose another folder with --out, then run the same command: finished cells are kept.',
      { cause: error },
    );
  }
}
