import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/backends/tfjs.js';
import type { Labels, Pixels } from '../../src/core/dataset.js';
import { permutation, randomStream, type StreamPurpose } from '../../src/core/random.js';
import type { TrainingJob } from '../../src/train/train.js';

/** A bug: in what is trained and tested, in how it is drawn, or in what the backend computes. Everything else says it is an honest run. */
export interface Mutant {
  readonly name: string;
  readonly experiment: 'mlp-1' | 'mlp-1-lr1e-4';
  /** What the gate has to say of it. */
  readonly seenAs: 'references.worse' | 'references.better' | 'seeds';
  /** Seeds it takes to see it. */
  readonly seeds: 1 | 2;
  /** The job with the bug in it. */
  readonly job?: (job: TrainingJob) => TrainingJob;
  /** The random stream that ignores the seed. */
  readonly unseeded?: StreamPurpose;
  /** Puts the bug into the backend; returns what takes it out again. */
  readonly breakBackend?: (tf: Tf) => () => void;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'label noise: 40% of the training labels drawn at random',
    experiment: 'mlp-1',
    seenAs: 'references.worse',
    seeds: 1,
    job: (job) => withTrain(job, { labels: noisyLabels(job, 0.4) }),
  },
  {
    // Ten times the 1e-3 of mlp-1 is no worse in five epochs of Adam: docs/methodology.md.
    name: 'ten times the learning rate, 1e-3 for 1e-4',
    experiment: 'mlp-1-lr1e-4',
    seenAs: 'references.better',
    seeds: 1,
    job: ({ experiment, ...job }) => {
      const { optimizer } = experiment;
      const faster = { ...optimizer, learningRate: 10 * optimizer.learningRate };
      return { ...job, experiment: { ...experiment, optimizer: faster } };
    },
  },
  {
    name: 'a dropped ReLU',
    experiment: 'mlp-1',
    seenAs: 'references.worse',
    seeds: 1,
    job: ({ experiment, ...job }) => {
      const layers = experiment.model.layers.filter(({ kind }) => kind !== 'relu');
      return { ...job, experiment: { ...experiment, model: { ...experiment.model, layers } } };
    },
  },
  {
    name: 'a shuffled test set: its labels in another order than its images',
    experiment: 'mlp-1',
    seenAs: 'references.worse',
    seeds: 1,
    job: (job) => {
      const { test } = job.dataset;
      const order = permutation(test.count, randomStream('shuffled test set', job.seed, 'problem'));
      const labels = test.labels.map((_, index) => test.labels[order[index] as number] as number);
      return { ...job, dataset: { ...job.dataset, test: { ...test, labels } } };
    },
  },
  {
    name: 'a wrong gradient: that of ReLU lets everything through, also where its input was negative',
    experiment: 'mlp-1',
    seenAs: 'references.worse',
    seeds: 1,
    breakBackend: (tf) => {
      const honest = tf.getGradient('Relu');
      const replace = (config: typeof honest) => {
        tf.unregisterGradient('Relu');
        tf.registerGradient(config);
      };
      replace({ ...honest, gradFunc: (dy) => ({ x: () => (dy as Tensor).clone() }) });
      return () => replace(honest);
    },
  },
  {
    name: 'a leak: the test images are among the training images',
    experiment: 'mlp-1',
    seenAs: 'references.better',
    seeds: 2,
    job: (job) => {
      const { train, test } = job.dataset;
      return withTrain(job, {
        count: train.count + test.count,
        images: joined(bytesOf(train.images), bytesOf(test.images)),
        labels: joined(bytesOf(train.labels), bytesOf(test.labels)),
      });
    },
  },
  {
    name: 'a shuffle that ignores its seed',
    experiment: 'mlp-1',
    seenAs: 'seeds',
    seeds: 2,
    unseeded: 'shuffle',
  },
  {
    name: 'start weights that ignore their seed',
    experiment: 'mlp-1',
    seenAs: 'seeds',
    seeds: 2,
    unseeded: 'init',
  },
];

function withTrain(job: TrainingJob, change: Partial<TrainingJob['dataset']['train']>): TrainingJob {
  return { ...job, dataset: { ...job.dataset, train: { ...job.dataset.train, ...change } } };
}

function noisyLabels({ dataset, seed }: TrainingJob, share: number): Uint8Array {
  const random = randomStream('label noise', seed, 'problem');
  const classes = dataset.classes.length;
  return bytesOf(dataset.train.labels).map((label) => (random() < share ? Math.floor(classes * random()) : label));
}

/** The data sets of the experiments here are bytes. */
function bytesOf(values: Pixels | Labels): Uint8Array {
  if (!(values instanceof Uint8Array)) throw new TypeError('no bytes');
  return values;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
