import { describe, expect, test } from 'vitest';
import type { Dataset, Split } from '../../../../src/core/dataset.js';
import { deckDataSchema } from '../../../../src/core/deck-data.js';
import { readDeckData, type FileData, type FileSpec } from '../../../../src/data/deck/read.js';
import { DECK_DATA, EXPECTED, valuesOf, type Written } from '../../../fixtures/data/deck-data.js';

/** The whole fixture as training set, and as test set, too. */
async function read(source: FileSpec, change: Partial<FileData> = {}): Promise<Dataset> {
  const data = deckDataSchema.parse({ name: 'd', title: 'D', source, scale: { divide: 1 }, ...change }) as FileData;
  return readDeckData(data, [DECK_DATA]);
}

function expectSplit({ count, images, labels }: Split, { imageShape, classes }: Dataset, written: Written): void {
  expect([count, ...imageShape]).toEqual(written.images.shape);
  expect(images).toEqual(valuesOf(written.images));
  const expected = written.labels.map((label) => (typeof label === 'string' ? classes.indexOf(label) : label));
  expect([...labels]).toEqual(expected);
}

function expectSame(dataset: Dataset, written: Written): void {
  expectSplit(dataset.train, dataset, written);
  expectSplit(dataset.test, dataset, written);
  if (written.classes !== undefined) expect(dataset.classes).toEqual(written.classes);
}

describe('files that other programs wrote', () => {
  test.each(Object.entries(EXPECTED.idx))('IDX: %s', async (name, written) => {
    const suffix = name === 'bytes' ? '.gz' : '';
    const files = { images: `idx/${name}-images${suffix}`, labels: `idx/${name}-labels${suffix}` };
    expectSame(await read({ format: 'idx', train: files, test: files }), written);
  });

  test('CIFAR-10 and CIFAR-100, whose images have two labels', async () => {
    const { 'cifar-10': ten, 'cifar-100': hundred } = EXPECTED.cifar;
    const heads = (written: typeof ten, place: number) => ({
      images: written?.images as Written['images'],
      labels: written?.heads.map((labels) => labels[place] as number) ?? [],
    });
    const own = { train: ['cifar/cifar-10.bin'], test: ['cifar/cifar-10.bin'] };
    expectSame(await read({ format: 'cifar-10', ...own }), heads(ten, 0));
    const files = { train: ['cifar/cifar-100.bin'], test: ['cifar/cifar-100.bin'] };
    expectSame(await read({ format: 'cifar-100', labels: 'fine', ...files }), heads(hundred, 1));
    await expect(read({ format: 'cifar-100', labels: 'coarse', ...files })).rejects.toMatchObject({
      code: 'E_DATA_CLASS',
      message: 'No training image of D is of the class 0, 1, 2, 3, 4 and 5 more.',
    });
  });

  test('several files are one split, in their order', async () => {
    const written = EXPECTED.cifar['cifar-10'];
    const file = 'cifar/cifar-10.bin';
    const { train } = await read({ format: 'cifar-10', train: [file, file], test: [file] });
    const values = valuesOf(written?.images as Written['images']);
    expect(train.count).toBe(8);
    expect(train.images.slice(0, values.length)).toEqual(values);
    expect(train.images.slice(values.length)).toEqual(values);
  });

  test.each(Object.entries(EXPECTED.npz))('npz: %s', async (name, written) => {
    const file = { file: `npz/${name}.npz`, images: 'x_train', labels: 'y_train' };
    const form = {
      ...(name === 'channels-first' && { layout: 'channels-first' as const }),
      ...(name === 'flat' && { shape: [3, 4, 1] as const }),
    };
    const half = name === 'half' ? { layout: 'channels-last' as const } : {};
    expectSame(await read({ format: 'npz', train: file, test: file, ...form, ...half }), written);
  });

  test.each(Object.entries(EXPECTED.parquet))('Parquet: %s', async (name, written) => {
    const columns = name === 'words' ? { image: 'picture', label: 'kind' } : { image: 'image', label: 'label' };
    const files = { train: [`parquet/${name}.parquet`], test: [`parquet/${name}.parquet`] };
    const classes = name === 'words' || name === 'snappy' ? {} : { classes: written.classes };
    expectSame(await read({ format: 'parquet', ...columns, ...files }, classes), written);
  });

  test.each(Object.entries(EXPECTED.csv))('CSV: %s', async (name, written) => {
    const [, height, width, channels] = written.images.shape as [number, number, number, 1 | 3];
    const files = [`csv/${name}.csv${name === 'floats' ? '.gz' : ''}`];
    const form = {
      header: name !== 'label-last',
      label: name === 'label-first-header' ? ('first' as const) : ('last' as const),
    };
    expectSame(
      await read({ format: 'csv', ...form, shape: [height, width, channels], train: files, test: files }),
      written,
    );
  });

  test('a folder of pictures, its classes and files in the order of torchvision', async () => {
    const dataset = await read({ format: 'image-folder', train: 'image-folder/train', test: 'image-folder/test' });
    expect(dataset.classes).toEqual(EXPECTED['image-folder'].train.classes);
    expectSplit(dataset.train, dataset, EXPECTED['image-folder'].train);
    expectSplit(dataset.test, dataset, EXPECTED['image-folder'].test);
  });
});
