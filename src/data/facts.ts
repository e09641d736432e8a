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
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const perClass = new Array<number>(classes).fill(0);
  for (const label of labels) perClass[label] = (perClass[label] as number) + 1;
  let [low, high] = [255, 0];
  for (const byte of images) {
    if (byte < low) low = byte;
    if (byte > high) high = byte;
  }
  return { images: count, perClass, range: [low, high] };
}
