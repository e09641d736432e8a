import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deckDataSchema } from '../../../../src/core/deck-data.js';
import { CnnbenchError } from '../../../../src/core/errors.js';
import { randomStream, type RandomStream } from '../../../../src/core/random.js';
import { readDeckData, type FileData } from '../../../../src/data/deck/read.js';
import { DECK_DATA } from '../../../fixtures/data/deck-data.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';

const SPLIT = { testFraction: 0.3, seed: 1, stratified: false };
const NPZ = (file: string, change: object = {}) => ({
  format: 'npz',
  train: { file: `npz/${file}.npz`, images: 'x_train', labels: 'y_train' },
  ...change,
});
const PARQUET = (name: string) => ({
  format: 'parquet',
  image: 'image',
  label: 'label',
  train: [`parquet/${name}.parquet`],
});

/** The file that is spoilt, and what reads it. */
const TARGETS: readonly (readonly [file: string, source: object])[] = [
  ['idx/bytes-images.gz', { format: 'idx', train: { images: 'idx/bytes-images.gz', labels: 'idx/bytes-labels.gz' } }],
  ['idx/floats-images', { format: 'idx', train: { images: 'idx/floats-images', labels: 'idx/floats-labels' } }],
  ['idx/doubles-labels', { format: 'idx', train: { images: 'idx/doubles-images', labels: 'idx/doubles-labels' } }],
  ['cifar/cifar-100.bin', { format: 'cifar-100', labels: 'fine', train: ['cifar/cifar-100.bin'] }],
  ['npz/grey-stored.npz', NPZ('grey-stored')],
  ['npz/channels-first.npz', NPZ('channels-first', { layout: 'channels-first' })],
  ['npz/int64-fortran.npz', NPZ('int64-fortran')],
  ['npz/strings.npz', NPZ('strings')],
  ['parquet/snappy.parquet', PARQUET('snappy')],
  ['parquet/zstd.parquet', PARQUET('zstd')],
  ['parquet/gzip.parquet', PARQUET('gzip')],
  ['parquet/none.parquet', PARQUET('none')],
  [
    'csv/label-first-header.csv',
    { format: 'csv', header: true, label: 'first', shape: [3, 4, 1], train: ['csv/label-first-header.csv'] },
  ],
  ['csv/floats.csv.gz', { format: 'csv', header: true, label: 'last', shape: [3, 4, 1], train: ['csv/floats.csv.gz'] }],
  ['image-folder/train/Oak/1.png', { format: 'image-folder', train: 'image-folder/train' }],
  ['image-folder/train/Oak/0.JPG', { format: 'image-folder', train: 'image-folder/train' }],
];

const EACH = 25;

const below = (random: RandomStream, count: number) => Math.floor(random() * count);

/** Some bytes changed, a part cut out or doubled, or the end lost. */
function mutate(bytes: Buffer, random: RandomStream): Buffer {
  const at = below(random, bytes.length);
  const length = 1 + below(random, Math.min(64, bytes.length - at));
  switch (below(random, 5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    default: {
      const changed = Buffer.from(bytes);
      // Lengths and counts are where 0xff does the most.
      for (let left = 1 + below(random, 4); left > 0; left--) {
        changed[below(random, changed.length)] = random() < 0.5 ? 0xff : below(random, 256);
      }
      return changed;
    }
  }
}

describe(`${TARGETS.length * EACH} spoilt files end with a code, or are read`, () => {
  test.each(TARGETS)('%s', { timeout: 60_000 }, async (file, source) => {
    const here = await temporaryFolder();
    await cp(DECK_DATA, here, { recursive: true });
    const data = deckDataSchema.parse({
      name: 'd',
      title: 'D',
      scale: { divide: 1 },
      source,
      split: SPLIT,
    }) as FileData;
    const whole = await readFile(join(here, file));
    const random = randomStream(file, 0, 'problem');
    const before = process.memoryUsage();
    const codes: string[] = [];
    for (let turn = 0; turn < EACH; turn++) {
      await writeFile(join(here, file), mutate(whole, random));
      try {
        const { train, test: tested, classes } = await readDeckData(data, [here]);
        // What was read is whole.
        expect(train.labels).toHaveLength(train.count);
        expect([...train.images, ...tested.images].every(Number.isFinite)).toBe(true);
        expect([...train.labels, ...tested.labels].every((label) => label < classes.length)).toBe(true);
        codes.push('read');
      } catch (error) {
        if (!(error instanceof CnnbenchError)) throw error;
        expect(error.message.length).toBeLessThan(400);
        codes.push(error.code);
      }
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    expect(heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(400_000_000);
    expect(codes.every((code) => code === 'read' || code.startsWith('E_DATA_'))).toBe(true);
    expect(codes.filter((code) => code !== 'read').length).toBeGreaterThan(3);
  });
});
