import type { Labels, Pixels, Split } from '../../core/dataset.js';
import type { DrawnSplit } from '../../core/deck-data.js';
import { permutation, randomStream } from '../../core/random.js';
import { complaint } from './complain.js';

/** Names the random streams of data, which are the same for every deck. */
const STREAM = 'data';

/**
 * Draws a test set: of all images a share rounded to whole ones, or such a share of each class. Both sets keep the order of the files.
 * The same seed, number of images and labels give the same sets everywhere.
 *
 * @throws E_DATA_SPLIT where a set would be empty
 */
export function drawTest(
  all: Split,
  { testFraction, seed, stratified }: DrawnSplit,
  what: string,
): { train: Split; test: Split } {
  const stream = randomStream(STREAM, seed, 'split');
  const isTest = new Uint8Array(all.count);
  for (const group of stratified ? byClass(all.labels) : [Array.from({ length: all.count }, (_, index) => index)]) {
    const order = permutation(group.length, stream);
    for (const pick of order.subarray(0, Math.round(testFraction * group.length))) isTest[group[pick] as number] = 1;
  }
  const [train, test] = [0, 1].map((set) => take(all, indices(isTest, set))) as [Split, Split];
  if (train.count === 0 || test.count === 0) {
    throw complaint(
      'E_DATA_SPLIT',
      `A share of ${testFraction} of the ${all.count} images of ${what} leaves ${train.count} to train on and ${test.count} to test on.`,
    );
  }
  return { train, test };
}

function byClass(labels: Labels): number[][] {
  const groups: (number[] | undefined)[] = [];
  for (const [index, label] of labels.entries()) (groups[label] ??= []).push(index);
  return groups.filter((group) => group !== undefined);
}

function indices(isTest: Uint8Array, set: number): Uint32Array {
  const found: number[] = [];
  for (const [index, value] of isTest.entries()) if (value === set) found.push(index);
  return Uint32Array.from(found);
}

/**
 * Some of the images, drawn once and for all: a file may be sorted by class, so that its first images say nothing.
 *
 * @param wanted as many, or all there are
 */
export function drawPart(split: Split, wanted: number | undefined): Split {
  if (wanted === undefined || wanted >= split.count) return split;
  return take(split, permutation(split.count, randomStream(STREAM, 0, 'part')).subarray(0, wanted));
}

function take({ count, images, labels }: Split, chosen: Uint32Array): Split {
  const size = count === 0 ? 0 : images.length / count;
  const pixels: Pixels = new (images instanceof Uint8Array ? Uint8Array : Float32Array)(chosen.length * size);
  const classes: Labels = new (labels instanceof Uint8Array ? Uint8Array : Uint16Array)(chosen.length);
  for (const [place, index] of chosen.entries()) {
    pixels.set(images.subarray(index * size, (index + 1) * size), place * size);
    classes[place] = labels[index] as number;
  }
  return { count: chosen.length, images: pixels, labels: classes };
}
