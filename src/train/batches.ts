import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ActiveBackend } from '../backends/backend.js';
import type { NormaliseBytes } from '../backends/additions.js';
import type { Tf } from '../backends/tfjs.js';
import type { Split } from '../core/dataset.js';
import { permutation, type RandomStream } from '../core/random.js';

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
 * The examples of each training step of an epoch: all reshuffled, the last partial batch dropped.
 *
 * @param count examples of the split
 * @param shuffle advanced by one permutation
 */
export function shuffledBatches(count: number, batchSize: number, shuffle: RandomStream): Uint32Array[] {
  const order = permutation(count, shuffle);
  const steps = Math.floor(count / batchSize);
  return Array.from({ length: steps }, (_, step) => order.subarray(step * batchSize, (step + 1) * batchSize));
}

/** The same for `steps` steps, over as many epochs as they take. */
export function firstBatches(
  count: number,
  batchSize: number,
  shuffle: RandomStream,
  steps: number,
): readonly Uint32Array[] {
  if (batchSize > count) throw new RangeError(`${count} examples do not fill a batch of ${batchSize}`);
  const batches: Uint32Array[] = [];
  while (batches.length < steps) batches.push(...shuffledBatches(count, batchSize, shuffle));
  return batches.slice(0, steps);
}

/**
 * Gathers and normalises the examples `order[start..end)`.
 *
 * @param order indices into the split; identity where absent
 */
export function makeBatch(
  { tf, normalise = normaliseInJavaScript(tf) }: BatchBackend,
  split: Split,
  shape: readonly [number, number, number],
  classCount: number,
  start: number,
  end: number,
  order?: Uint32Array,
): Batch {
  const size = shape[0] * shape[1] * shape[2];
  const examples = Array.from({ length: end - start }, (_, row) =>
    order === undefined ? start + row : (order[start + row] as number),
  );
  const classes = Uint8Array.from(examples, (example) => split.labels[example] as number);
  const oneHot = new Float32Array(classes.length * classCount);
  for (const [row, label] of classes.entries()) oneHot[row * classCount + label] = 1;
  const images = normalise([examples.length, ...shape], (bytes) => {
    for (const [row, example] of examples.entries()) {
      bytes.set(split.images.subarray(example * size, (example + 1) * size), row * size);
    }
  });
  return { images: images as Tensor4D, labels: tf.tensor2d(oneHot, [classes.length, classCount]), classes };
}

function normaliseInJavaScript(tf: Tf): NormaliseBytes {
  return (shape, fill) => {
    const bytes = new Uint8Array(tf.util.sizeFromShape([...shape]));
    fill(bytes);
    const values = new Float32Array(bytes.length);
    for (let index = 0; index < bytes.length; index++) {
      values[index] = NORMALISED[bytes[index] as number] as number;
    }
    return tf.tensor(values, [...shape]);
  };
}
