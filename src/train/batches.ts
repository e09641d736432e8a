import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ActiveBackend } from '../backends/backend.js';
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

/** What making batches takes from a backend. */
export type BatchBackend = Pick<ActiveBackend, 'tf' | 'normalise'>;

/**
 * Gathers and normalises the examples `order[start..end)`.
 *
 * @param order indices into the split; identity where absent
 */
export function makeBatch(
  { tf, normalise = (bytes, shape) => normaliseInJavaScript(tf, bytes, shape) }: BatchBackend,
  split: Split,
  shape: readonly [number, number, number],
  classCount: number,
  start: number,
  end: number,
  order?: Uint32Array,
): Batch {
  const size = shape[0] * shape[1] * shape[2];
  const count = end - start;
  const pixels = new Uint8Array(count * size);
  const oneHot = new Float32Array(count * classCount);
  const classes = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const example = order === undefined ? start + row : (order[start + row] as number);
    pixels.set(split.images.subarray(example * size, (example + 1) * size), row * size);
    const label = split.labels[example] as number;
    classes[row] = label;
    oneHot[row * classCount + label] = 1;
  }
  return {
    images: normalise(pixels, [count, ...shape]) as Tensor4D,
    labels: tf.tensor2d(oneHot, [count, classCount]),
    classes,
  };
}

function normaliseInJavaScript(tf: Tf, bytes: Uint8Array, shape: readonly number[]): Tensor {
  const values = new Float32Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) {
    values[index] = NORMALISED[bytes[index] as number] as number;
  }
  return tf.tensor(values, [...shape]);
}
