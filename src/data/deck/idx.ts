import type { ImageSource } from '../../core/deck-data.js';
import { complaint } from './complain.js';
import { locate, readWhole } from './files.js';
import { checkLimit, LIMITS } from './limits.js';
import { labelsOf, numbersIn, pixelsOf, widthOf, type Numbers, type NumberType } from './numbers.js';
import { equalImages, type RawSplit } from './raw.js';

type IdxSplit = Extract<ImageSource, { format: 'idx' }>['train'];

/** By the third byte of the magic number (http://yann.lecun.com/exdb/mnist). */
const TYPES: Readonly<Record<number, NumberType>> = { 8: 'u1', 9: 'i1', 11: 'i2', 12: 'i4', 13: 'f4', 14: 'f8' };

/** Images [n, height, width] or [n, height, width, channels] and labels [n] of two IDX files, gzipped or not. */
export async function readIdx(folders: readonly string[], { images, labels }: IdxSplit): Promise<RawSplit> {
  const pictures = await readArray(folders, images, [3, 4]);
  const classes = await readArray(folders, labels, [1]);
  const [count = 0, height = 0, width = 0, channels = 1] = pictures.sizes;
  if (channels !== 1 && channels !== 3)
    throw complaint('E_DATA_SIZE', `${images} has ${channels} channels; 1 and 3 are read.`);
  checkLimit(images, count, LIMITS.images, 'images');
  if (classes.sizes[0] !== count) {
    throw complaint(
      'E_DATA_SIZE',
      `${labels} has ${classes.sizes[0] ?? 0} labels for the ${count} images of ${images}.`,
    );
  }
  const size = height * width * channels;
  const nameOf = (index: number) => `image ${index} of ${images}`;
  const values = pixelsOf(pictures.numbers, (index) => nameOf(Math.floor(index / size)));
  return {
    count,
    images: () => equalImages(values, { height, width, channels }),
    labels: labelsOf(classes.numbers, (index) => `label ${index} of ${labels}`),
    nameOf,
  };
}

interface IdxArray {
  readonly sizes: readonly number[];
  readonly numbers: Numbers;
}

async function readArray(folders: readonly string[], path: string, dimensions: readonly number[]): Promise<IdxArray> {
  const bytes = await readWhole(await locate(folders, path));
  const [zero, alsoZero, code = 0, rank = 0] = bytes;
  const type = TYPES[code];
  if (zero !== 0 || alsoZero !== 0 || type === undefined || bytes.length < 4) {
    throw complaint(
      'E_DATA_MAGIC',
      `${path} does not begin as an IDX file does: 0, 0, a type and the number of dimensions.`,
    );
  }
  if (!dimensions.includes(rank)) {
    throw complaint('E_DATA_MAGIC', `${path} has ${rank} dimensions; expected ${dimensions.join(' or ')}.`);
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw complaint('E_DATA_SIZE', `${path} has ${bytes.length} bytes, less than its header.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const sizes = Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
  const announced = sizes.reduce((product, size) => product * size, widthOf(type));
  if (announced !== bytes.length - header || announced === 0) {
    throw complaint(
      'E_DATA_SIZE',
      `${path} holds ${bytes.length - header} bytes after its header; the header announces ${announced}.`,
    );
  }
  return { sizes, numbers: numbersIn(bytes.subarray(header), type, false) };
}
