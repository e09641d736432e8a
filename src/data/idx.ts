import { CnnbenchError } from '../core/errors.js';
import { checkLabels } from './labels.js';

const IMAGES_MAGIC = 0x00000803;
const LABELS_MAGIC = 0x00000801;
const REMEDY = 'Replace the file with the official one (see docs/data.md), or remove it from the data folder.';

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

function readHeader(bytes: Uint8Array, file: string, magic: number, dimensions: number): number[] {
  if (bytes.length >= 4) {
    const found = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if (found !== magic) {
      const message = `${file} starts with ${hex(found)}; an IDX file of its kind starts with ${hex(magic)}.`;
      throw new CnnbenchError('E_DATA_MAGIC', message, REMEDY);
    }
  }
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) {
    throw new CnnbenchError('E_DATA_SIZE', `${file} has ${bytes.length} bytes, less than an IDX header.`, REMEDY);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
}

function checkSizes(file: string, found: readonly number[], expected: readonly number[], values: number): void {
  if (found.some((size, index) => size !== expected[index])) {
    const message = `${file} has ${found.join(' x ')} values according to its header; expected ${expected.join(' x ')}.`;
    throw new CnnbenchError('E_DATA_SIZE', message, REMEDY);
  }
  const announced = expected.reduce((product, size) => product * size, 1);
  if (values !== announced) {
    const message = `${file} has ${values} values after its header, which announces ${announced}.`;
    throw new CnnbenchError('E_DATA_SIZE', message, REMEDY);
  }
}

/**
 * The images of an IDX file (format: http://yann.lecun.com/exdb/mnist): magic 0x00000803, count, height and width as
 * big-endian 32-bit integers, then one byte a pixel.
 *
 * @param file name for messages
 * @returns a view on `bytes`, [count, height, width, 1]
 * @throws E_DATA_MAGIC, E_DATA_SIZE
 */
export function parseIdxImages(
  bytes: Uint8Array,
  file: string,
  expected: { readonly count: number; readonly height: number; readonly width: number },
): Uint8Array {
  const sizes = readHeader(bytes, file, IMAGES_MAGIC, 3);
  const images = bytes.subarray(16);
  checkSizes(file, sizes, [expected.count, expected.height, expected.width], images.length);
  return images;
}

/**
 * The labels of an IDX file: magic 0x00000801 and count as big-endian 32-bit integers, then one byte a label.
 *
 * @param file name for messages
 * @returns a view on `bytes`, [count], every label below 10
 * @throws E_DATA_MAGIC, E_DATA_SIZE, E_DATA_LABEL
 */
export function parseIdxLabels(bytes: Uint8Array, file: string, count: number): Uint8Array {
  const sizes = readHeader(bytes, file, LABELS_MAGIC, 1);
  const labels = bytes.subarray(8);
  checkSizes(file, sizes, [count], labels.length);
  checkLabels(labels, file);
  return labels;
}
