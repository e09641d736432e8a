import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../../src/data/digest.js';
import { SmallRandom, seedOf } from '../../../../src/data/stand-in/random.js';
import { shapesOfClasses } from '../../../../src/data/stand-in/shapes.js';
import {
  STAND_IN_COUNTS,
  STAND_IN_SHA256,
  drawStandInDataset,
  drawStandInSplit,
  standInIdentity,
} from '../../../../src/data/stand-in/stand-in.js';

const NAMES = ['fashion-mnist', 'cifar-10', 'mnist', 'kmnist', 'cifar-100', 'cifar-100-coarse'] as const;
const CLASSES: Readonly<Record<string, number>> = { 'cifar-100': 100, 'cifar-100-coarse': 20 };

describe.each(NAMES)('the stand-in for %s', (name) => {
  const classes = CLASSES[name] ?? 10;
  const dataset = drawStandInDataset(name);

  test('has the same bytes on every machine', () => {
    const { train, test } = dataset;
    expect([train.images, train.labels, test.images, test.labels].map((values) => sha256(values))).toEqual(
      STAND_IN_SHA256[name],
    );
  });

  test('has the form of the data set and balanced classes, in any prefix with all of them', () => {
    const [height, width, channels] = dataset.imageShape;
    expect(new Set(dataset.classes).size).toBe(classes);
    for (const split of ['train', 'test'] as const) {
      const { count, images, labels } = dataset[split];
      expect(count).toBe(STAND_IN_COUNTS[split]);
      expect(images).toHaveLength(count * height * width * channels);
      expect(new Set(labels.subarray(0, classes)).size).toBe(classes);
      const perClass = new Array<number>(classes).fill(0);
      for (const label of labels) perClass[label] = (perClass[label] ?? 0) + 1;
      expect(new Set(perClass)).toEqual(new Set([count / classes]));
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

describe('the classes of a stand-in', () => {
  test.each([2, 7, 10, 11, 100, 101, 1000])('are %i different ones', (count) => {
    const names = shapesOfClasses(count).map((shapes) => shapes.map(({ name }) => name).join(' '));
    expect(new Set(names).size).toBe(count);
    expect(new Set(shapesOfClasses(count).map((shapes) => shapes.length)).size).toBe(1);
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
