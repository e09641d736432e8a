import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { hasProcess } from '../files/process-identity.js';
import { steadily } from '../files/steadily.js';

/** What a folder that is to be made holds already; nothing where it is not there. @throws CnnbenchError E_OUT_UNWRITABLE */
export async function namesIn(target: string): Promise<readonly string[]> {
  return readdir(target).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new CnnbenchError('E_OUT_UNWRITABLE', `cannot use ${target}: ${messageOf(error)}`, 'Choose another --out.');
  });
}

/**
 * Makes a folder that is there as a whole or not at all: it is filled under a temporary name beside its place. What processes
 * that were killed left of theirs beside it is removed.
 *
 * @param fill writes into the folder whose path it is given
 * @param replaces whether it takes the place of one that has something in it; else that is an error
 * @returns what `fill` does
 * @throws CnnbenchError E_WRITE, and what `fill` throws; the temporary folder is removed
 */
export async function writeWholeFolder<Result>(
  target: string,
  fill: (folder: string) => Promise<Result>,
  { replaces }: { readonly replaces: boolean },
): Promise<Result> {
  const parent = dirname(resolve(target));
  const staged = join(parent, `${stagedPrefix(target)}${process.pid}.tmp`);
  try {
    await mkdir(parent, { recursive: true });
    await mkdir(staged);
    const result = await fill(staged);
    await (replaces ? replace(target, staged) : steadily(() => rename(staged, target)));
    await removeAbandoned(target);
    return result;
  } catch (error) {
    if (error instanceof CnnbenchError) throw error;
    const remedy = 'Free some space, or choose another folder with --out.';
    throw new CnnbenchError('E_WRITE', `could not write ${target}: ${messageOf(error)}`, remedy, { cause: error });
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** Only once the folder is there: what was set aside for a killed replacement may be the last copy until then. */
async function removeAbandoned(target: string): Promise<void> {
  const parent = dirname(resolve(target));
  const prefix = stagedPrefix(target);
  const left = (await readdir(parent)).filter((name) => {
    const pid = name.startsWith(prefix) ? /^(\d+)\.tmp(\.old)?$/.exec(name.slice(prefix.length))?.[1] : undefined;
    return pid !== undefined && !hasProcess(Number(pid));
  });
  await Promise.all(left.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

function stagedPrefix(target: string): string {
  return `.${basename(resolve(target))}.`;
}

/** The old folder is set aside first, because a folder does not replace one that has something in it. */
async function replace(target: string, staged: string): Promise<void> {
  const old = `${staged}.old`;
  const wasThere = await steadily(() => rename(target, old)).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await steadily(() => rename(staged, target));
  } catch (error) {
    if (wasThere) await steadily(() => rename(old, target));
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}
