import { resolve } from 'node:path';
import type { Dataset } from '../../core/dataset.js';
import { CnnbenchError } from '../../core/errors.js';
import { catalogEntry, CATALOG, COARSE_CIFAR_100 } from '../catalog.js';
import { isOfDeck, type CatalogEntry, type DeckDataset, type LedgerDataset } from '../catalog-entry.js';
import { resolveDataset, type PlaceOptions, type ResolveOptions } from '../resolve.js';
import type { DataSource, DeckSource } from '../source.js';
import { builtInIdentity, namesOf, preparedShape } from './built-in.js';
import { isInFiles, pixelsDigest, readDeckData } from './read.js';

/**
 * Finds the data of any data set of a ledger: a built-in one as docs/data.md says, a deck's files below the folder that the user names and
 * below the deck's own. Those files are all read, so that whatever is wrong with them is said before anything runs. Nothing
 * is drawn in their place.
 *
 * @throws the codes of `resolveDataset` and of the readers
 */
export async function resolveData(dataset: LedgerDataset, options: ResolveOptions): Promise<DataSource> {
  if (!isOfDeck(dataset)) return resolveDataset(dataset, options);
  return dataset.data.source.format === 'built-in' ? fromBuiltIn(dataset, options) : fromFiles(dataset, options);
}

/** The built-in set that a deck's data are. @throws E_USAGE where there is none of this name */
export function entryOf({ data: { source, title } }: DeckDataset): CatalogEntry | undefined {
  if (source.format !== 'built-in') return undefined;
  const entry = catalogEntry(source.set);
  if (entry === undefined) {
    const names = Object.keys(CATALOG).join(', ');
    throw new CnnbenchError(
      'E_USAGE',
      `${title}: there is no built-in data set "${source.set}".`,
      `Use one of: ${names}.`,
    );
  }
  if (source.labels === undefined) return entry;
  if (entry.name === COARSE_CIFAR_100.name) return COARSE_CIFAR_100;
  throw new CnnbenchError(
    'E_USAGE',
    `${title}: ${entry.title} has no coarse labels.`,
    'Omit them: only cifar-100 has them.',
  );
}

async function fromBuiltIn(dataset: DeckDataset, options: ResolveOptions): Promise<DeckSource> {
  const { data, name } = dataset;
  const entry = entryOf(dataset) as CatalogEntry;
  const classes = namesOf(data, entry.classes);
  const base = await resolveDataset(entry, options);
  return {
    kind: 'deck',
    name,
    origin: base.origin,
    data,
    folders: [],
    base,
    imageShape: preparedShape(data, entry.imageShape),
    classes,
    identity: builtInIdentity(data, base.identity),
  };
}

/** Where the files of a deck are looked for, in this order. */
function foldersOf({ folder }: DeckDataset, { dataDir }: Pick<PlaceOptions, 'dataDir'>): string[] {
  return [...(dataDir === undefined ? [] : [resolve(dataDir)]), resolve(folder)];
}

/** The data of a deck that are in files. @throws the codes of the readers */
export async function readFilesOf(dataset: DeckDataset, options: Pick<PlaceOptions, 'dataDir'>): Promise<Dataset> {
  const { data } = dataset;
  if (!isInFiles(data)) throw new TypeError('a built-in set is found elsewhere');
  return readDeckData(data, foldersOf(dataset, options));
}

async function fromFiles(entry: DeckDataset, options: ResolveOptions): Promise<DeckSource> {
  const { data, name } = entry;
  const { onNotice } = options;
  const folders = foldersOf(entry, options);
  const dataset = await readFilesOf(entry, options);
  const { identity, imageShape, classes, train, test } = dataset;
  if (identity.provenance === 'unknown') {
    onNotice?.(`${data.title}: other data than the deck was made with (their digest is ${pixelsDigest(dataset)})`);
  }
  if (isScaledTwice(dataset))
    onNotice?.(`${data.title}: its values are 0 to 1 already, and the deck divides them by 255`);
  return {
    kind: 'deck',
    name,
    origin: `files of the deck, in ${folders.join(' or ')}`,
    data,
    folders,
    imageShape,
    classes,
    counts: { train: train.count, test: test.count },
    identity,
  };
}

/** Floats that were divided already: a common slip, after which a network sees almost nothing. */
function isScaledTwice({ scale, train: { images } }: Dataset): boolean {
  return images instanceof Float32Array && scale?.divide === 255 && images.every((value) => value >= 0 && value <= 1);
}
