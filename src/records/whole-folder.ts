import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CnnbenchError, messageOf } from '../core/errors.js';

/** What a folder that is to be made holds already; nothing where it is not there. @throws CnnbenchError E_OUT_UNWRITABLE */
export async function namesIn(target: string): Promise<readonly string[]> {
  return readdir(target).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new CnnbenchError('E_OUT_UNWRITABLE', `cannot use ${target}: ${messageOf(error)}`, 'Name another --out.');
  });
}

/**
 * Makes a folder that is there as a whole or not at all: it is filled under a temporary name beside its place.
 *
 * @param fill writes into the folder whose path it is given
 * @param replaces whether it takes the place of one that has something in it; else that is an error
 * @throws CnnbenchError E_WRITE, and what `fill` throws; the temporary folder is removed
 */
export async function writeWholeFolder(
  target: string,
  fill: (folder: string) => Promise<void>,
  { replaces }: { readonly replaces: boolean },
): Promise<void> {
  const parent = dirname(resolve(target));
  const staged = join(parent, `.${basename(resolve(target))}.${process.pid}.tmp`);
  try {
    await mkdir(parent, { recursive: true });
    await mkdir(staged);
    await fill(staged);
    await (replaces ? replace(target, staged) : rename(staged, target));
  } catch (error) {
    if (error instanceof CnnbenchError) throw error;
    const remedy = 'Make room, or name another folder with --out.';
    throw new CnnbenchError('E_WRITE', `could not write ${target}: ${messageOf(error)}`, remedy, { cause: error });
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** The old folder is set aside first, because a folder does not replace one that has something in it. */
async function replace(target: string, staged: string): Promise<void> {
  const old = `${staged}.old`;
  const wasThere = await rename(target, old).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(staged, target);
  } catch (error) {
    if (wasThere) await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}
