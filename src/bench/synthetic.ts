import type { Dataset, DatasetName, Split } from '../core/dataset.js';

/** As many images as fit the memory of several processes, and fill several batches of 1024. */
const TRAIN_IMAGES = 8192;

const CLASSES = Array.from({ length: 10 }, (_, index) => `class ${index}`);

/** A data set of pseudo-random bytes: what a step costs does not depend on what is in the picture. */
export function syntheticDataset(name: DatasetName, imageShape: Dataset['imageShape']): Dataset {
  const size = imageShape[0] * imageShape[1] * imageShape[2];
  return {
    identity: { name, fingerprint: '0'.repeat(64), provenance: 'stand-in' },
    imageShape,
    classes: CLASSES,
    train: split(TRAIN_IMAGES, size),
    test: split(1, size),
  };
}

function split(count: number, size: number): Split {
  return {
    count,
    images: Uint8Array.from({ length: count * size }, (_, index) => hash(index) & 0xff),
    labels: Uint8Array.from({ length: count }, (_, index) => hash(~index) % CLASSES.length),
  };
}

/** 32 well-mixed bits of an integer: the finaliser of MurmurHash3 (Appleby 2011). */
function hash(key: number): number {
  let mixed = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
