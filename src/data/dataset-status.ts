import type { DatasetName } from '../core/dataset.js';
import { CnnbenchError } from '../core/errors.js';
import { findOfficial } from './candidates.js';
import { isOfDeck, type CatalogEntry, type DeckDataset, type LedgerDataset } from './catalog-entry.js';
import { pixelsDigest } from './deck/read.js';
import { entryOf, readFilesOf, resolveData } from './deck/resolve.js';
import type { FileReport } from './inspect.js';
import { inspectDataDir, officialFolders, type PlaceOptions, type ResolveOptions } from './resolve.js';
import type { DataSource } from './source.js';

/** What one place holds of a data set. */
interface PlaceStatus {
  readonly place: 'data folder' | 'cache' | 'system folder' | 'deck';
  readonly folder: string;
  /** Every file found, with its digest or what is wrong with it. */
  readonly files: readonly FileReport[];
  /** Whether a run could train on what is here. */
  readonly usable: boolean;
  /** Why not; absent when it could. */
  readonly reason?: string;
}

/** What the files of a deck hold. */
interface DecodedData {
  readonly imageShape: readonly number[];
  readonly classes: readonly string[];
  readonly train: number;
  readonly test: number;
  /** Of pixels and labels. */
  readonly sha256: string;
}

/** Where a data set is and where a run would take it from. Plain JSON. */
export interface DatasetStatus {
  readonly name: DatasetName;
  readonly title: string;
  /** In the order in which a run looks at them. */
  readonly places: readonly PlaceStatus[];
  /**
   * Index in `places` of the one a run would use. Absent when it would have to fetch the data, or when it would stop
   * because the data folder holds files of the data set that are not usable.
   */
  readonly uses?: number;
  /** Of a deck's files: what they are decoded to, and the digest that a deck may state. */
  readonly decoded?: DecodedData;
  /** What a run would fetch, if nothing is at hand. */
  readonly downloads: readonly { readonly url: string; readonly bytes: number; readonly sha256: string }[];
}

async function dataDirStatus(entry: CatalogEntry, dataDir: string): Promise<PlaceStatus> {
  const named = await inspectDataDir(entry, dataDir);
  const place = { place: 'data folder', folder: named?.folder ?? dataDir, files: named?.files ?? [] } as const;
  if (named === undefined) return { ...place, usable: false, reason: `no files of ${entry.title}` };
  const broken = named.files.find((file) => file.status === 'broken');
  if (broken !== undefined) return { ...place, usable: false, reason: broken.problem.message };
  if (named.missing.length > 0) return { ...place, usable: false, reason: `it lacks ${named.missing.join(', ')}` };
  return { ...place, usable: true };
}

/**
 * Reads and hashes every file of the data sets that is at hand. No network.
 *
 * @throws E_DATA_DIR when the data folder is no folder, E_DATA_READ when it may not be looked into
 */
export async function listData(datasets: readonly LedgerDataset[], options: PlaceOptions): Promise<DatasetStatus[]> {
  const statuses: DatasetStatus[] = [];
  for (const dataset of datasets) {
    const { name, title } = dataset;
    const entry = isOfDeck(dataset) ? entryOf(dataset) : dataset;
    const status =
      entry === undefined ? await deckStatus(dataset as DeckDataset, options) : await builtInStatus(entry, options);
    statuses.push({ name, title, ...status });
  }
  return statuses;
}

type StatusOfPlaces = Omit<DatasetStatus, 'name' | 'title'>;

async function builtInStatus(entry: CatalogEntry, options: PlaceOptions): Promise<StatusOfPlaces> {
  const places: PlaceStatus[] = [];
  if (options.dataDir !== undefined) places.push(await dataDirStatus(entry, options.dataDir));
  for (const { label, folder } of officialFolders(entry, options)) {
    const { files, complete, rejected, reason } = await findOfficial(entry, folder);
    const status = { place: label, folder, files: [...files, ...rejected], usable: complete };
    places.push(complete ? status : { ...status, reason });
  }
  const uses = places.findIndex(({ place, files, usable }) => usable || (place === 'data folder' && files.length > 0));
  const downloads = entry.downloads.map(({ url, bytes, sha256 }) => ({ url, bytes, sha256 }));
  return { places, ...(places[uses]?.usable && { uses }), downloads };
}

/** Reads all files of a deck's data. What is wrong with them is why they are not usable. */
async function deckStatus(dataset: DeckDataset, options: PlaceOptions): Promise<StatusOfPlaces> {
  const place = { place: 'deck', folder: dataset.folder, files: [] } as const;
  try {
    const read = await readFilesOf(dataset, options);
    const { imageShape, classes, train, test } = read;
    const decoded = { imageShape, classes, train: train.count, test: test.count, sha256: pixelsDigest(read) };
    return { places: [{ ...place, usable: true }], uses: 0, decoded, downloads: [] };
  } catch (error) {
    if (!(error instanceof CnnbenchError)) throw error;
    return { places: [{ ...place, usable: false, reason: error.message }], downloads: [] };
  }
}

/** The outcome of `verifyData`. */
export interface Verification {
  /** Whether every file found is official or a known variant, and a deck's files are usable. Finding nothing is no failure. */
  readonly ok: boolean;
  /** Number of files hashed. */
  readonly files: number;
  readonly datasets: readonly DatasetStatus[];
}

/**
 * Hashes everything found again and judges it.
 *
 * @throws as listData
 */
export async function verifyData(entries: readonly LedgerDataset[], options: PlaceOptions): Promise<Verification> {
  const datasets = await listData(entries, options);
  const files = datasets.flatMap(({ places }) => places.flatMap((place) => place.files));
  const broken = datasets.some(({ places }) => places.some(({ place, usable }) => place === 'deck' && !usable));
  const ok = !broken && files.every(({ status }) => status === 'official' || status === 'known-variant');
  return { ok, files: files.length, datasets };
}

/**
 * Makes a data set available offline: nothing to do when the cache or a system folder holds it, else it is fetched
 * into the cache. The user's data folder plays no part.
 *
 * @throws E_DATA_UNAVAILABLE naming every way that failed; the reason of `signal` when that is aborted
 */
export async function pullData(
  dataset: LedgerDataset,
  options: Omit<ResolveOptions, 'dataDir' | 'allowStandIn'>,
): Promise<DataSource> {
  try {
    return await resolveData(dataset, { ...options, allowStandIn: false, dataDir: undefined });
  } catch (error) {
    if (!(error instanceof CnnbenchError) || error.code !== 'E_DATA_UNAVAILABLE') throw error;
    const remedy =
      'Follow the remedies above, or download the files by hand, on any machine (see docs/data.md), and run with --data-dir or CNNBENCH_DATA.';
    throw new CnnbenchError(error.code, error.message, remedy, { cause: error });
  }
}
