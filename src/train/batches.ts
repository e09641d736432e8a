import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from '../backends/tfjs.js';
import type { Split } from '../core/dataset.js';

/**
 * A byte as the network sees it: torchvision's ToTensor and Normalize(0.5, 0.5), each step rounded to float32 as
 * PyTorch does. 0 -> -1, 255 -> 1.
 */
const NORMALISED = Float32Array.from({ length: 256 }, (_, byte) =>
  Math.fround(Math.fround(Math.fround(byte / 255) - 0.5) / 0.5),
);

/** Examples of one step. Whoever asks for a batch disposes of its tensors. */
export interface Batch {
  /** [n, height, width, channels], -1 to 1. */
  readonly images: Tensor4D;
  /** One-hot, [n, classes]. */
  readonly labels: Tensor2D;
  /** Class indices, [n]. */
  readonly classes: Uint8Array;
}

/**
 * Gathers and normalises the examples `order[start..end)`.
 *
 * @param order indices into the split; identity where absent
 */
export function makeBatch(
  tf: Tf,
  split: Split,
  shape: readonly [number, number, number],
  classCount: number,
  start: number,
  end: number,
  order?: Uint32Array,
): Batch {
  const size = shape[0] * shape[1] * shape[2];
  const count = end - start;
  const pixels = new Float32Array(count * size);
  const oneHot = new Float32Array(count * classCount);
  const classes = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const example = order === undefined ? start + row : (order[start + row] as number);
    const from = example * size;
    const to = row * size;
    for (let k = 0; k < size; k++) pixels[to + k] = NORMALISED[split.images[from + k] as number] as number;
    const label = split.labels[example] as number;
    classes[row] = label;
    oneHot[row * classCount + label] = 1;
  }
  return {
    images: tf.tensor4d(pixels, [count, ...shape]),
    labels: tf.tensor2d(oneHot, [count, classCount]),
    classes,
  };
}
