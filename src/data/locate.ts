import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CnnbenchError, messageOf } from '../core/errors.js';
import type { CatalogEntry } from './catalog-entry.js';
import type { LocatedFile } from './contents.js';

/** Files of a data set in one folder. */
export interface Located {
  readonly folder: string;
  /** In canonical order. */
  readonly files: readonly LocatedFile[];
  /** Canonical names of the files that are not there. */
  readonly missing: readonly string[];
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    const remedy = 'Check that the folder is readable.';
    throw new CnnbenchError('E_DATA_READ', `${path} cannot be read: ${messageOf(error)}.`, remedy, { cause: error });
  }
}

/** `T10K-images.idx3-ubyte` is what some programs make of `t10k-images-idx3-ubyte` when they unpack it. */
function canonical(name: string): string {
  return name.toLowerCase().replace('.idx', '-idx');
}

/** Names that a file may have in a folder: as it is published first, then others that mean the same. */
function namesOf(name: string, present: readonly string[]): string[] {
  return [name, ...present.filter((other) => other !== name && canonical(other) === canonical(name))];
}

async function locateLoose(entry: CatalogEntry, folder: string, ignored: ReadonlySet<string>): Promise<Located> {
  const files: LocatedFile[] = [];
  const missing: string[] = [];
  // What cannot be listed may still hold files whose names are known.
  const present = (await readdir(folder).catch((): string[] => [])).sort();
  for (const file of entry.files) {
    const candidates = (['raw', 'gzip'] as const).flatMap((container) =>
      namesOf(container === 'raw' ? file.name : `${file.name}.gz`, present).map((name) => ({
        path: join(folder, name),
        container,
      })),
    );
    let found: LocatedFile | undefined;
    for (const { path, container } of candidates) {
      if (found === undefined && !ignored.has(path) && (await isFile(path))) found = { file, path, container };
    }
    if (found === undefined) missing.push(file.name);
    else files.push(found);
  }
  return { folder, files, missing };
}

/**
 * Looks for a data set's files in a folder and in its usual subfolders: the published names, with or without .gz and in
 * whatever case, or the official archive. The first complete set wins; else the first folder with any file of it.
 *
 * @param ignored paths to leave out of consideration
 * @throws E_DATA_READ when a folder may not be looked into
 */
export async function locateFiles(
  entry: CatalogEntry,
  folder: string,
  ignored: ReadonlySet<string> = new Set(),
): Promise<Located | undefined> {
  const folders = [folder, ...entry.subfolders.map((name) => join(folder, name))];
  let partial: Located | undefined;
  for (const candidate of folders) {
    const located = await locateLoose(entry, candidate, ignored);
    if (located.missing.length === 0) return located;
    if (located.files.length > 0) partial ??= located;
  }
  for (const candidate of entry.archive === undefined ? [] : folders) {
    const path = join(candidate, (entry.archive as { name: string }).name);
    if (ignored.has(path) || !(await isFile(path))) continue;
    return { folder: candidate, files: entry.files.map((file) => ({ file, path, container: 'tar.gz' })), missing: [] };
  }
  return partial;
}
