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

/** Classes as far as labels occur. */
function countSplit({ count, images, labels }: Split): DataResult['train'] {
  let classes = 0;
  for (const label of labels) classes = Math.max(classes, label + 1);
  const perClass = new Array<number>(classes).fill(0);
  for (const label of labels) perClass[label] = (perClass[label] as number) + 1;
  let [low, high] = count === 0 ? [0, 0] : [Infinity, -Infinity];
  for (const value of images) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { images: count, perClass, range: [low, high] };
}
