import { copyFile, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import { readManifest, writeManifest } from '../../records/run-directory.js';
import { recordPath } from '../../records/store.js';
import { summarizeDirectory, writeReports, type Run } from '../reports.js';
import { portableCommand } from './portable-command.js';

/**
 * Refuses a folder that holds something else than this run, before anything is written.
 *
 * @throws CnnbenchError E_OUT_FOREIGN
 */
export async function refuseForeignFolder(run: Run, target: string): Promise<void> {
  const names = await readdir(target).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new CnnbenchError('E_OUT_UNWRITABLE', `cannot use ${target}: ${messageOf(error)}`, 'Name another --out.');
  });
  if (names.length === 0) return;
  const there = await readManifest(target);
  if (there?.id === run.manifest.id) return;
  throw new CnnbenchError(
    'E_OUT_FOREIGN',
    there === undefined
      ? `${target} is not empty and holds no cnnbench run`
      : `${target} holds another run, ${there.id}; ${run.directory} is ${run.manifest.id}`,
    'Name another folder with --out.',
  );
}

/**
 * Puts the records of a run into a folder of their own, with summary, report and curves as this version writes them, and
 * without the folders of this machine in its command. The folder is there as a whole or not at all; an earlier copy of the
 * same run is replaced. A run that lies there itself only gets its reports again.
 *
 * @throws CnnbenchError E_WRITE, E_OUT_UNWRITABLE
 */
export async function copyRun(run: Run, target: string): Promise<void> {
  if (await isSame(run.directory, target)) {
    await writeReports(target, await summarizeDirectory(target));
    return;
  }
  const parent = dirname(resolve(target));
  const staged = join(parent, `.${basename(target)}.${process.pid}.tmp`);
  try {
    await mkdir(parent, { recursive: true });
    await mkdir(staged);
    await fill(run, staged);
    await replace(target, staged);
  } catch (error) {
    if (error instanceof CnnbenchError) throw error;
    const remedy = 'Make room, or name another folder with --out.';
    throw new CnnbenchError('E_WRITE', `could not write ${target}: ${messageOf(error)}`, remedy, { cause: error });
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function fill({ directory, manifest, records }: Run, folder: string): Promise<void> {
  await mkdir(join(folder, 'records'));
  for (const { cell } of records) await copyFile(recordPath(directory, cell), recordPath(folder, cell));
  await writeManifest(folder, { ...manifest, command: portableCommand(manifest.command) });
  await writeReports(folder, await summarizeDirectory(folder));
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

async function isSame(left: string, right: string): Promise<boolean> {
  const there = await realpath(right).catch(() => undefined);
  return there !== undefined && there === (await realpath(left));
}
