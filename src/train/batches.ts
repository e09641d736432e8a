import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ActiveBackend } from '../backends/backend.js';
import type { Tf } from '../backends/tfjs.js';
import type { Dataset, Labels, Pixels, Split } from '../core/dataset.js';
import type { PixelScale } from '../core/deck-data.js';
import type { TrainingExperiment } from '../core/experiment.js';
import { permutation, type RandomStream } from '../core/random.js';
import { isToMinusOneToOne, pixelScaler, TO_MINUS_ONE_TO_ONE } from './pixels.js';

/** Examples of one step. Whoever asks for a batch disposes of its tensors. */
export interface Batch {
  /** [n, height, width, channels], scaled. */
  readonly images: Tensor4D;
  /** One-hot, [n, classes]. */
  readonly labels: Tensor2D;
  /** Class indices, [n]. */
  readonly classes: Labels;
  /** Epochs that are over; of a training batch. */
  readonly epoch?: number;
}

/** What making batches takes from a backend. */
export type BatchBackend = Pick<ActiveBackend, 'tf' | 'normalise'>;

/** How an epoch takes its examples. */
export type Order = Pick<TrainingExperiment, 'lastBatch' | 'shuffle'>;

/** Steps of an epoch. @param count examples of the split */
export function stepsOfEpoch(count: number, batchSize: number, { lastBatch }: Order): number {
  return lastBatch === 'kept' ? Math.ceil(count / batchSize) : Math.floor(count / batchSize);
}

/**
 * The examples of each training step of an epoch: all reshuffled, the last partial batch dropped, unless the recipe says otherwise.
 *
 * @param count examples of the split
 * @param shuffle advanced by one permutation, unless they are not shuffled
 */
export function batchesOfEpoch(
  count: number,
  batchSize: number,
  shuffle: RandomStream,
  how: Order = {},
): Uint32Array[] {
  const order =
    how.shuffle === false ? Uint32Array.from({ length: count }, (_, index) => index) : permutation(count, shuffle);
  const steps = stepsOfEpoch(count, batchSize, how);
  return Array.from({ length: steps }, (_, step) => order.subarray(step * batchSize, (step + 1) * batchSize));
}

/** The same for `steps` steps, over as many epochs as they take. */
export function firstBatches(
  count: number,
  batchSize: number,
  shuffle: RandomStream,
  steps: number,
  how: Order = {},
): readonly Uint32Array[] {
  if (batchSize > count) throw new RangeError(`${count} examples do not fill a batch of ${batchSize}`);
  const batches: Uint32Array[] = [];
  while (batches.length < steps) batches.push(...batchesOfEpoch(count, batchSize, shuffle, how));
  return batches.slice(0, steps);
}

/** What making a batch takes of a data set. */
export type BatchData = Pick<Dataset, 'imageShape' | 'classes' | 'scale'>;

/**
 * Gathers and scales the examples `order[start..end)`.
 *
 * @param split one of the data set
 * @param order indices into the split; identity where absent
 */
export function makeBatch(
  { tf, normalise }: BatchBackend,
  { imageShape, classes: names, scale = TO_MINUS_ONE_TO_ONE }: BatchData,
  split: Split,
  start: number,
  end: number,
  order?: Uint32Array,
): Batch {
  const size = imageShape[0] * imageShape[1] * imageShape[2];
  const examples = Array.from({ length: end - start }, (_, row) =>
    order === undefined ? start + row : (order[start + row] as number),
  );
  const classes = Uint16Array.from(examples, (example) => split.labels[example] as number);
  const oneHot = new Float32Array(classes.length * names.length);
  for (const [row, label] of classes.entries()) oneHot[row * names.length + label] = 1;
  const shape = [examples.length, ...imageShape];
  const { images: pixels } = split;
  const fill = (put: (example: Pixels, at: number) => void) => {
    for (const [row, example] of examples.entries()) {
      put(pixels.subarray(example * size, (example + 1) * size), row * size);
    }
  };
  const byBackend = pixels instanceof Uint8Array && isToMinusOneToOne(scale) ? normalise : undefined;
  const images =
    byBackend?.(shape, (bytes) => {
      fill((example, at) => {
        bytes.set(example, at);
      });
    }) ?? scaleInJavaScript(tf, shape, scale, fill);
  return { images: images as Tensor4D, labels: tf.tensor2d(oneHot, [classes.length, names.length]), classes };
}

function scaleInJavaScript(
  tf: Tf,
  shape: readonly number[],
  scale: PixelScale,
  fill: (put: (example: Pixels, at: number) => void) => void,
): Tensor {
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  const put = pixelScaler(scale, shape.at(-1) as number);
  fill((example, at) => {
    put(example, values, at);
  });
  return tf.tensor(values, [...shape]);
}
