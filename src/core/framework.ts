import type { Initialisation } from './initialisation.js';
import type { LayerSpec } from './model.js';
import type { OptimizerName, OptimizerSettings, Schedule } from './optimizer.js';
import type { Loss, TrainingExperiment } from './experiment.js';

export const FRAMEWORKS = ['keras', 'pytorch'] as const;
/** Whose defaults hold for what a page leaves out. */
export type Framework = (typeof FRAMEWORKS)[number];

/** An optimizer as a tutorial writes it: its name, and what is not the default. Unlike a recipe's, a weight decay of 0 is none. */
export interface ShortOptimizer {
  readonly name: OptimizerName;
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly rho?: number;
  readonly centred?: boolean;
  readonly initialAccumulator?: number;
  readonly weightDecay?: number;
  /** Default: as the framework has it. */
  readonly decoupled?: boolean;
}

/** How to train, as a tutorial says it. */
export interface ShortRecipe {
  readonly like: Framework;
  readonly optimizer: ShortOptimizer;
  readonly schedule?: Schedule;
  readonly loss?: Loss;
  readonly initialisation?: Initialisation;
  /** Examples a step. */
  readonly batchSize?: number;
  readonly lastBatch?: 'kept' | 'dropped';
  readonly shuffle?: boolean;
}

/** What decides a training, but for model, data and length. */
export type FullRecipe = Pick<
  TrainingExperiment,
  'initialisation' | 'optimizer' | 'schedule' | 'loss' | 'batchSize' | 'lastBatch' | 'shuffle'
>;

/** Keras 3: `fit` has batches of 32 and PyTorch's DataLoader one of 1. Both keep a last partial batch. */
const BATCH_SIZE: Readonly<Record<Framework, number>> = { keras: 32, pytorch: 1 };

/** Default arguments of keras.optimizers (3.15) and torch.optim (2.15). */
const DEFAULTS = {
  keras: {
    sgd: { learningRate: 0.01 },
    adam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    adamw: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.004 },
    rmsprop: { learningRate: 0.001, rho: 0.9, epsilon: 1e-7 },
    adagrad: { learningRate: 0.001, initialAccumulator: 0.1, epsilon: 1e-7 },
  },
  pytorch: {
    sgd: { learningRate: 0.001 },
    adam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    adamw: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
    rmsprop: { learningRate: 0.01, rho: 0.99, epsilon: 1e-8 },
    adagrad: { learningRate: 0.01, initialAccumulator: 0, epsilon: 1e-10 },
  },
} as const;

/** A recipe in which every number stands that decides a training, from one that leaves out the defaults of a framework. */
export function resolveRecipe(short: ShortRecipe, layers: readonly LayerSpec[]): FullRecipe {
  const { like, optimizer, schedule, shuffle, lastBatch = 'kept' } = short;
  const loss = short.loss ?? lossOf(like, layers);
  return {
    initialisation: short.initialisation ?? `${like}-default`,
    optimizer: resolveOptimizer(like, optimizer),
    ...(schedule && { schedule }),
    ...(loss !== 'cross-entropy' && { loss }),
    batchSize: short.batchSize ?? BATCH_SIZE[like],
    ...(lastBatch === 'kept' && { lastBatch }),
    ...(shuffle === false && { shuffle }),
  };
}

/**
 * Keras's crossentropy takes probabilities where the model ends in a softmax; PyTorch's takes whatever comes for logits, also
 * probabilities by mistake.
 */
function lossOf(like: Framework, layers: readonly LayerSpec[]): Loss {
  return like === 'keras' && layers.at(-1)?.kind === 'softmax' ? 'cross-entropy-of-probabilities' : 'cross-entropy';
}

export function resolveOptimizer(like: Framework, short: ShortOptimizer): OptimizerSettings {
  const { learningRate: rate, epsilon: given, beta1, beta2, rho, initialAccumulator, weightDecay } = short;
  const form = like === 'keras' ? ({ form: 'keras' } as const) : {};
  const momentum = short.momentum === undefined || short.momentum === 0 ? {} : ({ momentum: short.momentum } as const);
  const isDecoupled = short.decoupled ?? like === 'keras';
  const decay =
    weightDecay === undefined || weightDecay === 0
      ? {}
      : { weightDecay, ...(isDecoupled && ({ decoupled: true } as const)) };
  switch (short.name) {
    case 'sgd': {
      const learningRate = rate ?? DEFAULTS[like].sgd.learningRate;
      if (!('momentum' in momentum)) return { name: 'sgd', learningRate, ...decay };
      const nesterov = short.nesterov === true ? ({ nesterov: true } as const) : {};
      return { name: 'sgd', learningRate, ...momentum, ...nesterov, ...form, ...decay };
    }
    case 'adam':
    case 'adamw': {
      const defaults = DEFAULTS[like][short.name];
      const moments = {
        learningRate: rate ?? defaults.learningRate,
        beta1: beta1 ?? defaults.beta1,
        beta2: beta2 ?? defaults.beta2,
        epsilon: given ?? defaults.epsilon,
      };
      if (short.name === 'adam') return { name: 'adam', ...moments, ...form, ...decay };
      return { name: 'adamw', ...moments, weightDecay: weightDecay ?? DEFAULTS[like].adamw.weightDecay, ...form };
    }
    case 'rmsprop': {
      const defaults = DEFAULTS[like].rmsprop;
      return {
        name: 'rmsprop',
        learningRate: rate ?? defaults.learningRate,
        rho: rho ?? defaults.rho,
        epsilon: given ?? defaults.epsilon,
        ...momentum,
        ...(short.centred === true && ({ centred: true } as const)),
        ...form,
        ...decay,
      };
    }
    case 'adagrad': {
      const defaults = DEFAULTS[like].adagrad;
      return {
        name: 'adagrad',
        learningRate: rate ?? defaults.learningRate,
        initialAccumulator: initialAccumulator ?? defaults.initialAccumulator,
        epsilon: given ?? defaults.epsilon,
        ...form,
        ...decay,
      };
    }
  }
}

/**
 * Layers in which every number stands that a framework has a default for: epsilon and momentum of normalisations, the slope of
 * leaky ReLUs, the bias vectors of recurrent layers.
 */
export function resolveLayers(like: Framework, layers: readonly LayerSpec[]): LayerSpec[] {
  return layers.map((layer): LayerSpec => {
    if ('branches' in layer) {
      return { ...layer, branches: layer.branches.map((branch) => resolveLayers(like, branch)) };
    }
    const isKeras = like === 'keras';
    switch (layer.kind) {
      case 'batch-norm': {
        const { convention = like } = layer;
        const defaults = convention === 'keras' ? { momentum: 0.99, epsilon: 1e-3 } : { momentum: 0.1, epsilon: 1e-5 };
        const { momentum = defaults.momentum, epsilon = defaults.epsilon } = layer;
        return { ...layer, momentum, epsilon, convention };
      }
      case 'layer-norm':
        return { ...layer, epsilon: layer.epsilon ?? (isKeras ? 1e-3 : 1e-5) };
      case 'leaky-relu':
        return { ...layer, slope: layer.slope ?? (isKeras ? 0.3 : 0.01) };
      case 'simple-rnn':
      case 'lstm':
        return { ...layer, biases: layer.biases ?? (isKeras ? 1 : 2) };
      default:
        return layer;
    }
  });
}
