import type { DatasetName } from '../core/dataset.js';
import type {
  ArchitectureExperiment,
  DataExperiment,
  Experiment,
  Initialisation,
  Profile,
  ProfileSettings,
  TrainingExperiment,
} from '../core/experiment.js';
import type { ModelSpec } from '../core/model.js';
import { ARCHITECTURES } from './architectures/index.js';
import { CNN_AVERAGE_POOL, CNN_CIFAR, CNN_FASHION, CNN_MAX_POOL } from './architectures/cnn.js';
import {
  MLP_CIFAR_1,
  MLP_CIFAR_2,
  MLP_CIFAR_3,
  MLP_FASHION,
  MLP_FASHION_DEEP,
  MLP_FASHION_SIGMOID,
} from './architectures/mlp.js';
import { countingOf } from './claims/data.js';
import { OPS_EXPERIMENTS } from './examples/index.js';

type Profiles = Readonly<Record<Profile, ProfileSettings>>;

/**
 * Profiles of an MLP. `quick` is the deck's recipe for a few epochs; `full` runs as many as the PyTorch reference found
 * best on a tenth of the training set that was held out, because the decks do not print the number. A test keeps
 * `fullEpochs` equal to reference/pytorch/results/epochs.json.
 */
function mlpProfiles(quickEpochs: number, fullEpochs: number): Profiles {
  return {
    smoke: { epochs: 1, trainImages: 4096, testImages: 1000, basis: 'one epoch on a subset, to see that it runs' },
    quick: { epochs: quickEpochs, basis: `${quickEpochs} epochs, far fewer than the deck needs` },
    full: {
      epochs: fullEpochs,
      basis: `assumed: the deck prints no number; ${fullEpochs} is where the mean accuracy of the PyTorch reference peaks on a validation split`,
    },
  };
}

/** Profiles of a CNN: a fixed subset and small batches, so that minutes on one core are enough for it to learn anything. */
function cnnProfiles(trainImages: number, fullEpochs: number): Profiles {
  return {
    smoke: { epochs: 1, batchSize: 8, trainImages: 128, testImages: 100, basis: 'a few steps, to see that it runs' },
    quick: {
      epochs: 1,
      batchSize: 8,
      trainImages,
      testImages: 1000,
      basis: `the first ${trainImages} images once, in batches of 8`,
    },
    full: {
      epochs: fullEpochs,
      basis: `assumed: the deck prints no number; ${fullEpochs} is where one validation run of the PyTorch reference peaks, of 400 epochs that were tried, so more may be better`,
    },
  };
}

/** Of the comparison of poolings. No deck gives a net or a recipe for it. */
const POOLING_PROFILES: Profiles = {
  smoke: { epochs: 1, batchSize: 32, trainImages: 512, testImages: 100, basis: 'a few steps, to see that it runs' },
  quick: { epochs: 1, batchSize: 32, trainImages: 4096, testImages: 1000, basis: 'the first 4096 images once' },
  full: { epochs: 20, basis: 'assumed: the deck names no net; 20 epochs of a net of our own, fixed before any run' },
};

interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly dataset: DatasetName;
  readonly model: ModelSpec;
  readonly initialisation: Initialisation;
  readonly learningRate: number;
  readonly profiles: Profiles;
}

function training(suite: 'mlp' | 'cnn' | 'pooling', { learningRate, ...recipe }: Recipe): TrainingExperiment {
  return {
    kind: 'training',
    suite,
    ...recipe,
    optimizer: { name: 'adam', learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batchSize: 1024,
  };
}

const fashionMlp = { dataset: 'fashion-mnist', initialisation: 'he-uniform', learningRate: 1e-3 } as const;
const cifarMlp = { dataset: 'cifar-10', initialisation: 'he-uniform', learningRate: 1e-3 } as const;

/**
 * The MLPs of decks 000 and 001. Deck 001's code trains with 1e-3; deck 000 prints 1e-4 on case 1 and nothing on the
 * others, so both readings stand as experiments of their own.
 */
const MLPS: readonly TrainingExperiment[] = [
  { ...fashionMlp, id: 'mlp-1', title: '784-256-10 ReLU, lr 1e-3', model: MLP_FASHION, profiles: mlpProfiles(5, 54) },
  {
    ...fashionMlp,
    id: 'mlp-1-lr1e-4',
    title: '784-256-10 ReLU, lr 1e-4',
    model: MLP_FASHION,
    learningRate: 1e-4,
    profiles: mlpProfiles(5, 199),
  },
  {
    ...fashionMlp,
    id: 'mlp-1-sigmoid',
    title: '784-256-10 sigmoid, Xavier, lr 1e-3',
    model: MLP_FASHION_SIGMOID,
    initialisation: 'xavier-uniform' as const,
    profiles: mlpProfiles(5, 130),
  },
  {
    ...fashionMlp,
    id: 'mlp-1-deep',
    title: '784-256-256-10 ReLU, lr 1e-3',
    model: MLP_FASHION_DEEP,
    profiles: mlpProfiles(5, 24),
  },
  { ...cifarMlp, id: 'mlp-2', title: '3072-256-10 ReLU, lr 1e-3', model: MLP_CIFAR_1, profiles: mlpProfiles(2, 18) },
  {
    ...cifarMlp,
    id: 'mlp-2-lr1e-4',
    title: '3072-256-10 ReLU, lr 1e-4',
    model: MLP_CIFAR_1,
    learningRate: 1e-4,
    profiles: mlpProfiles(2, 72),
  },
  {
    ...cifarMlp,
    id: 'mlp-3',
    title: '3072-256-256-10 ReLU, lr 1e-3',
    model: MLP_CIFAR_2,
    profiles: mlpProfiles(2, 17),
  },
  {
    ...cifarMlp,
    id: 'mlp-3-lr1e-4',
    title: '3072-256-256-10 ReLU, lr 1e-4',
    model: MLP_CIFAR_2,
    learningRate: 1e-4,
    profiles: mlpProfiles(2, 52),
  },
  {
    ...cifarMlp,
    id: 'mlp-4',
    title: '3072-256-256-256-10 ReLU, lr 1e-3',
    model: MLP_CIFAR_3,
    profiles: mlpProfiles(2, 9),
  },
  {
    ...cifarMlp,
    id: 'mlp-4-lr1e-4',
    title: '3072-256-256-256-10 ReLU, lr 1e-4',
    model: MLP_CIFAR_3,
    learningRate: 1e-4,
    profiles: mlpProfiles(2, 39),
  },
].map((recipe) => training('mlp', recipe));

/** The CNNs of decks 000 and 001: four 7x7 convolutions of 32, 64, 128 and 256 filters, then 128 and 10 units. */
const CNNS: readonly TrainingExperiment[] = [
  {
    id: 'cnn-1',
    title: 'four 7x7 convolutions, lr 1e-5',
    dataset: 'fashion-mnist' as const,
    model: CNN_FASHION,
    initialisation: 'pytorch-default' as const,
    learningRate: 1e-5,
    profiles: cnnProfiles(2048, 391),
  },
  {
    id: 'cnn-2',
    title: 'four 7x7 convolutions, lr 1e-5',
    dataset: 'cifar-10' as const,
    model: CNN_CIFAR,
    initialisation: 'pytorch-default' as const,
    learningRate: 1e-5,
    profiles: cnnProfiles(2048, 399),
  },
].map((recipe) => training('cnn', recipe));

/** Max and average pooling in the same small net: a comparison that deck 002 makes, with a recipe of our own, fixed beforehand. */
const POOLINGS: readonly TrainingExperiment[] = [
  { id: 'pooling-max', title: 'small CNN with max pooling', model: CNN_MAX_POOL },
  { id: 'pooling-average', title: 'the same with average pooling', model: CNN_AVERAGE_POOL },
].map((recipe) =>
  training('pooling', { ...fashionMlp, ...recipe, initialisation: 'pytorch-default', profiles: POOLING_PROFILES }),
);

/** The parameter tables: one experiment an architecture, with the same id. */
const TABLES: readonly ArchitectureExperiment[] = ARCHITECTURES.map((model) => ({
  kind: 'architecture',
  id: model.id,
  title: model.title,
  suite: 'params',
  model,
}));

const DATA_SETS: readonly DataExperiment[] = ['fashion-mnist', 'cifar-10', 'mnist'].map((dataset) => ({
  kind: 'data',
  id: countingOf(dataset),
  title: `what the files of ${dataset} hold`,
  suite: 'data',
  dataset,
}));

/** Everything there is to run, in the order in which it runs. */
export const EXPERIMENTS: readonly Experiment[] = [
  ...OPS_EXPERIMENTS,
  ...TABLES,
  ...DATA_SETS,
  ...MLPS,
  ...CNNS,
  ...POOLINGS,
];
