import { readTarGz } from './archive.js';
import { readContent } from './bytes.js';
import type { CatalogEntry, CatalogFile, FileForm } from './catalog-entry.js';
import { checkCifar100Batch, checkCifarBatch } from './cifar.js';
import { parseIdxImages, parseIdxLabels } from './idx.js';
import type { Container } from './source.js';

/** A file of a data set that lies somewhere. */
export interface LocatedFile<File extends FileForm = CatalogFile> {
  readonly file: File;
  readonly path: string;
  readonly container: Container;
}

/** A file and its decompressed content. */
export interface FileContent<T extends LocatedFile<FileForm> = LocatedFile> {
  readonly located: T;
  readonly content: Uint8Array;
}

/**
 * The decompressed contents of files: of those that lie on their own in the order given, then archive by archive.
 * One content is in memory at a time, unless the caller keeps it.
 *
 * @throws E_DATA_READ, E_DATA_GZIP, E_DATA_SIZE, E_DATA_ARCHIVE
 */
export async function* readContents<T extends LocatedFile<FileForm>>(
  { archive }: { readonly archive?: { readonly maxInflatedBytes: number } | undefined },
  files: readonly T[],
): AsyncGenerator<FileContent<T>> {
  for (const located of files) {
    if (located.container === 'tar.gz') continue;
    yield { located, content: await readContent(located.path, located.container === 'gzip', located.file.bytes) };
  }
  for (const [path, members] of groupByPath(files.filter(({ container }) => container === 'tar.gz'))) {
    const wanted = new Map(members.map(({ file }) => [file.name, file.bytes]));
    for await (const { name, content } of readTarGz(path, wanted, archive?.maxInflatedBytes ?? 0)) {
      yield { located: members.find(({ file }) => file.name === name) as T, content };
    }
  }
}

/** Files that lie in one archive belong together; any other file is alone. */
export function groupByPath<T extends LocatedFile<FileForm>>(files: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const file of files) groups.set(file.path, [...(groups.get(file.path) ?? []), file]);
  return groups;
}

/** How messages name a file: an archive's member with the archive. */
export function describeLocated({ file, path, container }: LocatedFile<FileForm>): string {
  return container === 'tar.gz' ? `${file.name} in ${path}` : path;
}

const CHECKS: Readonly<
  Record<CatalogFile['format'], (content: Uint8Array, name: string, count: number, entry: CatalogEntry) => void>
> = {
  'idx-images': (content, name, count, { imageShape: [height, width] }) => {
    parseIdxImages(content, name, { count, height, width });
  },
  'idx-labels': (content, name, count) => {
    parseIdxLabels(content, name, count);
  },
  'cifar-batch': checkCifarBatch,
  'cifar-100-batch': checkCifar100Batch,
};

/**
 * Makes sure that a content has the form that the catalog says: magic number, sizes, labels.
 *
 * @throws E_DATA_MAGIC, E_DATA_SIZE, E_DATA_LABEL
 */
export function checkContent(entry: CatalogEntry, { located, content }: FileContent): void {
  CHECKS[located.file.format](content, describeLocated(located), located.file.count, entry);
}
