import type { Dataset, DatasetIdentity, DatasetName, ByteSplit } from '../../core/dataset.js';
import { fingerprintOf } from '../digest.js';
import { drawStandIn } from './draw.js';
import { SmallRandom, seedOf } from './random.js';
import { STAND_IN_SHAPES } from './shapes.js';

/** Images a stand-in has: 1,000 and 200 of each class. */
export const STAND_IN_COUNTS = { train: 10_000, test: 2_000 } as const;

/** Raise it with every change of a drawn byte: it is part of every seed. */
const GENERATOR = 'cnnbench stand-in 1';

const SHAPES = {
  'fashion-mnist': { side: 28, channels: 1 },
  'cifar-10': { side: 32, channels: 3 },
} as const;
type StandIn = keyof typeof SHAPES;

/** Whether there is a stand-in for a data set. */
export function hasStandIn(name: DatasetName): name is StandIn {
  return Object.hasOwn(SHAPES, name);
}

/** @throws TypeError where there is none: the source of such a data set is never a stand-in */
function standInOf(name: DatasetName): StandIn {
  if (hasStandIn(name)) return name;
  throw new TypeError(`nothing is drawn in place of ${name}`);
}

/** SHA-256 of train images, train labels, test images and test labels as drawn. A test draws them and compares. */
export const STAND_IN_SHA256: Readonly<Record<StandIn, readonly string[]>> = {
  'fashion-mnist': [
    '140d7f8a2ba2efe84d9ea1f47985b4e0fba1b6af3a3401ecf21a53e2c97c124d',
    '810a6999576de25a4bcdc93893683d0ac7dd1be55cfdc48dbf74ac9ea1d9fae7',
    'a19ecffdaf16e7abf6525771ec7601343e27c3ea0dd6eb074e50a6f4bb2d3347',
    '5cb4aaa55f8fee42a64fa4e018d2ec75c4506a8166a1be1e62bf8305d180a5fe',
  ],
  'cifar-10': [
    'bcbbe01167c5c61510d3465254ff022b38c365a1e7eec895a4999af37dcc7bcd',
    '3c19cd13831d12ed2b51be3099d30836b1e76eb7c11621332ee89fe466674aec',
    '56b8e13f823f6897f18eef01fb4c1415bb7c1b09500a68663ed3a87448c376c1',
    '927578d4610750e8592a6a1f68dfa89e1b20696d8fc5753e78a3cb04566526b2',
  ],
};

/** The label of image `index`: every ten images hold each class once, in a random order. */
function labelOf(name: DatasetName, split: keyof typeof STAND_IN_COUNTS, index: number): number {
  const random = new SmallRandom(seedOf(`${GENERATOR}/${name}/${split}/order/${Math.floor(index / 10)}`));
  const order = STAND_IN_SHAPES.map((_, label) => label);
  for (let last = order.length - 1; last > 0; last--) {
    const pick = random.below(last + 1);
    const kept = order[last] as number;
    order[last] = order[pick] as number;
    order[pick] = kept;
  }
  return order[index % 10] as number;
}

/**
 * Draws the first `count` images of a stand-in's split. Image i depends on (data set, split, i) only, so a shorter split
 * is a prefix of a longer one.
 *
 * @param count images to draw; at most the split's size is drawn. Default: all
 */
export function drawStandInSplit(
  name: DatasetName,
  split: keyof typeof STAND_IN_COUNTS,
  count: number = STAND_IN_COUNTS[split],
): ByteSplit {
  const { side, channels } = SHAPES[standInOf(name)];
  const drawn = Math.min(count, STAND_IN_COUNTS[split]);
  const size = side * side * channels;
  const canvas = { side, channels, values: new Float64Array(size) };
  const images = new Uint8Array(drawn * size);
  const labels = new Uint8Array(drawn);
  for (let index = 0; index < drawn; index++) {
    const label = labelOf(name, split, index);
    const random = new SmallRandom(seedOf(`${GENERATOR}/${name}/${split}/image/${index}`));
    drawStandIn(canvas, label, random, images, index * size);
    labels[index] = label;
  }
  return { count: drawn, images, labels };
}

/** Who a stand-in is: its fingerprint covers the drawn bytes through their pinned digests. */
export function standInIdentity(name: DatasetName): DatasetIdentity {
  return { name, fingerprint: fingerprintOf(STAND_IN_SHA256[standInOf(name)]), provenance: 'stand-in' };
}

/**
 * Draws a stand-in: deterministic images of ten classes of shapes in the format of the named data set.
 *
 * @param counts images a split, the first ones; default all (10,000 and 2,000)
 */
export function drawStandInDataset(
  name: DatasetName,
  counts: { readonly trainImages?: number | undefined; readonly testImages?: number | undefined } = {},
): Dataset {
  const { side, channels } = SHAPES[standInOf(name)];
  return {
    identity: standInIdentity(name),
    imageShape: [side, side, channels],
    classes: STAND_IN_SHAPES.map((shape) => shape.name),
    train: drawStandInSplit(name, 'train', counts.trainImages),
    test: drawStandInSplit(name, 'test', counts.testImages),
  };
}
