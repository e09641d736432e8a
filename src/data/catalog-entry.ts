import type { DatasetName } from '../core/dataset.js';
import type { DeckData } from '../core/deck-data.js';

/** A content that is not the official one and is known for what it is. */
interface KnownVariant {
  /** SHA-256 of the decompressed content. */
  readonly sha256: string;
  /** What is different about it, as printed with every result. */
  readonly note: string;
}

/** What a file of a data set is, and in which form. */
export interface FileForm {
  /** What the file is to the data set, unique within it. */
  readonly role: string;
  /** Canonical name of the decompressed file. */
  readonly name: string;
  readonly split: 'train' | 'test';
  readonly format: 'idx-images' | 'idx-labels' | 'cifar-batch' | 'cifar-100-batch';
  /** Images (or labels) in the file. */
  readonly count: number;
  /** Length of the decompressed content, bytes. */
  readonly bytes: number;
}

/** One canonical file of a data set. */
export interface CatalogFile extends FileForm {
  /** SHA-256 of the official decompressed content. Absent where nobody published it: the file is known by that of its download. */
  readonly sha256?: string;
  readonly variants: readonly KnownVariant[];
}

/** A file of the official release as it is downloaded. */
export interface CatalogDownload {
  /** Name in the cache. */
  readonly name: string;
  readonly url: string;
  /** Hosts that the one of `url` redirects to. Absent: it answers itself. */
  readonly redirectHosts?: readonly string[];
  readonly bytes: number;
  /** SHA-256 of the downloaded bytes, compression included. */
  readonly sha256: string;
}

/** A Debian package that installs the files. */
export interface DebianPackage {
  readonly name: string;
  /** Folder of the files within the package, relative to the root. */
  readonly folder: string;
}

/** All that is known about where a data set comes from and how its files are recognised. */
export interface CatalogEntry {
  readonly name: DatasetName;
  readonly title: string;
  readonly imageShape: readonly [height: number, width: number, channels: number];
  readonly classes: readonly string[];
  /** In canonical order: the order of the fingerprint, and of the images within a split. */
  readonly files: readonly CatalogFile[];
  /** The archive that holds all files, if the release has one. */
  readonly archive?: { readonly name: string; readonly maxInflatedBytes: number };
  /** Folders below a data folder in which the files usually lie. */
  readonly subfolders: readonly string[];
  /** Folders in which a system package installs the files. */
  readonly systemDirs: readonly string[];
  readonly downloads: readonly CatalogDownload[];
  readonly debianPackage?: DebianPackage;
  /** Which of the two labels of CIFAR-100 is meant. Default: the fine one. */
  readonly labels?: 'coarse';
  /** What is drawn in its place. Default: its own name. */
  readonly standIn?: string;
}

/** The data set of a deck, and where the deck is. */
export interface DeckDataset {
  readonly name: DatasetName;
  readonly title: string;
  readonly data: DeckData;
  /** The folder of the deck, absolute: paths of the data are below it. */
  readonly folder: string;
}

/** What a ledger knows of a data set. */
export type LedgerDataset = CatalogEntry | DeckDataset;

export function isOfDeck(dataset: LedgerDataset): dataset is DeckDataset {
  return 'data' in dataset;
}

/** The set as a ledger has it. @param folder of the deck, absolute */
export function deckDataset(data: DeckData, folder: string): DeckDataset {
  return { name: data.name, title: data.title, data, folder };
}
