import type { Dataset, DatasetIdentity, DatasetName, ByteSplit } from '../../core/dataset.js';
import { fingerprintOf } from '../digest.js';
import { drawStandIn } from './draw.js';
import { SmallRandom, seedOf } from './random.js';
import { shapesOfClasses } from './shapes.js';

/** Images a stand-in has: of ten classes 1,000 and 200 of each. */
export const STAND_IN_COUNTS = { train: 10_000, test: 2_000 } as const;

/** Raise it with every change of a drawn byte: it is part of every seed. */
const GENERATOR = 'cnnbench stand-in 1';

const FORMS = {
  'fashion-mnist': { side: 28, channels: 1, classes: 10 },
  'cifar-10': { side: 32, channels: 3, classes: 10 },
  mnist: { side: 28, channels: 1, classes: 10 },
  kmnist: { side: 28, channels: 1, classes: 10 },
  'cifar-100': { side: 32, channels: 3, classes: 100 },
  'cifar-100-coarse': { side: 32, channels: 3, classes: 20 },
} as const;
type StandIn = keyof typeof FORMS;

/** Whether there is a stand-in for a data set. */
export function hasStandIn(name: DatasetName): name is StandIn {
  return Object.hasOwn(FORMS, name);
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
  mnist: [
    'cce082d3f1ba85cbf4f4ed3d78378d5ee36f59c2fc49b213291e9767301f13e0',
    'd2c889c0cce58887b7ac5c7bceb6c9d0321f14a72118ae1044e620c673fd7165',
    'd4afd05df7dfbbf68e8d85b8fb6cfdb69599f74d7df7997f2bc4d3d56c293cae',
    '0b2380a4d9a37a914f93a487df02ae3b8c51133fdfe2758f789e8849ff525c1a',
  ],
  kmnist: [
    '8176d811ec5e5d57c511498ad7a710537ca16ddadadef8d2cf09da15ad84de6f',
    '68fe51389b1b830599513afac44f340df7d678a78ac9fc593eda0c0aa60c2649',
    'e956895e543c489990120470eaf2fb04a5728a9f86169591c1c9cbf84d490183',
    '5b2713a07504ff4157cd5c6385fe5361b2637134ba2263394d0407a934a15e05',
  ],
  'cifar-100': [
    '190508af78f1b0db89864e74ce0026fa42197864f8844ccaaef516913b50163c',
    'e4f6b2af0086a9e962c21cb7fef780281fa7f6ef5ac0b4ee42465cc84963a15f',
    'dfbbd8c5075138d1f11a02ec34e4a47e6781940a7b834d600673a8824f053963',
    '729068b0a064aef8d79586e8cd08cd1cd15572ec773b75f6ac47672ad9dbd0c0',
  ],
  'cifar-100-coarse': [
    'bf8bbd187a2144c4b0e6478401fb06bb71ff4e871008a1e517e170e5487f297d',
    '1a93518d37c769c67f73a738759e739eeb590219c175a1ea3630c35c899e0a70',
    '8f2306eedb968950e2311e1b4facf0bc94035b0e12e2a7923407df1735bf140d',
    'b368141fdebb25af4243c2dcfed58aa043a54a8ae4524d6498acef7c6d3ebf9e',
  ],
};

/** The label of image `index`: as many images as there are classes hold each class once, in a random order. */
function labelOf(name: StandIn, split: keyof typeof STAND_IN_COUNTS, index: number): number {
  const { classes } = FORMS[name];
  const random = new SmallRandom(seedOf(`${GENERATOR}/${name}/${split}/order/${Math.floor(index / classes)}`));
  const order = Array.from({ length: classes }, (_, label) => label);
  for (let last = order.length - 1; last > 0; last--) {
    const pick = random.below(last + 1);
    const kept = order[last] as number;
    order[last] = order[pick] as number;
    order[pick] = kept;
  }
  return order[index % classes] as number;
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
  const drawnAs = standInOf(name);
  const { side, channels, classes } = FORMS[drawnAs];
  const drawn = Math.min(count, STAND_IN_COUNTS[split]);
  const size = side * side * channels;
  const canvas = { side, channels, values: new Float64Array(size) };
  const shapes = shapesOfClasses(classes);
  const images = new Uint8Array(drawn * size);
  const labels = new Uint8Array(drawn);
  for (let index = 0; index < drawn; index++) {
    const label = labelOf(drawnAs, split, index);
    const random = new SmallRandom(seedOf(`${GENERATOR}/${name}/${split}/image/${index}`));
    drawStandIn(canvas, shapes[label] ?? [], random, images, index * size);
    labels[index] = label;
  }
  return { count: drawn, images, labels };
}

/** Who a stand-in is: its fingerprint covers the drawn bytes through their pinned digests. */
export function standInIdentity(name: DatasetName): DatasetIdentity {
  return { name, fingerprint: fingerprintOf(STAND_IN_SHA256[standInOf(name)]), provenance: 'stand-in' };
}

/**
 * Draws a stand-in: deterministic images of classes of shapes in the format of the named data set.
 *
 * @param counts images a split, the first ones; default all (10,000 and 2,000)
 */
export function drawStandInDataset(
  name: DatasetName,
  counts: { readonly trainImages?: number | undefined; readonly testImages?: number | undefined } = {},
): Dataset {
  const { side, channels, classes } = FORMS[standInOf(name)];
  return {
    identity: standInIdentity(name),
    imageShape: [side, side, channels],
    classes: shapesOfClasses(classes).map((shapes) => shapes.map((shape) => shape.name).join(' ')),
    train: drawStandInSplit(name, 'train', counts.trainImages),
    test: drawStandInSplit(name, 'test', counts.testImages),
  };
}
