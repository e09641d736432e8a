import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../../src/data/digest.js';
import { SmallRandom, seedOf } from '../../../../src/data/stand-in/random.js';
import {
  STAND_IN_COUNTS,
  STAND_IN_SHA256,
  drawStandInDataset,
  drawStandInSplit,
  standInIdentity,
} from '../../../../src/data/stand-in/stand-in.js';

describe.each(['fashion-mnist', 'cifar-10'] as const)('the stand-in for %s', (name) => {
  const dataset = drawStandInDataset(name);

  test('has the same bytes on every machine', () => {
    const { train, test } = dataset;
    expect([train.images, train.labels, test.images, test.labels].map(sha256)).toEqual(STAND_IN_SHA256[name]);
  });

  test('has the form of the data set and ten balanced classes, in any prefix of whole tens', () => {
    const [height, width, channels] = dataset.imageShape;
    expect(dataset.classes).toHaveLength(10);
    for (const split of ['train', 'test'] as const) {
      const { count, images, labels } = dataset[split];
      expect(count).toBe(STAND_IN_COUNTS[split]);
      expect(images).toHaveLength(count * height * width * channels);
      expect([...labels.subarray(0, 10)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const perClass = new Array<number>(10).fill(0);
      for (const label of labels) perClass[label] = (perClass[label] ?? 0) + 1;
      expect(new Set(perClass)).toEqual(new Set([count / 10]));
    }
  });

  test('draws an image of its own for every index, so that a shorter split is a prefix', () => {
    const short = drawStandInSplit(name, 'test', 15);
    expect(short.images).toEqual(dataset.test.images.slice(0, short.images.length));
    expect(short.labels).toEqual(dataset.test.labels.slice(0, 15));
  });

  test('has other images in training than in testing', () => {
    const size = dataset.train.images.length / dataset.train.count;
    expect(dataset.train.images.slice(0, size)).not.toEqual(dataset.test.images.slice(0, size));
  });

  test('is labelled as a stand-in', () => {
    expect(dataset.identity).toEqual(standInIdentity(name));
    expect(dataset.identity.provenance).toBe('stand-in');
    expect(dataset.identity.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the generator of the stand-ins', () => {
  test('gives the published numbers of mulberry32', () => {
    const random = new SmallRandom(1);
    expect([random.next(), random.next(), random.next()]).toEqual([2693262067, 11749833, 2265367787]);
  });

  test('spreads seeds of texts that differ in one digit', () => {
    const seeds = Array.from({ length: 1000 }, (_, index) => seedOf(`image/${index}`));
    expect(new Set(seeds).size).toBe(1000);
  });
});
