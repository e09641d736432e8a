import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { waitForLock, type FileLock } from '../files/lock.js';
import { findOfficial } from './candidates.js';
import type { CatalogEntry } from './catalog-entry.js';
import { fetchDebianPackage, SCRATCH, type DebianOptions } from './debian.js';
import { CACHE_REMEDY, downloadFile, type DownloadOptions } from './download.js';
import type { OfficialFile } from './inspect.js';

export interface AcquireOptions extends DownloadOptions, DebianOptions {
  /** Gets one line for what a user should know. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/** A place or a way that did not give a data set. */
export interface Failure {
  /** One line, without a full stop. */
  readonly what: string;
  /** What the user can do about it. */
  readonly remedy?: string;
}

/** A data set that was fetched, or why each way of fetching it failed. */
export type Acquired =
  | { readonly files: readonly OfficialFile[]; readonly origin: string }
  | { readonly files?: undefined; readonly failures: readonly Failure[] };

/** Downloads the official files that the cache lacks. */
async function download(entry: CatalogEntry, folder: string, options: AcquireOptions): Promise<void> {
  const have = new Set((await findOfficial(entry, folder)).files.map(({ name }) => `${name}.gz`));
  for (const file of entry.downloads) {
    if (have.has(file.name)) continue;
    options.onNotice?.(`downloading ${file.url} (${(file.bytes / 1e6).toFixed(1)} MB)`);
    await downloadFile(file, folder, options);
  }
}

/** The ways to fetch a data set, in the order in which they are tried. */
function waysTo(entry: CatalogEntry): {
  label: string;
  fetch: (folder: string, options: AcquireOptions) => Promise<void>;
}[] {
  const { debianPackage } = entry;
  const official = {
    label: 'download',
    fetch: (folder: string, options: AcquireOptions) => download(entry, folder, options),
  };
  if (debianPackage === undefined) return [official];
  const debian = {
    label: `Debian package ${debianPackage.name}`,
    fetch: async (folder: string, options: AcquireOptions) => {
      options.onNotice?.(`downloading the Debian package ${debianPackage.name}`);
      await fetchDebianPackage(entry, debianPackage, folder, options);
    },
  };
  return [official, debian];
}

/**
 * Fetches a data set into the cache: the official download, else the Debian package. One process at a time does; one that waited for
 * another takes what that brought.
 *
 * @returns the official files in the cache, or why each way failed
 * @throws the reason of `signal` when that is aborted
 */
export async function acquireDataset(
  entry: CatalogEntry,
  cacheDir: string,
  options: AcquireOptions = {},
): Promise<Acquired> {
  let lock: FileLock;
  try {
    await mkdir(cacheDir, { recursive: true });
    const onWait = () => options.onNotice?.(`waiting for another process that is downloading ${entry.title}`);
    lock = await waitForLock(join(cacheDir, `${entry.name}.lock`), { signal: options.signal, onWait });
  } catch (error) {
    options.signal?.throwIfAborted();
    return { failures: [{ what: `cache: ${cacheDir} cannot be written: ${messageOf(error)}`, remedy: CACHE_REMEDY }] };
  }
  try {
    return await acquire(entry, join(cacheDir, entry.name), options);
  } finally {
    lock.release();
  }
}

async function acquire(entry: CatalogEntry, folder: string, options: AcquireOptions): Promise<Acquired> {
  const brought = await findOfficial(entry, folder);
  if (brought.complete) return { files: brought.files, origin: `cache ${folder}` };
  await removeScratch(folder);
  const failures: Failure[] = [];
  for (const { label, fetch } of waysTo(entry)) {
    try {
      await fetch(folder, options);
      const found = await findOfficial(entry, folder);
      if (found.complete) return { files: found.files, origin: `cache ${folder} (${label})` };
      failures.push({ what: `${label}: ${found.reason}` });
    } catch (error) {
      if (!(error instanceof CnnbenchError)) throw error;
      failures.push({ what: `${label}: ${error.message.replace(/\.$/, '')}`, remedy: error.remedy });
    }
  }
  return { failures };
}

/** What a process unpacked there that was killed. */
async function removeScratch(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => name.startsWith(SCRATCH));
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
