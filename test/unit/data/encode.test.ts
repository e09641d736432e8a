import { expect, test } from 'vitest';
import { CATALOG } from '../../../src/data/catalog.js';
import { parseCifarBatch } from '../../../src/data/cifar.js';
import { standInFiles } from '../../../src/data/encode.js';
import { parseIdxImages, parseIdxLabels } from '../../../src/data/idx.js';
import { drawStandInSplit } from '../../../src/data/stand-in/stand-in.js';

const files = Object.fromEntries(
  (['fashion-mnist', 'cifar-10'] as const).map((name) => [name, standInFiles(CATALOG[name])]),
);
const bytesOf = (dataset: string, file: string) =>
  files[dataset]?.find(({ name }) => name === file)?.bytes ?? new Uint8Array();

/** `toEqual` takes a minute to compare 47 million of them. */
function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(Buffer.from(actual.buffer, actual.byteOffset, actual.byteLength).equals(expected)).toBe(true);
}

test.each(['fashion-mnist', 'cifar-10'] as const)('the stand-in of %s has the files of its release', (name) => {
  expect(files[name]?.map((file) => file.name).sort()).toEqual(CATALOG[name].files.map((file) => file.name).sort());
});

test('Fashion-MNIST reads back as it was drawn', () => {
  for (const [split, prefix] of [
    ['train', 'train'],
    ['test', 't10k'],
  ] as const) {
    const drawn = drawStandInSplit('fashion-mnist', split);
    const images = `${prefix}-images-idx3-ubyte`;
    const labels = `${prefix}-labels-idx1-ubyte`;
    const shape = { count: drawn.count, height: 28, width: 28 };
    expectSameBytes(parseIdxImages(bytesOf('fashion-mnist', images), images, shape), drawn.images);
    expectSameBytes(parseIdxLabels(bytesOf('fashion-mnist', labels), labels, drawn.count), drawn.labels);
  }
});

test('CIFAR-10 reads back as it was drawn, in five batches and one', () => {
  const batches = [1, 2, 3, 4, 5].map((index) =>
    parseCifarBatch(bytesOf('cifar-10', `data_batch_${index}.bin`), 'batch'),
  );
  const train = drawStandInSplit('cifar-10', 'train');
  expectSameBytes(Buffer.concat(batches.map(({ images }) => images)), train.images);
  expectSameBytes(Buffer.concat(batches.map(({ labels }) => labels)), train.labels);
  const test = drawStandInSplit('cifar-10', 'test');
  const { images, labels } = parseCifarBatch(bytesOf('cifar-10', 'test_batch.bin'), 'batch');
  expectSameBytes(images, test.images);
  expectSameBytes(labels, test.labels);
});
