import { join, resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { acquireDataset, type AcquireOptions, type Failure } from './acquire.js';
import { describeRejections, findOfficial } from './candidates.js';
import type { CatalogEntry } from './catalog-entry.js';
import { identityOf, inspectFiles, isOfAnotherSet, type BrokenFile, type FileReport } from './inspect.js';
import { locateFiles } from './locate.js';
import type { BuiltInSource, FileSource } from './source.js';
import { hasStandIn, standInIdentity } from './stand-in/stand-in.js';

/** Where data may come from. */
export interface PlaceOptions {
  /** Folder named by the user; looked at first. */
  readonly dataDir?: string | undefined;
  /** Folder of downloads: see cacheDirectory. */
  readonly cacheDir: string;
  /** Replaces the catalog's folders of system packages. */
  readonly systemDirs?: readonly string[] | undefined;
}

export interface ResolveOptions extends PlaceOptions, AcquireOptions {
  /** Whether the network may be used. */
  readonly allowDownload: boolean;
  /** Whether a data set that cannot be had is replaced by drawn images; else it is an error. */
  readonly allowStandIn: boolean;
}

/** What a folder that the user named holds of a data set. */
export interface NamedFiles {
  readonly folder: string;
  /** In canonical order, without the missing ones. */
  readonly files: readonly FileReport[];
  readonly missing: readonly string[];
}

/**
 * Looks into the folder that the user named.
 *
 * @returns undefined when it holds no file of the data set
 * @throws E_DATA_DIR when it is no folder, E_DATA_READ when it may not be looked into
 */
export async function inspectDataDir(entry: CatalogEntry, dataDir: string): Promise<NamedFiles | undefined> {
  const remedy = 'Set --data-dir (or CNNBENCH_DATA) to the folder with the data sets, or omit it.';
  const isFolder = await stat(dataDir).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      throw new CnnbenchError('E_DATA_DIR', `The data folder cannot be used: ${messageOf(error)}.`, remedy, {
        cause: error,
      });
    },
  );
  if (!isFolder) throw new CnnbenchError('E_DATA_DIR', `The data folder ${dataDir} is not a folder.`, remedy);
  const others = new Set<string>();
  for (;;) {
    const located = await locateFiles(entry, resolve(dataDir), others);
    if (located === undefined) return undefined;
    const files = await inspectFiles(entry, located.files);
    const before = others.size;
    for (const report of files) if (await isOfAnotherSet(entry, report)) others.add(report.path);
    if (others.size === before) return { folder: located.folder, files, missing: located.missing };
  }
}

interface OfficialFolder {
  readonly label: 'cache' | 'system folder';
  readonly folder: string;
}

/** Folders of official data that nobody names, in the order in which they are looked at. */
export function officialFolders(entry: CatalogEntry, options: PlaceOptions): OfficialFolder[] {
  const system = options.systemDirs ?? entry.systemDirs;
  return [
    { label: 'cache', folder: join(resolve(options.cacheDir), entry.name) },
    ...system.map((folder) => ({ label: 'system folder' as const, folder: resolve(folder) })),
  ];
}

function fileSource(
  entry: CatalogEntry,
  origin: string,
  reports: readonly Exclude<FileReport, BrokenFile>[],
): FileSource {
  const { name, imageShape, classes, archive, labels } = entry;
  const files = entry.files.flatMap(({ role, name: file, split, format, count, bytes }) => {
    const { path, container, sha256 } = reports.find((report) => report.role === role) ?? {};
    if (path === undefined || container === undefined || sha256 === undefined) return [];
    return [{ role, path, container, sha256, name: file, split, format, count, bytes }];
  });
  const form = {
    imageShape,
    classes,
    ...(archive && { archive: { maxInflatedBytes: archive.maxInflatedBytes } }),
    ...(labels && { labels }),
  };
  return { kind: 'files', name, origin, ...form, files, identity: identityOf(entry, reports) };
}

/** The data set in the user's folder. What is wrong with it is an error: the user asked for these files. */
async function fromDataDir(entry: CatalogEntry, dataDir: string): Promise<FileSource | undefined> {
  const named = await inspectDataDir(entry, dataDir);
  if (named === undefined) return undefined;
  const intact: Exclude<FileReport, BrokenFile>[] = [];
  for (const report of named.files) {
    if (report.status === 'broken') {
      throw new CnnbenchError(report.problem.code, report.problem.message, report.problem.remedy);
    }
    intact.push(report);
  }
  if (named.missing.length > 0) {
    throw new CnnbenchError(
      'E_DATA_DIR',
      `${named.folder} has only part of ${entry.title}: ${named.missing.join(', ')} is missing.`,
      'Add the missing files, or use a folder without files of this data set.',
    );
  }
  return fileSource(entry, `data folder ${named.folder}`, intact);
}

function noticeOf(entry: CatalogEntry, source: FileSource): string | undefined {
  const { provenance, note } = source.identity;
  if (provenance === 'known-variant') return `${entry.title}: known variant (${note ?? ''}), from the ${source.origin}`;
  if (provenance === 'unknown') return `${entry.title}: unrecognised data files, from the ${source.origin}`;
  return undefined;
}

function unavailable(entry: CatalogEntry, tried: readonly Failure[]): CnnbenchError {
  const lines = tried.flatMap(({ what, remedy }) => [
    `  - ${what}`,
    ...(remedy === undefined ? [] : [`    ${remedy}`]),
  ]);
  return new CnnbenchError(
    'E_DATA_UNAVAILABLE',
    `${entry.title} is not available. Tried:\n${lines.join('\n')}`,
    'Run "cnnbench data pull" with a network connection, or put the files into a folder and use --data-dir (docs/data.md lists them).',
  );
}

/**
 * Finds a data set: the user's folder, the cache, the system's folders, the download, the Debian package; else a
 * stand-in. Every file found is hashed. Files that are not the official ones are used only from the user's folder.
 *
 * @throws E_DATA_DIR, E_DATA_READ and the codes of the readers when the user's folder is not usable;
 *   E_DATA_UNAVAILABLE when nothing can be had and no stand-in is allowed; the reason of `signal` when that is aborted
 */
export async function resolveDataset(entry: CatalogEntry, options: ResolveOptions): Promise<BuiltInSource> {
  const tried: Failure[] = [];
  // The user asked for files of the folder, and gets others.
  const instead = (source: FileSource): FileSource => {
    if (options.dataDir !== undefined) {
      options.onNotice?.(`${entry.title}: not in the data folder ${options.dataDir}; taken from the ${source.origin}`);
    }
    return source;
  };
  if (options.dataDir !== undefined) {
    const source = await fromDataDir(entry, options.dataDir);
    if (source !== undefined) {
      const notice = noticeOf(entry, source);
      if (notice !== undefined) options.onNotice?.(notice);
      return source;
    }
    tried.push({ what: `data folder ${options.dataDir}: no files of ${entry.title}` });
  }
  for (const { label, folder } of officialFolders(entry, options)) {
    const found = await findOfficial(entry, folder);
    for (const line of describeRejections(found.rejected)) options.onNotice?.(`ignored: ${line}`);
    if (found.complete) return instead(fileSource(entry, `${label} ${folder}`, found.files));
    tried.push({ what: `${label}: ${found.reason}` });
  }
  options.signal?.throwIfAborted();
  if (options.allowDownload) {
    const acquired = await acquireDataset(entry, resolve(options.cacheDir), options);
    if (acquired.files !== undefined) return instead(fileSource(entry, acquired.origin, acquired.files));
    tried.push(...acquired.failures);
  } else {
    tried.push({
      what: 'download: disabled by --offline or CNNBENCH_OFFLINE',
      remedy: 'Run the command without them.',
    });
  }
  const { standIn: name = entry.name } = entry;
  if (!options.allowStandIn || !hasStandIn(name)) throw unavailable(entry, tried);
  options.onNotice?.(
    `${entry.title} is not available (${tried.map(({ what }) => what).join('; ')}): using stand-in images`,
  );
  return { kind: 'stand-in', name, origin: 'generated by cnnbench', identity: standInIdentity(name) };
}
