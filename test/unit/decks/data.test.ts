import { describe, expect, test } from 'vitest';
import type { DeckDataset } from '../../../src/data/catalog-entry.js';
import { imageSourceSchema } from '../../../src/core/deck-data.js';
import { complaints, deckText, read } from './deck.js';

const withData = (data: string) => deckText({ more: `data: { leaves: ${data} }` });

async function dataOf(data: string) {
  return ((await read(withData(data))).datasets[0] as DeckDataset).data;
}

describe('the data of a deck', () => {
  const RIGHT = [
    [
      '{ format: built-in, set: fashion-mnist }',
      { source: { format: 'built-in', set: 'fashion-mnist' }, scale: { divide: 255 } },
    ],
    ['{ format: idx, train: { images: a, labels: b }, test: { images: c, labels: d } }', { source: { format: 'idx' } }],
    ['{ format: cifar-10, train: [a.bin, b.bin], test: [c.bin] }', { source: { train: ['a.bin', 'b.bin'] } }],
    ['{ format: cifar-100, labels: coarse, train: [a], test: [b] }', { source: { labels: 'coarse' } }],
    [
      '{ format: image-folder, train: leaves/train, test: leaves/test, size: [32, 32, 3], scale: [-1, 1] }',
      { prepare: { channels: 3, resize: [32, 32] }, scale: { divide: 255, mean: [0.5], sd: [0.5] } },
    ],
    [
      '{ format: npz, train: { file: a.npz, images: x, labels: y }, split: { testFraction: 0.2, seed: 1 }, scale: none }',
      { split: { testFraction: 0.2, seed: 1, stratified: false }, scale: { divide: 1 } },
    ],
    [
      '{ format: parquet, image: image, label: label, train: [a.parquet], test: [b.parquet] }',
      { source: { image: 'image' } },
    ],
    [
      '{ format: csv, header: true, label: first, shape: [8, 8, 1], train: [a.csv], test: [b.csv], classes: 5, pad: [2, 2, 2, 2] }',
      { classes: 5, prepare: { pad: [2, 2, 2, 2] } },
    ],
  ] as const;
  test.each(RIGHT)('%s', async (text, expected) => {
    expect(await dataOf(text)).toMatchObject({ name: 'ml101.leaves', title: 'leaves', ...expected });
  });

  test('has every format that is read', () => {
    const formats = imageSourceSchema.options.map(({ shape }) => shape.format.value);
    expect(new Set(RIGHT.map(([text]) => /format: ([a-z0-9-]+)/.exec(text)?.[1]))).toEqual(new Set(formats));
  });

  test.each([
    ['{ format: imagefolder, train: a }', 'data.leaves.format cannot be "imagefolder"'],
    ['{ format: image-folder, trian: a, test: b }', 'did you mean "train"?'],
    ['{ format: image-folder, train: ../secret, test: b }', 'a path below the folder of the deck, without ".."'],
    ['{ format: image-folder, train: /etc, test: b }', 'a relative path'],
    ['{ format: image-folder, train: a }', 'a test set, or a split to draw one'],
    ['{ format: csv, header: true, label: first, shape: [8, 8, 2], train: [a], test: [b] }', 'data.leaves.shape[3]'],
    ['{ format: built-in, set: fashion-mnist, classes: 1 }', 'data.leaves.classes'],
  ])('%s is an error with its place', async (text, why) => {
    expect(await complaints(withData(text))).toContain(why);
  });

  test('decides what a model takes and ends in, where the deck says it', async () => {
    const experiments = '{ e: { data: leaves, model: mlp, recipe: { like: keras, optimizer: adam, epochs: 1 } } }';
    const data = '{ format: image-folder, train: a, test: b, size: [32, 32, 3], classes: 5 }';
    const message = await complaints(deckText({ experiments, more: `data: { leaves: ${data} }` }));
    expect(message).toContain('it takes 28x28x1, and the images of ml101.leaves are 32x32x3');
    expect(message).toContain('5 values, one a class');
  });
});
