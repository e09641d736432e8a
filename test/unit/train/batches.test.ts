import { expect, test } from 'vitest';
import { findBackend } from '../../../src/backends/registry.js';
import type { Dataset, Split } from '../../../src/core/dataset.js';
import { makeBatch } from '../../../src/train/batches.js';

const { tf } = await findBackend('js').activate({});
const classes = (count: number) => Array.from({ length: count }, (_, index) => `class ${index}`);

async function batchOf(
  data: Pick<Dataset, 'scale' | 'classes'>,
  split: Split,
  order: readonly number[],
  normalise = false,
) {
  const asked: number[] = [];
  const backend = {
    tf,
    ...(normalise && {
      normalise: (shape: readonly number[], fill: (bytes: Uint8Array) => void) => {
        const bytes = new Uint8Array(shape.reduce((product, size) => product * size, 1));
        fill(bytes);
        asked.push(...bytes);
        return tf.zeros([...shape]);
      },
    }),
  };
  const dataset = { imageShape: [1, 2, 1] as const, ...data };
  const batch = makeBatch(backend, dataset, split, 0, order.length, Uint32Array.from(order));
  const read = {
    images: [...(await batch.images.data())],
    labels: [...(await batch.labels.data())],
    shape: batch.labels.shape,
  };
  tf.dispose([batch.images, batch.labels]);
  return { ...read, classes: [...batch.classes], asked };
}

test('a batch of floats is not rounded to bytes', async () => {
  const split = { count: 2, images: Float32Array.of(0.5, -2.25, 300, 1), labels: Uint8Array.of(1, 0) };
  const batch = await batchOf({ classes: classes(2), scale: { divide: 2 } }, split, [1, 0]);
  expect(batch).toMatchObject({ images: [150, 0.5, 0.25, -1.125], labels: [1, 0, 0, 1], classes: [0, 1] });
});

test('labels go up to the number of classes, one-hot', async () => {
  const split = { count: 3, images: new Uint8Array(6), labels: Uint16Array.of(999, 256, 0) };
  const batch = await batchOf({ classes: classes(1000), scale: { divide: 1 } }, split, [0, 1, 2]);
  expect(batch.shape).toEqual([3, 1000]);
  expect(batch.labels.flatMap((value, index) => (value === 1 ? [index] : []))).toEqual([999, 1256, 2000]);
  expect(batch.classes).toEqual([999, 256, 0]);
});

test('a backend scales bytes to [-1, 1] and nothing else', async () => {
  const split = { count: 1, images: Uint8Array.of(7, 9), labels: Uint8Array.of(1) };
  const half: [number] = [0.5];
  expect((await batchOf({ classes: classes(2) }, split, [0], true)).asked).toEqual([7, 9]);
  const same = { classes: classes(2), scale: { divide: 255, mean: half, sd: half } };
  expect((await batchOf(same, split, [0], true)).asked).toEqual([7, 9]);
  const other = await batchOf({ classes: classes(2), scale: { divide: 255, mean: half } }, split, [0], true);
  expect(other.asked).toEqual([]);
  expect(other.images[0]).toBeCloseTo(7 / 255 - 0.5, 6);
  const floats = { ...split, images: Float32Array.of(7, 9) };
  expect((await batchOf(same, floats, [0], true)).asked).toEqual([]);
});
