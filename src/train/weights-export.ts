import type { DatasetIdentity, Split } from '../core/dataset.js';
import type { PixelScale } from '../core/deck-data.js';
import { CnnbenchError } from '../core/errors.js';
import { streamsOf } from '../core/experiment.js';
import { randomStream } from '../core/random.js';
import { encodeSafetensors, type NamedTensor } from '../core/safetensors.js';
import type { HostTensor } from '../core/tensor.js';
import { layerNames } from '../model/summary.js';
import { firstBatches } from './batches.js';
import { weightsDigest } from './digest.js';
import { tensorsOf, weightNames } from './initialise.js';
import { startWeights, type StartingPoint } from './trainer.js';

/** Weights of a model, and where they come from, for a safetensors file. */
export interface WeightsExport extends StartingPoint {
  /** Trained weights in the order of the model; absent: the start weights. */
  readonly trained?: {
    readonly weights: readonly HostTensor[];
    readonly description: Readonly<Record<string, string>>;
  };
  /** The first batches as the training takes them. */
  readonly batches?: BatchesExport;
  /** Version of cnnbench. */
  readonly version: string;
}

interface BatchesExport {
  readonly dataset: {
    readonly identity: DatasetIdentity;
    readonly imageShape: readonly number[];
    readonly scale?: PixelScale | undefined;
    readonly train: Split;
  };
  /** Examples a step. */
  readonly batchSize: number;
  readonly steps: number;
}

const LAYOUT =
  'kernel of dense: [in, out]; kernel of conv2d: [height, width, in, out]; flatten: height, width, channel';

/**
 * A safetensors file of weights, and of batches where asked for. docs/export.md describes it.
 *
 * Tensors: `LAYER.kernel` and `LAYER.bias`, float32, and `batches.images` [steps, n, height, width, channels] and
 * `batches.labels` [steps, n]: bytes, except float32 images of a deck whose files hold floats, and int32 labels of more than 256 classes.
 */
export function encodeExport({ trained, batches, version, ...point }: WeightsExport): Uint8Array {
  const { experiment, seed } = point;
  const { model } = experiment;
  const start = startWeights(point);
  const weights = trained?.weights ?? start.flatMap(tensorsOf);
  const names = weightNames(start, '.');
  const layers = layerNames(model.layers).map((name, index) => ({ ...model.layers[index], name }));
  const metadata = {
    producer: `cnnbench ${version}`,
    experiment: experiment.id,
    seed: String(seed),
    weights: trained === undefined ? 'initial' : 'trained',
    weightsSha256: weightsDigest(weights),
    layout: LAYOUT,
    model: JSON.stringify({ input: model.input, layers }),
    optimizer: JSON.stringify(experiment.optimizer),
    ...trained?.description,
    ...(batches && describeData(batches.dataset.identity)),
    ...(batches?.dataset.scale && { scale: JSON.stringify(batches.dataset.scale) }),
  };
  const tensors = weights.map(({ shape, values }, index) => ({ name: names[index] as string, shape, values }));
  return encodeSafetensors([...tensors, ...(batches === undefined ? [] : batchTensors(point, batches))], metadata);
}

/** What a file says of the data. */
export function describeData({ name, fingerprint, provenance }: DatasetIdentity): Record<string, string> {
  return { dataset: name, dataFingerprint: fingerprint, provenance };
}

/** The examples of the first steps, gathered: as they are in the files, not scaled. */
function batchTensors(
  { experiment, seed }: Pick<StartingPoint, 'experiment' | 'seed'>,
  { dataset: { train, imageShape }, batchSize, steps }: BatchesExport,
): NamedTensor[] {
  const order = firstBatches(
    train.count,
    batchSize,
    randomStream(streamsOf(experiment), seed, 'shuffle'),
    steps,
    experiment,
  );
  const size = imageShape.reduce((product, length) => product * length, 1);
  const images = new (train.images instanceof Uint8Array ? Uint8Array : Float32Array)(steps * batchSize * size);
  const labels = new (train.labels instanceof Uint8Array ? Uint8Array : Int32Array)(steps * batchSize);
  if (order.some((examples) => examples.length < batchSize)) {
    throw new CnnbenchError(
      'E_USAGE',
      `the last batch of an epoch of ${experiment.id} is smaller than the others, so they fit into no tensor`,
      `Ask for the batches of the first epoch: at most ${Math.floor(train.count / batchSize)}.`,
    );
  }
  for (const [step, examples] of order.entries()) {
    for (const [row, example] of examples.entries()) {
      const place = step * batchSize + row;
      images.set(train.images.subarray(example * size, (example + 1) * size), place * size);
      labels[place] = train.labels[example] as number;
    }
  }
  return [
    { name: 'batches.images', shape: [steps, batchSize, ...imageShape], values: images },
    { name: 'batches.labels', shape: [steps, batchSize], values: labels },
  ];
}
