import type { Dataset, Split } from '../core/dataset.js';
import type { DataResult } from '../core/record.js';

/** What decks say of a data set, counted: images, images of each class, shape and range of their bytes. */
export function countDataset({ identity, imageShape, train, test }: Dataset): DataResult {
  return {
    kind: 'data',
    dataset: { ...identity },
    imageShape: [...imageShape],
    train: countSplit(train),
    test: countSplit(test),
  };
}

/** Every label that occurs counts as a class, and none that does not. */
function countSplit({ count, images, labels }: Split): DataResult['train'] {
  const perClass: number[] = [];
  for (const label of labels) perClass[label] = (perClass[label] ?? 0) + 1;
  let [low, high] = [255, 0];
  for (const byte of images) {
    if (byte < low) low = byte;
    if (byte > high) high = byte;
  }
  return { images: count, perClass: Array.from(perClass, (each) => each ?? 0), range: [low, high] };
}
