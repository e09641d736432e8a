import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { deckDataSchema, type DeckData } from '../../../../src/core/deck-data.js';
import { CATALOG } from '../../../../src/data/catalog.js';
import { deckDataset, type CatalogEntry } from '../../../../src/data/catalog-entry.js';
import { resolveData } from '../../../../src/data/deck/resolve.js';
import { sha256 } from '../../../../src/data/digest.js';
import { loadDataset } from '../../../../src/data/load.js';
import { resolveDataset } from '../../../../src/data/resolve.js';
import { dataSourceSchema } from '../../../../src/data/source.js';
import { drawStandInDataset } from '../../../../src/data/stand-in/stand-in.js';
import { cifar100Batch, idxImages, idxLabels, tinyData, tinyFiles, writeFiles } from '../../../fixtures/data/tiny.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';

const HALF: [number] = [0.5];
const AS_IT_IS = { divide: 255, mean: HALF, sd: HALF };
const tiny = await tinyData();

const options = async (change: object = {}) => ({
  cacheDir: join(await temporaryFolder(), 'cache'),
  systemDirs: [],
  allowDownload: false,
  allowStandIn: true,
  ...change,
});

/** A built-in set as a deck has it, drawn. */
async function drawn(change: Partial<Omit<DeckData, 'source'>> & { source?: object }) {
  const data = deckDataSchema.parse({
    name: 'd',
    title: 'D',
    source: { format: 'built-in', set: 'mnist' },
    scale: AS_IT_IS,
    ...change,
  });
  const source = await resolveData(deckDataset(data, '/nowhere'), await options());
  return {
    source,
    dataset: await loadDataset(dataSourceSchema.parse(JSON.parse(JSON.stringify(source))), {
      trainImages: 200,
      testImages: 100,
    }),
  };
}

/** A set whose files have a handful of images. @param contents by the name of the file */
function shrunk(entry: CatalogEntry, contents: ReadonlyMap<string, Uint8Array>, counts: number): CatalogEntry {
  const files = entry.files.map(({ sha256: digest, ...file }) => {
    const bytes = contents.get(file.name) ?? new Uint8Array(0);
    return { ...file, count: counts, bytes: bytes.length, ...(digest !== undefined && { sha256: sha256(bytes) }) };
  });
  const downloads = entry.downloads.map((download) => {
    const content = contents.get(download.name.replace(/\.gz$/, ''));
    if (content === undefined) return download;
    const bytes = gzipSync(content);
    return { ...download, bytes: bytes.length, sha256: sha256(bytes) };
  });
  return { ...entry, files, downloads };
}

const IDX = new Map<string, Uint8Array>([
  ['train-images-idx3-ubyte', idxImages(4, 7)],
  ['train-labels-idx1-ubyte', idxLabels([1, 2, 3, 9])],
  ['t10k-images-idx3-ubyte', idxImages(4, 8)],
  ['t10k-labels-idx1-ubyte', idxLabels([0, 0, 5, 6])],
]);

describe('MNIST, KMNIST and CIFAR-100', () => {
  test.each(['mnist', 'kmnist'] as const)('%s is read as Fashion-MNIST is', async (name) => {
    const entry = shrunk(CATALOG[name], IDX, 4);
    const dataDir = await writeFiles(
      await temporaryFolder(),
      [...IDX].map(([file, bytes]) => [`${file}.gz`, gzipSync(bytes)]),
    );
    const source = await resolveDataset(entry, await options({ dataDir }));
    expect(source.identity).toMatchObject({ name, provenance: 'official' });
    const { train, test: tested } = await loadDataset(source);
    expect([...train.labels, ...tested.labels]).toEqual([1, 2, 3, 9, 0, 0, 5, 6]);
    expect(train.images).toEqual(new Uint8Array(idxImages(4, 7).subarray(16)));
  });

  test('KMNIST is known by its downloads only: unpacked it is unknown', async () => {
    const entry = shrunk(CATALOG.kmnist, IDX, 4);
    const dataDir = await writeFiles(await temporaryFolder(), IDX);
    expect((await resolveDataset(entry, await options({ dataDir }))).identity.provenance).toBe('unknown');
    const other = await writeFiles(
      await temporaryFolder(),
      [...IDX].map(([file, bytes]) => [`${file}.gz`, gzipSync(bytes, { level: 1 })]),
    );
    expect((await resolveDataset(entry, await options({ dataDir: other }))).identity.provenance).toBe('unknown');
  });

  test('CIFAR-100 has fine and coarse labels', async () => {
    const contents = new Map([
      ['train.bin', cifar100Batch([0, 99, 42, 7])],
      ['test.bin', cifar100Batch([5, 6, 98, 1], 3)],
    ]);
    const entry = shrunk(CATALOG['cifar-100'], contents, 4);
    const dataDir = await writeFiles(await temporaryFolder(), contents);
    const fine = await loadDataset(await resolveDataset(entry, await options({ dataDir })));
    expect(fine.identity.provenance).toBe('official');
    expect([...fine.train.labels, ...fine.test.labels]).toEqual([0, 99, 42, 7, 5, 6, 98, 1]);
    const coarse = await loadDataset(await resolveDataset({ ...entry, labels: 'coarse' }, await options({ dataDir })));
    expect([...coarse.train.labels]).toEqual([0, 19, 8, 1]);
    expect(coarse.train.images).toEqual(fine.train.images);
    const bytes = contents.get('train.bin') as Uint8Array;
    expect([...fine.train.images.subarray(0, 3)]).toEqual([bytes[2], bytes[2 + 1024], bytes[2 + 2048]]);
  });

  test.each([
    [0, 20, 'has the label 20; labels are 0 to 19'],
    [1, 100, 'has the label 100; labels are 0 to 99'],
  ])('a label of CIFAR-100 beyond its classes is an error: byte %i', async (place, label, says) => {
    const contents = new Map([
      ['train.bin', cifar100Batch([0, 99, 42, 7])],
      ['test.bin', cifar100Batch([5, 6, 98, 1], 3)],
    ]);
    const entry = shrunk(CATALOG['cifar-100'], contents, 4);
    const dataDir = await temporaryFolder();
    const spoilt = new Uint8Array(contents.get('train.bin') as Uint8Array);
    spoilt[3074 + place] = label;
    await writeFiles(dataDir, [...contents, ['train.bin', spoilt]]);
    await expect(resolveDataset(entry, await options({ dataDir }))).rejects.toMatchObject({
      code: 'E_DATA_LABEL',
      message: expect.stringContaining(`image 1 ${says}`) as string,
    });
  });

  test('a truncated file of CIFAR-100 is an error, and its remedy is the whole one', async () => {
    const contents = new Map([
      ['train.bin', cifar100Batch([0, 99])],
      ['test.bin', cifar100Batch([5, 6], 3)],
    ]);
    const entry = shrunk(CATALOG['cifar-100'], contents, 2);
    const dataDir = await writeFiles(await temporaryFolder(), [
      ...contents,
      ['train.bin', (contents.get('train.bin') as Uint8Array).subarray(0, -1)],
    ]);
    await expect(resolveDataset(entry, await options({ dataDir }))).rejects.toMatchObject({
      code: 'E_DATA_SIZE',
      remedy: 'Use the complete binary version of CIFAR-100 (cifar-100-binary.tar.gz); see docs/data.md.',
    });
    await writeFiles(dataDir, contents);
    expect((await resolveDataset(entry, await options({ dataDir }))).identity.provenance).toBe('official');
  });

  test('one of them does not pass for another, though the files have the same names', async () => {
    const contents = new Map(tinyFiles(tiny, 'fashion-mnist'));
    const dataDir = await writeFiles(await temporaryFolder(), contents);
    const entry = shrunk(CATALOG.mnist, IDX, 4);
    // The digests of the tiny Fashion-MNIST are nobody's: its files are unknown ones of MNIST.
    expect((await resolveDataset(entry, await options({ dataDir }))).identity.provenance).toBe('unknown');
    const original = Object.getOwnPropertyDescriptor(CATALOG['fashion-mnist'], 'files');
    Object.defineProperty(CATALOG['fashion-mnist'], 'files', { value: tiny.catalog['fashion-mnist'].files });
    try {
      const source = await resolveDataset(entry, await options({ dataDir }));
      expect(source.kind).toBe('stand-in');
      await writeFiles(join(dataDir, 'mnist'), IDX);
      expect((await resolveDataset(entry, await options({ dataDir }))).identity.provenance).toBe('official');
    } finally {
      Object.defineProperty(CATALOG['fashion-mnist'], 'files', original as PropertyDescriptor);
    }
  });
});

describe('a built-in set in a deck', () => {
  test('is the set itself where nothing is done to it but what the built-in decks do', async () => {
    const { source, dataset } = await drawn({});
    const { identity } = drawStandInDataset('mnist', { trainImages: 1, testImages: 1 });
    expect(dataset.identity).toEqual({ ...identity, name: 'd' });
    expect(source).toMatchObject({ kind: 'deck', imageShape: [28, 28, 1], base: { kind: 'stand-in', name: 'mnist' } });
    expect(dataset.train).toEqual(drawStandInDataset('mnist', { trainImages: 200, testImages: 0 }).train);
  });

  test('has another fingerprint with another scaling or preparation', async () => {
    const changes = [
      { scale: { divide: 255 } },
      { scale: { divide: 1 } },
      { prepare: { resize: [14, 14] as const } },
      { prepare: { pad: [2, 2, 2, 2] } },
      { prepare: { channels: 3 as const } },
      { source: { format: 'built-in', set: 'kmnist' } },
    ];
    const prints = await Promise.all(
      [{}, ...changes].map(async (change) => (await drawn(change)).dataset.identity.fingerprint),
    );
    expect(new Set(prints).size).toBe(prints.length);
  });

  test('is prepared and scaled', async () => {
    const { source, dataset } = await drawn({
      prepare: { channels: 3, resize: [14, 20], pad: [1, 1, 0, 2] },
      scale: { divide: 255 },
    });
    expect(dataset.imageShape).toEqual([16, 22, 3]);
    expect(source).toMatchObject({ imageShape: [16, 22, 3] });
    expect(dataset.train.images).toHaveLength(200 * 16 * 22 * 3);
    expect(dataset.scale).toEqual({ divide: 255 });
  });

  test('may name its classes, and may be coarse', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `digit ${index}`);
    expect((await drawn({ classes: names })).dataset.classes).toEqual(names);
    await expect(drawn({ classes: 11 })).rejects.toMatchObject({ code: 'E_DATA_CLASS' });
    const { source, dataset } = await drawn({ source: { format: 'built-in', set: 'cifar-100', labels: 'coarse' } });
    expect(source).toMatchObject({ classes: expect.arrayContaining(['aquatic_mammals', 'trees']) as string[] });
    expect(new Set(dataset.train.labels).size).toBe(20);
  });

  test.each([
    [{ format: 'built-in', set: 'imagenet' }, 'there is no built-in data set "imagenet"'],
    [{ format: 'built-in', set: 'mnist', labels: 'coarse' }, 'MNIST has no coarse labels'],
  ])('%j is an error', async (source, says) => {
    const remedy = says.startsWith('there')
      ? /^Use one of: fashion-mnist, cifar-10, /
      : /^Omit them: only cifar-100 has them\.$/;
    await expect(drawn({ source })).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining(says) as string,
      remedy: expect.stringMatching(remedy) as string,
    });
  });
});
