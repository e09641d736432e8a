import { execFile } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { CnnbenchError, messageOf } from '../core/errors.js';
import type { CatalogEntry, DebianPackage } from './catalog-entry.js';
import { CACHE_REMEDY } from './download.js';
import { inspectFiles } from './inspect.js';
import { locateFiles } from './locate.js';

/** Runs a program without a shell and resolves when it ended with 0. */
export type Execute = (
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly signal?: AbortSignal | undefined },
) => Promise<void>;

export interface DebianOptions {
  /** Replaces the programs of this machine. */
  readonly execute?: Execute | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** No answer for ten seconds ends the attempt: in a closed network it must not take minutes. */
const APT_OPTIONS = ['Acquire::Retries=0', 'Acquire::http::Timeout=10', 'Acquire::https::Timeout=10'];
/** How the names of folders begin that packages are unpacked in. */
export const SCRATCH = 'apt-';

const BY_HAND = 'Download the files by hand (see docs/data.md).';

const PROGRAM_TIMEOUT_MS = 300_000;

/** Runs a program of this machine. */
const executeProgram: Execute = async (program, args, { cwd, signal }) => {
  await promisify(execFile)(program, [...args], { cwd, timeout: PROGRAM_TIMEOUT_MS, ...(signal && { signal }) });
};

/** The line of a program's error output that says what was wrong, or why it could not be started. */
function reasonOf(program: string, error: unknown): string {
  const { code, stderr } = error as { code?: unknown; stderr?: unknown };
  if (code === 'ENOENT') return `${program} is not installed`;
  const lines = typeof stderr === 'string' ? stderr.split('\n').filter((line) => line.startsWith('E:')) : [];
  return lines.at(-1)?.slice(2).trim() ?? messageOf(error).split('\n')[0] ?? 'unknown';
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  { execute = executeProgram, signal }: DebianOptions,
): Promise<void> {
  try {
    await execute(program, args, { cwd, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new CnnbenchError('E_DATA_DOWNLOAD', `${program} failed: ${reasonOf(program, error)}.`, BY_HAND, {
      cause: error,
    });
  }
}

/** A link, or a file below one, is somebody else's: moving it would take it from where it belongs. */
async function refuseLink(path: string, scratch: string, name: string): Promise<void> {
  const inPlace = join(await realpath(scratch), relative(scratch, path));
  if ((await lstat(path)).isFile() && (await realpath(path)) === inPlace) return;
  const message = `The Debian package ${name} has a link in the place of ${basename(path)}.`;
  throw new CnnbenchError('E_DATA_DIGEST', message, BY_HAND);
}

/**
 * Fetches a data set's Debian package and takes its files into `folder`, without installing anything: no root needed.
 *
 * @throws E_DATA_DOWNLOAD, E_DATA_DIGEST, E_WRITE; the reason of `signal` when that is aborted
 */
export async function fetchDebianPackage(
  entry: CatalogEntry,
  { name, folder: inside }: DebianPackage,
  folder: string,
  options: DebianOptions = {},
): Promise<void> {
  let scratch: string | undefined;
  try {
    await mkdir(folder, { recursive: true });
    scratch = await mkdtemp(join(folder, SCRATCH));
    const aptOptions = APT_OPTIONS.flatMap((option) => ['-o', option]);
    await run('apt-get', [...aptOptions, 'download', name], scratch, options);
    const archive = (await readdir(scratch)).find((file) => file.endsWith('.deb'));
    if (archive === undefined) {
      throw new CnnbenchError('E_DATA_DOWNLOAD', `apt-get did not download ${name}.`, BY_HAND);
    }
    await run('dpkg-deb', ['-x', `./${archive}`, 'content'], scratch, options);
    const located = await locateFiles(entry, join(scratch, 'content', inside));
    const reports = await inspectFiles(entry, located?.files ?? []);
    if (located?.missing.length !== 0 || reports.some(({ status }) => status !== 'official')) {
      const message = `The Debian package ${name} does not contain the official files of ${entry.title}.`;
      throw new CnnbenchError('E_DATA_DIGEST', message, BY_HAND);
    }
    for (const { path } of reports) await refuseLink(path, scratch, name);
    for (const { path } of reports) await rename(path, join(folder, basename(path)));
  } catch (error) {
    if (error instanceof CnnbenchError || options.signal?.aborted) throw error;
    throw new CnnbenchError('E_WRITE', `${folder} cannot be written: ${messageOf(error)}.`, CACHE_REMEDY, {
      cause: error,
    });
  } finally {
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
}
