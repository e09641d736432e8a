import { isOfDeck, type CatalogDownload, type CatalogEntry, type LedgerDataset } from './catalog-entry.js';
import { CIFAR_10, CIFAR_100, CIFAR_100_SUPERCLASSES } from './sets/cifar.js';
import { FASHION_MNIST, KMNIST, MNIST } from './sets/mnist.js';

export type { CatalogEntry } from './catalog-entry.js';

/** The built-in data sets. Where each digest comes from: docs/data.md. */
export const CATALOG = {
  'fashion-mnist': FASHION_MNIST,
  'cifar-10': CIFAR_10,
  mnist: MNIST,
  kmnist: KMNIST,
  'cifar-100': CIFAR_100,
} as const satisfies Readonly<Record<string, CatalogEntry>>;

/** The built-in set of a name, or nothing. */
export function catalogEntry(name: string): CatalogEntry | undefined {
  return Object.values<CatalogEntry>(CATALOG).find((entry) => entry.name === name);
}

/** CIFAR-100 with its twenty superclasses. */
export const COARSE_CIFAR_100: CatalogEntry = {
  ...CIFAR_100,
  title: 'CIFAR-100 (superclasses)',
  classes: CIFAR_100_SUPERCLASSES,
  labels: 'coarse',
  standIn: 'cifar-100-coarse',
};

/** What a run would fetch of a data set; of a deck's files nothing. */
export function downloadsOf(dataset: LedgerDataset): readonly CatalogDownload[] {
  if (!isOfDeck(dataset)) return dataset.downloads;
  const { source } = dataset.data;
  return source.format === 'built-in' ? (catalogEntry(source.set)?.downloads ?? []) : [];
}
