import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listData, pullData, verifyData } from '../../../src/data/dataset-status.js';
import { cifarBatch, tinyData, tinyFiles, tinyVariant, writeFiles } from '../../fixtures/data/tiny.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const tiny = await tinyData();
const all = Object.values(tiny.catalog);
const fashion = tinyFiles(tiny, 'fashion-mnist');
const cifar = tinyFiles(tiny, 'cifar-10');

async function setup() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'data'));
  return {
    folder,
    dataDir: join(folder, 'data'),
    options: { cacheDir: join(folder, 'cache'), systemDirs: [join(folder, 'system')] },
  };
}

describe('the list of data sets', () => {
  test('says where a run would take each from, and what it would download', async () => {
    const { folder, dataDir, options } = await setup();
    await writeFiles(join(folder, 'system'), fashion);
    const [first, second] = await listData(all, { ...options, dataDir });
    expect(first).toMatchObject({ name: 'fashion-mnist', title: 'Fashion-MNIST', uses: 2 });
    expect(first?.places.map(({ place, usable }) => [place, usable])).toEqual([
      ['data folder', false],
      ['cache', false],
      ['system folder', true],
    ]);
    expect(first?.places[2]?.files.map(({ status }) => status)).toEqual([
      'official',
      'official',
      'official',
      'official',
    ]);
    expect(second).not.toHaveProperty('uses');
    expect(second?.downloads).toHaveLength(1);
  });

  test('says what is wrong with each file', async () => {
    const { dataDir, options } = await setup();
    const files = [['data_batch_1.bin', cifarBatch([1, 1, 1, 1])] as const, ...cifar.slice(1, 4)];
    await writeFiles(dataDir, [...files, ['data_batch_5.bin', new Uint8Array(3)], ['test_batch.bin', tinyVariant()]]);
    const [status] = await listData([tiny.catalog['cifar-10']], { ...options, dataDir });
    expect(status?.places[0]?.files).toMatchObject([
      { name: 'data_batch_1.bin', status: 'unknown' },
      { status: 'official' },
      { status: 'official' },
      { status: 'official' },
      { status: 'broken', problem: { code: 'E_DATA_SIZE' } },
      { status: 'known-variant', note: 'other pixels' },
    ]);
    expect(status?.places[0]).toMatchObject({ usable: false });
  });

  test('uses nothing else when the data folder is broken, as a run would stop there', async () => {
    const { folder, dataDir, options } = await setup();
    await writeFiles(dataDir, fashion.slice(1));
    await writeFiles(join(folder, 'system'), fashion);
    const [status] = await listData([tiny.catalog['fashion-mnist']], { ...options, dataDir });
    expect(status).not.toHaveProperty('uses');
    expect(status?.places[0]?.reason).toBe('it lacks train-images-idx3-ubyte');
  });
});

describe('verifying data', () => {
  test('is content with official files, with a known variant and with nothing', async () => {
    const { folder, dataDir, options } = await setup();
    expect(await verifyData(all, options)).toMatchObject({ ok: true, files: 0 });
    await writeFiles(join(folder, 'cache', 'fashion-mnist'), fashion);
    await writeFiles(dataDir, [...cifar.slice(0, 5), ['test_batch.bin', tinyVariant()]]);
    expect(await verifyData(all, { ...options, dataDir })).toMatchObject({ ok: true, files: 10 });
  });

  test('is not content with a file that nobody listed, nor with a broken one', async () => {
    for (const bytes of [cifarBatch([1, 1, 1, 1]), new Uint8Array(7)]) {
      const { folder, options } = await setup();
      await writeFiles(join(folder, 'cache', 'cifar-10'), [...cifar.slice(1), ['data_batch_1.bin', bytes]]);
      const { ok, datasets } = await verifyData([tiny.catalog['cifar-10']], options);
      expect(ok).toBe(false);
      expect(datasets[0]?.places[0]?.files).toHaveLength(6);
    }
  });
});

describe('pulling data', () => {
  test('fetches nothing that a system folder holds', async () => {
    const { folder, options } = await setup();
    await writeFiles(join(folder, 'system'), fashion);
    const fetch = () => Promise.reject(new Error('must not be called'));
    await expect(
      pullData(tiny.catalog['fashion-mnist'], { ...options, allowDownload: true, fetch }),
    ).resolves.toMatchObject({
      origin: `system folder ${join(folder, 'system')}`,
    });
  });

  test('is an error when nothing can be had', async () => {
    const { options } = await setup();
    const fetch = () => Promise.reject(new Error('no network'));
    await expect(
      pullData(tiny.catalog['cifar-10'], { ...options, allowDownload: true, fetch, allowLoopbackHttp: true }),
    ).rejects.toMatchObject({
      code: 'E_DATA_UNAVAILABLE',
      message: expect.stringContaining('no network') as string,
    });
  });
});
