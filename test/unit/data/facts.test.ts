import { expect, test } from 'vitest';
import type { Dataset, Split } from '../../../src/core/dataset.js';
import { countDataset } from '../../../src/data/facts.js';

const split = (labels: number[], images: number[]): Split => ({
  count: labels.length,
  labels: Uint8Array.from(labels),
  images: Uint8Array.from(images),
});

test('a data set is counted from its labels and bytes', () => {
  const dataset: Dataset = {
    identity: { name: 'cifar-10', fingerprint: 'a'.repeat(64), provenance: 'official' },
    imageShape: [1, 2, 1],
    classes: [],
    train: split([0, 3, 3], [7, 9, 200, 12, 13, 14]),
    test: split([1], [0, 255]),
  };
  expect(countDataset(dataset)).toMatchObject({
    kind: 'data',
    imageShape: [1, 2, 1],
    train: { images: 3, perClass: [1, 0, 0, 2], range: [7, 200] },
    test: { images: 1, perClass: [0, 1], range: [0, 255] },
  });
});
