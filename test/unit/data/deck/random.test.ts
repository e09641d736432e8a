import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { deckDataSchema } from '../../../../src/core/deck-data.js';
import { hybridValues } from '../../../../src/data/deck/parquet-pages.js';
import { pixelsDigest, readDeckData, type FileData } from '../../../../src/data/deck/read.js';
import { drawPart, drawTest } from '../../../../src/data/deck/split.js';
import { idxFile, npyFile, zipFile } from '../../../fixtures/data/write-formats.js';
import { writeFiles } from '../../../fixtures/data/tiny.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';

const set = fc
  .record({
    height: fc.integer({ min: 1, max: 7 }),
    width: fc.integer({ min: 1, max: 7 }),
    channels: fc.constantFrom(1 as const, 3 as const),
    labels: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 9 }),
  })
  .chain(({ labels, ...shape }) => {
    // Every class has an image.
    const all = [0, 1, 2, 3, ...labels];
    const length = all.length * shape.height * shape.width * shape.channels;
    return fc.record({
      ...{ shape: fc.constant(shape), labels: fc.constant(all) },
      pixels: fc.uint8Array({ minLength: length, maxLength: length }),
      gzipped: fc.boolean(),
    });
  });

async function read(source: object, files: readonly (readonly [string, Uint8Array])[]) {
  const data = deckDataSchema.parse({
    name: 'd',
    title: 'D',
    scale: { divide: 1 },
    source: { ...source, test: (source as { train: unknown }).train },
  });
  const dataset = await readDeckData(data as FileData, [await writeFiles(await temporaryFolder(), files)]);
  return {
    images: dataset.train.images,
    labels: [...dataset.train.labels],
    shape: dataset.imageShape,
    digest: pixelsDigest(dataset),
  };
}

describe('random sets that are written here', () => {
  test('are the same from IDX, npz and CSV, to the digest', async () => {
    await fc.assert(
      fc.asyncProperty(set, async ({ shape: { height, width, channels }, labels, pixels, gzipped }) => {
        const pack = (bytes: Uint8Array) => (gzipped ? gzipSync(bytes) : bytes);
        const sizes = [labels.length, height, width, channels];
        const values = Uint8Array.from(labels);
        const idx = await read({ format: 'idx', train: { images: 'x', labels: 'y' } }, [
          ['x', pack(idxFile('u1', sizes, pixels))],
          ['y', pack(idxFile('u1', [labels.length], values))],
        ]);
        const npz = await read({ format: 'npz', train: { file: 'a', images: 'x', labels: 'y' } }, [
          [
            'a',
            zipFile(
              {
                'x.npy': npyFile({ shape: sizes, bytes: pixels }),
                'y.npy': npyFile({ shape: [labels.length], bytes: values }),
              },
              { deflate: gzipped },
            ),
          ],
        ]);
        const size = pixels.length / labels.length;
        const lines = labels.map((label, index) =>
          [label, ...pixels.subarray(index * size, (index + 1) * size)].join(),
        );
        const csv = await read(
          { format: 'csv', header: false, label: 'first', shape: [height, width, channels], train: ['a'] },
          [['a', pack(Buffer.from(lines.join('\n')))]],
        );
        expect(idx).toEqual({ images: pixels, labels, shape: [height, width, channels], digest: idx.digest });
        expect(npz).toEqual(idx);
        expect(csv).toEqual(idx);
      }),
      { numRuns: 40 },
    );
  });

  test('are the same from folders of PNG files, class by class', async () => {
    await fc.assert(
      fc.asyncProperty(set, async ({ shape: { height, width, channels }, labels, pixels }) => {
        const size = pixels.length / labels.length;
        const files = await Promise.all(
          labels.map(async (label, index) => {
            const raw = { width, height, channels };
            const picture = sharp(pixels.slice(index * size, (index + 1) * size), { raw });
            const png = await (channels === 1 ? picture.toColourspace('b-w') : picture).png().toBuffer();
            return [`c${label}/${String(index).padStart(3, '0')}.png`, png] as const;
          }),
        );
        const found = await read({ format: 'image-folder', train: '.' }, files);
        const order = labels
          .map((_, index) => index)
          .sort((a, b) => (labels[a] as number) - (labels[b] as number) || a - b);
        expect(found.labels).toEqual(order.map((index) => labels[index]));
        const sorted = order.flatMap((index) => [...pixels.subarray(index * size, (index + 1) * size)]);
        expect([...found.images]).toEqual(sorted);
      }),
      { numRuns: 10 },
    );
  });

  test('in the hybrid encoding of Parquet come back', () => {
    const packed = fc.integer({ min: 1, max: 20 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        values: fc.array(fc.integer({ min: 0, max: 2 ** width - 1 }), { minLength: 1, maxLength: 50 }),
      }),
    );
    fc.assert(
      fc.property(packed, ({ width, values }) => {
        const groups = Math.ceil(values.length / 8);
        const bits = values.flatMap((value) => Array.from({ length: width }, (_, bit) => (value >> bit) & 1));
        const bytes = Uint8Array.from({ length: groups * width }, (_, byte) =>
          Array.from({ length: 8 }, (__, bit) => (bits[8 * byte + bit] ?? 0) << bit).reduce((sum, bit) => sum + bit, 0),
        );
        const bitPacked = Uint8Array.of(2 * groups + 1, ...bytes);
        expect([...hybridValues(bitPacked, width, values.length)]).toEqual(values);
        const [first = 0] = values;
        const run = Uint8Array.of(
          2 * 60,
          ...Array.from({ length: Math.ceil(width / 8) }, (_, byte) => (first >> (8 * byte)) & 255),
        );
        expect([...hybridValues(run, width, 60)]).toEqual(new Array(60).fill(first));
      }),
    );
  });
});

const all = (labels: number[]) => ({
  count: labels.length,
  images: Uint8Array.from(labels, (_, index) => index),
  labels: Uint8Array.from(labels),
});

describe('a test set that is drawn', () => {
  test('takes its share, keeps the order of the files, and loses nothing', () => {
    const labels = Array.from({ length: 100 }, (_, index) => index % 4);
    const { train, test: tested } = drawTest(all(labels), { testFraction: 0.25, seed: 3, stratified: false }, 'D');
    expect([train.count, tested.count]).toEqual([75, 25]);
    const ascending = (values: Iterable<number>) =>
      [...values].every((value, index, list) => index === 0 || value > (list[index - 1] as number));
    expect(ascending(train.images) && ascending(tested.images)).toBe(true);
    expect([...train.images, ...tested.images].sort((a, b) => a - b)).toEqual(labels.map((_, index) => index));
    for (const [index, image] of tested.images.entries()) expect(tested.labels[index]).toBe(labels[image]);
  });

  test('takes the share of each class where it is stratified', () => {
    const labels = [
      ...new Array<number>(40).fill(0),
      ...new Array<number>(10).fill(1),
      ...new Array<number>(5).fill(2),
    ];
    const { test: tested } = drawTest(all(labels), { testFraction: 0.2, seed: 3, stratified: true }, 'D');
    expect([0, 1, 2].map((label) => [...tested.labels].filter((each) => each === label).length)).toEqual([8, 2, 1]);
  });

  test('is the same from the same seed, and another from another', () => {
    const labels = Array.from({ length: 60 }, (_, index) => index % 3);
    const draw = (seed: number) => [
      ...drawTest(all(labels), { testFraction: 0.2, seed, stratified: true }, 'D').test.images,
    ];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(0)).toEqual(DRAWN);
  });

  test('a part of a split is drawn from all of it, and the same one each time', () => {
    const sorted = all(Array.from({ length: 200 }, (_, index) => Math.floor(index / 100)));
    const part = drawPart(sorted, 50);
    expect(part.count).toBe(50);
    expect(new Set(part.labels).size).toBe(2);
    expect(drawPart(sorted, 20).images).toEqual(part.images.slice(0, 20));
    expect(drawPart(sorted, 1000)).toBe(sorted);
    expect(drawPart(sorted, undefined)).toBe(sorted);
  });
});

/** As first drawn. */
const DRAWN: readonly number[] = [7, 10, 12, 15, 17, 18, 20, 24, 37, 41, 44, 52];
