import { describe, expect, test } from 'vitest';
import { deckDataSchema } from '../../../src/core/deck-data.js';

const SCALE = { divide: 255 };
const FOLDER = { format: 'image-folder', train: 'leaves/train', test: 'leaves/test' };
const LEAVES = { name: 'ml101.leaves', title: 'Leaves', source: FOLDER, scale: SCALE };

const messageOf = (value: unknown) => deckDataSchema.safeParse(value).error?.issues[0]?.message;

describe('the data set of a deck', () => {
  test.each([
    ['a built-in set', { format: 'built-in', set: 'mnist' }],
    ['IDX files', { format: 'idx', train: { images: 'x', labels: 'y' }, test: { images: 'a/x', labels: 'a/y' } }],
    ['CIFAR batches', { format: 'cifar-10', train: ['1.bin', '2.bin'], test: ['t.bin'] }],
    ['CIFAR-100', { format: 'cifar-100', labels: 'coarse', train: ['train.bin'], test: ['test.bin'] }],
    ['a folder', FOLDER],
    [
      'arrays',
      {
        format: 'npz',
        layout: 'channels-first',
        train: { file: 'a.npz', images: 'x', labels: 'y' },
        test: { file: 'a.npz', images: 'x2', labels: 'y2' },
      },
    ],
    ['Parquet', { format: 'parquet', image: 'image', label: 'label', train: ['0.parquet'], test: ['1.parquet'] }],
    ['CSV', { format: 'csv', header: true, label: 'first', shape: [28, 28, 1], train: ['a.csv'], test: ['b.csv'] }],
  ])('may be %s', (_, source) => {
    const data = { ...LEAVES, source };
    expect(deckDataSchema.parse(JSON.parse(JSON.stringify(data)))).toEqual(data);
  });

  test.each([
    ['/etc/passwd', 'relative'],
    ['C:/Users', 'relative'],
    ['~/data', 'relative'],
    ['\\\\server\\share', 'relative'],
    ['../secret', 'below the folder'],
    ['a/../../secret', 'below the folder'],
    ['a\\..\\b', 'below the folder'],
    ['a\\b', 'backslashes'],
    ['a\u0000b', 'control characters'],
  ])('never leaves the folder of its deck: %j', (train, reason) => {
    expect(messageOf({ ...LEAVES, source: { ...FOLDER, train } })).toContain(reason);
  });

  test('has a test set, named or drawn, and not both', () => {
    const split = { testFraction: 0.2, seed: 0, stratified: true };
    const drawn = { ...LEAVES, source: { format: 'image-folder', train: 'leaves' }, split };
    expect(deckDataSchema.parse(drawn)).toEqual(drawn);
    expect(messageOf({ ...LEAVES, split })).toContain('already');
    expect(messageOf({ ...drawn, split: undefined })).toContain('a split to draw one');
    expect(messageOf({ ...LEAVES, source: { format: 'built-in', set: 'mnist' }, split })).toContain('already');
    for (const testFraction of [0, 1, -0.1, NaN]) {
      expect(deckDataSchema.safeParse({ ...drawn, split: { ...split, testFraction } }).success).toBe(false);
    }
  });

  test('has 2 to 1000 classes with names that differ', () => {
    const withClasses = (classes: unknown) => deckDataSchema.safeParse({ ...LEAVES, classes }).success;
    const names = (count: number) => Array.from({ length: count }, (_, index) => `class ${index}`);
    expect([2, 1000, names(2), names(1000)].map(withClasses)).toEqual([true, true, true, true]);
    expect([1, 1001, 2.5, names(1), names(1001), ['a', 'b', 'a']].map(withClasses)).toEqual(Array(6).fill(false));
  });

  test.each([
    ['no standard deviation of zero', { scale: { divide: 255, mean: [0.5], sd: [0] } }],
    ['no two means', { scale: { divide: 255, mean: [0.5, 0.5] } }],
    ['no infinite divisor', { scale: { divide: Infinity } }],
    ['no side above 1024', { prepare: { resize: [1025, 10] } }],
    ['no negative padding', { prepare: { pad: [0, 0, 0, -1] } }],
    ['no unknown field', { augment: true }],
    ['no other colours', { prepare: { channels: 4 } }],
  ])('%s', (_, change) => {
    expect(deckDataSchema.safeParse({ ...LEAVES, ...change }).success).toBe(false);
  });
});
