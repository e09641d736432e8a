import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../../../src/data/load.js';
import { resolveDataset } from '../../../src/data/resolve.js';
import type { FileSource } from '../../../src/data/source.js';
import { cifarBatch, tinyData, tinyFiles, writeFiles } from '../../fixtures/data/tiny.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const tiny = await tinyData();

async function resolved(name: keyof typeof tiny.catalog, files: readonly (readonly [string, Uint8Array])[]) {
  const dataDir = await writeFiles(await temporaryFolder(), files);
  const options = { dataDir, cacheDir: join(dataDir, 'cache'), allowDownload: false, allowStandIn: false };
  return { dataDir, source: (await resolveDataset(tiny.catalog[name], options)) as FileSource };
}

describe('loading a data set', () => {
  test('gives Fashion-MNIST as [count, 28, 28, 1] with its identity', async () => {
    const { source } = await resolved('fashion-mnist', tinyFiles(tiny, 'fashion-mnist'));
    const dataset = await loadDataset(source);
    expect(dataset.identity).toEqual(source.identity);
    expect(dataset.imageShape).toEqual([28, 28, 1]);
    expect(dataset.classes).toHaveLength(10);
    expect(dataset.train.images).toEqual(
      new Uint8Array(tiny.contents.get('train-images-idx3-ubyte')?.subarray(16) ?? []),
    );
    expect([...dataset.train.labels]).toEqual([1, 2, 3, 4]);
    expect(dataset.test).toMatchObject({ count: 4, labels: Uint8Array.of(3, 4, 5, 6) });
  });

  test('gives CIFAR-10 as [count, 32, 32, 3], batch after batch, from files or from the archive', async () => {
    const { source } = await resolved('cifar-10', tinyFiles(tiny, 'cifar-10'));
    const packed = await resolved('cifar-10', [...tiny.downloads].slice(-1));
    const dataset = await loadDataset(source);
    expect(dataset.train.count).toBe(20);
    expect([...dataset.train.labels.subarray(0, 6)]).toEqual([0, 1, 2, 3, 1, 2]);
    expect(dataset.train.images).toHaveLength(20 * 3072);
    expect(await loadDataset(packed.source)).toEqual(dataset);
  });

  test.each(['fashion-mnist', 'cifar-10'] as const)('gives the first images of %s as a subset', async (name) => {
    const { source } = await resolved(name, tinyFiles(tiny, name));
    const whole = await loadDataset(source);
    const part = await loadDataset(source, { trainImages: 3, testImages: 1 });
    const imageBytes = whole.train.images.length / whole.train.count;
    expect(part.train).toEqual({
      count: 3,
      images: whole.train.images.slice(0, 3 * imageBytes),
      labels: whole.train.labels.slice(0, 3),
    });
    expect(part.test.count).toBe(1);
    expect(await loadDataset(source, { trainImages: 1e9 })).toEqual(whole);
  });

  test('opens no file beyond those that hold the subset', async () => {
    const { dataDir, source } = await resolved('cifar-10', tinyFiles(tiny, 'cifar-10'));
    for (const batch of [3, 4, 5]) await rm(join(dataDir, `data_batch_${batch}.bin`));
    const dataset = await loadDataset(source, { trainImages: 6 });
    expect([...dataset.train.labels]).toEqual([0, 1, 2, 3, 1, 2]);
  });

  test.each([
    ['another content', cifarBatch([1, 1, 1, 1])],
    ['another length', new Uint8Array(5)],
  ])('notices that a file has got %s since it was resolved', async (_, bytes) => {
    const { dataDir, source } = await resolved('cifar-10', tinyFiles(tiny, 'cifar-10'));
    await writeFile(join(dataDir, 'data_batch_2.bin'), bytes);
    await expect(loadDataset(source)).rejects.toMatchObject({
      code: 'E_DATA_CHANGED',
      message: expect.stringContaining('data_batch_2.bin') as string,
    });
  });

  test('notices that a file is gone since it was resolved', async () => {
    const { dataDir, source } = await resolved('cifar-10', tinyFiles(tiny, 'cifar-10'));
    await rm(join(dataDir, 'test_batch.bin'));
    await expect(loadDataset(source)).rejects.toMatchObject({ code: 'E_DATA_CHANGED' });
  });

  test('draws a stand-in', async () => {
    const identity = { name: 'cifar-10', fingerprint: '0'.repeat(64), provenance: 'stand-in' } as const;
    const source = { kind: 'stand-in', name: 'cifar-10', origin: 'drawn', identity } as const;
    const dataset = await loadDataset(source, { trainImages: 20, testImages: 10 });
    expect(dataset.train.count).toBe(20);
    expect(dataset.test.images).toHaveLength(10 * 3072);
    expect(dataset.identity.provenance).toBe('stand-in');
  });
});
