import type { ByteSplit } from '../core/dataset.js';
import type { CatalogEntry, CatalogFile } from './catalog-entry.js';
import { drawStandInSplit } from './stand-in/stand-in.js';

/** A file in the format of a data set's release, decompressed. */
export interface EncodedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The drawn stand-in of a data set as files of the names and formats of its release, with fewer images each. */
export function standInFiles({ name, files, imageShape }: CatalogEntry): EncodedFile[] {
  return (['train', 'test'] as const).flatMap((split) => {
    const drawn = drawStandInSplit(name, split);
    const own = files.filter((file) => file.split === split);
    const batches = own.filter(({ format }) => format.startsWith('cifar'));
    return own.map((file) => {
      const part = batches.length === 0 ? drawn : partOf(drawn, batches.indexOf(file), batches.length);
      return { name: file.name, bytes: ENCODERS[file.format](part, imageShape) };
    });
  });
}

/** One of `parts` equally long parts of a split. */
function partOf({ count, images, labels }: ByteSplit, index: number, parts: number): ByteSplit {
  const size = images.length / count;
  const [start, end] = [(index * count) / parts, ((index + 1) * count) / parts];
  return { count: end - start, images: images.subarray(start * size, end * size), labels: labels.subarray(start, end) };
}

type ImageShape = readonly [height: number, width: number, channels: number];

const ENCODERS: Readonly<Record<CatalogFile['format'], (split: ByteSplit, shape: ImageShape) => Uint8Array>> = {
  'idx-images': ({ count, images }, [height, width]) => withIdxHeader(0x803, [count, height, width], images),
  'idx-labels': ({ count, labels }) => withIdxHeader(0x801, [count], labels),
  'cifar-batch': (split, shape) => encodeCifarBatch(split, shape, (label) => [label]),
  // Five classes in the place of each superclass.
  'cifar-100-batch': (split, shape) => encodeCifarBatch(split, shape, (label) => [Math.floor(label / 5), label]),
};

/** IDX: the magic number and each dimension as four bytes, the most significant first, then the values. */
function withIdxHeader(magic: number, dimensions: readonly number[], values: Uint8Array): Uint8Array {
  const header = [magic, ...dimensions];
  const bytes = new Uint8Array(4 * header.length + values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of header.entries()) view.setUint32(4 * index, word);
  bytes.set(values, 4 * header.length);
  return bytes;
}

/** CIFAR's binary batch: for each image its label (of CIFAR-100 both) and one plane a channel (CHW), from pixels (HWC). */
function encodeCifarBatch(
  { count, images, labels }: ByteSplit,
  [height, width, channels]: ImageShape,
  headOf: (label: number) => readonly number[],
): Uint8Array {
  const plane = height * width;
  const heads = headOf(0).length;
  const record = heads + channels * plane;
  const bytes = new Uint8Array(count * record);
  for (let image = 0; image < count; image++) {
    bytes.set(headOf(labels[image] as number), image * record);
    for (let pixel = 0; pixel < plane; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        bytes[image * record + heads + channel * plane + pixel] = images[
          (image * plane + pixel) * channels + channel
        ] as number;
      }
    }
  }
  return bytes;
}
