import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CATALOG } from '../../../src/data/catalog.js';
import { fingerprintOf } from '../../../src/data/digest.js';
import { loadDataset } from '../../../src/data/load.js';
import { resolveDataset } from '../../../src/data/resolve.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const SYSTEM = CATALOG['fashion-mnist'].systemDirs[0] ?? '';
const SHARED = fileURLToPath(new URL('../../../../shared/data', import.meta.url));

const offline = async () => ({ cacheDir: await temporaryFolder(), allowDownload: false, allowStandIn: false });

function countsPerClass(labels: Iterable<number>): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

describe('the catalog', () => {
  test('is complete: digests of 64 digits, distinct roles and names, https addresses', () => {
    for (const entry of Object.values(CATALOG)) {
      const digests = [...entry.files, ...entry.downloads].flatMap(({ sha256 }) => sha256 ?? []);
      // Of KMNIST nobody published digests of the contents.
      expect(digests).toHaveLength(entry.downloads.length + (entry.name === 'kmnist' ? 0 : entry.files.length));
      expect(digests.every((digest) => /^[0-9a-f]{64}$/.test(digest))).toBe(true);
      expect(new Set(digests).size).toBe(digests.length);
      expect(new Set(entry.files.map(({ role }) => role)).size).toBe(entry.files.length);
      expect(entry.downloads.every(({ url }) => url.startsWith('https://'))).toBe(true);
      expect(new Set(entry.classes).size).toBe(entry.name === 'cifar-100' ? 100 : 10);
    }
  });

  test('knows the sizes of the formats', () => {
    expect(CATALOG['fashion-mnist'].files.map(({ bytes }) => bytes)).toEqual([47_040_016, 60_008, 7_840_016, 10_008]);
    expect(CATALOG['cifar-10'].files.map(({ bytes }) => bytes)).toEqual(new Array(6).fill(30_730_000));
  });
});

describe('the official data sets', () => {
  test('Fashion-MNIST of the Debian package is official and loads', async (context) => {
    if (!existsSync(SYSTEM)) context.skip('the Debian package dataset-fashion-mnist is not installed');
    const source = await resolveDataset(CATALOG['fashion-mnist'], await offline());
    expect(source.identity).toEqual({
      name: 'fashion-mnist',
      fingerprint: fingerprintOf(CATALOG['fashion-mnist'].files.map(({ sha256 = '' }) => sha256)),
      provenance: 'official',
    });
    const { train, test } = await loadDataset(source);
    expect(countsPerClass(train.labels)).toEqual(new Array(10).fill(6000));
    expect(countsPerClass(test.labels)).toEqual(new Array(10).fill(1000));
  });

  test('CIFAR-10 of the shared folder is a known variant and loads', async (context) => {
    if (!existsSync(SHARED)) context.skip('there is no folder ../shared/data beside the repository');
    const source = await resolveDataset(CATALOG['cifar-10'], { ...(await offline()), dataDir: SHARED });
    expect(source.identity).toMatchObject({
      provenance: 'known-variant',
      note: '20 of the 10,000 test images are JPEG copies; moves an accuracy by 0.2 points at the very most',
    });
    const { train, test } = await loadDataset(source, { trainImages: 10_000 });
    expect(train.count).toBe(10_000);
    // The first image of the training set is a frog, the first of the test set a cat.
    expect([train.labels[0], test.labels[0]]).toEqual([6, 3]);
    // Its first pixel is 59, 62, 63 in every other reader.
    expect([...train.images.subarray(0, 3)]).toEqual([59, 62, 63]);
    expect(countsPerClass(test.labels)).toEqual(new Array(10).fill(1000));
  });
});
