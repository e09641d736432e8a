import { CnnbenchError } from '../core/errors.js';
import { checkLabels } from './labels.js';

const SIDE = 32;
const PLANE = SIDE * SIDE;
/** One label, then the red, the green and the blue plane. */
const RECORD = 1 + 3 * PLANE;
/** CIFAR-100 has two: the superclass, then the class. */
const RECORD_100 = RECORD + 1;

/**
 * Makes sure that `bytes` is a CIFAR-10 binary batch of `count` records.
 *
 * @param file name for messages
 * @throws E_DATA_SIZE, E_DATA_LABEL
 */
export function checkCifarBatch(bytes: Uint8Array, file: string, count: number): void {
  if (bytes.length !== count * RECORD) {
    throw new CnnbenchError(
      'E_DATA_SIZE',
      `${file} has ${bytes.length} bytes; ${count} images of ${RECORD} bytes each are ${count * RECORD}.`,
      'Use the complete binary version of CIFAR-10 (cifar-10-binary.tar.gz); see docs/data.md.',
    );
  }
  checkLabels(bytes, file, { stride: RECORD });
}

/**
 * The same of CIFAR-100: every image has one of 20 coarse labels and one of 100 fine ones.
 *
 * @throws E_DATA_SIZE, E_DATA_LABEL
 */
export function checkCifar100Batch(bytes: Uint8Array, file: string, count: number): void {
  if (bytes.length !== count * RECORD_100) {
    throw new CnnbenchError(
      'E_DATA_SIZE',
      `${file} has ${bytes.length} bytes; ${count} images of ${RECORD_100} bytes each are ${count * RECORD_100}.`,
      'Use the complete binary version of CIFAR-100 (cifar-100-binary.tar.gz); see docs/data.md.',
    );
  }
  checkLabels(bytes, file, { classes: 20, stride: RECORD_100 });
  checkLabels(bytes, file, { classes: 100, stride: RECORD_100, first: 1 });
}

/**
 * Copies the first images and labels of a CIFAR-10 binary batch (format: https://www.cs.toronto.edu/~kriz/cifar.html)
 * to where they belong, and turns the order of values from planes (CHW) to pixels (HWC).
 *
 * @param bytes a batch that passed checkCifarBatch
 * @param images target, [n, 32, 32, 3]; its length says how many images are copied
 * @param labels target, [n]
 */
export function copyCifarBatch(bytes: Uint8Array, images: Uint8Array, labels: Uint8Array): void {
  copyRecords(bytes, images, labels, { heads: 1, label: 0 });
}

/** The same of CIFAR-100. @param label which of the two is taken: the coarse one is first */
export function copyCifar100Batch(bytes: Uint8Array, images: Uint8Array, labels: Uint8Array, label: 0 | 1): void {
  copyRecords(bytes, images, labels, { heads: 2, label });
}

function copyRecords(
  bytes: Uint8Array,
  images: Uint8Array,
  labels: Uint8Array,
  { heads, label }: { readonly heads: 1 | 2; readonly label: 0 | 1 },
): void {
  for (let index = 0; index < labels.length; index++) {
    const record = index * (heads + 3 * PLANE);
    labels[index] = bytes[record + label] as number;
    let to = index * 3 * PLANE;
    for (let from = record + heads; from < record + heads + PLANE; from++) {
      images[to++] = bytes[from] as number;
      images[to++] = bytes[from + PLANE] as number;
      images[to++] = bytes[from + 2 * PLANE] as number;
    }
  }
}

/**
 * The images and labels of a CIFAR-10 binary batch of any number of records.
 *
 * @param file name for messages
 * @returns images [count, 32, 32, 3] and labels [count], both newly allocated
 * @throws E_DATA_SIZE when the length is no multiple of a record, E_DATA_LABEL
 */
export function parseCifarBatch(
  bytes: Uint8Array,
  file: string,
  count: number = Math.max(1, Math.floor(bytes.length / RECORD)),
): { images: Uint8Array; labels: Uint8Array } {
  checkCifarBatch(bytes, file, count);
  const images = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  copyCifarBatch(bytes, images, labels);
  return { images, labels };
}
