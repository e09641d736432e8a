import { z } from 'zod';

const rate = z.number().nonnegative();
const share = z.number().min(0).lt(1);
const common = {
  /** Of the first step; a schedule changes it. */
  learningRate: z.number().positive(),
};
/**
 * Absent: PyTorch's update rule. `keras`: Keras's, where the two differ; each optimizer says how. g is the gradient, w the
 * weight, t the step from 1.
 */
const form = z.literal('keras').optional();
const decay = {
  /**
   * Pulls every trained weight towards zero, biases too. By default coupled: g += weightDecay w, as PyTorch's SGD, Adam, RMSprop and
   * Adagrad have it.
   */
  weightDecay: z.number().positive().optional(),
  /** w -= learningRate weightDecay w before the step instead (Loshchilov and Hutter 2019), as all optimizers of Keras have it. */
  decoupled: z.literal(true).optional(),
};
const moments = { beta1: z.number(), beta2: z.number(), epsilon: z.number() };

const sgdSchema = z.strictObject({
  name: z.literal('sgd'),
  ...common,
  /**
   * v = momentum v + g, w -= learningRate v (Sutskever et al. 2013; no dampening). `keras`: v = momentum v - learningRate g, w += v,
   * which is the same while the learning rate is. Default 0.
   */
  momentum: share.optional(),
  /** w moves by what the next momentum step would add. Default false. */
  nesterov: z.literal(true).optional(),
  form,
  ...decay,
});

/**
 * Adam (Kingma and Ba 2015) with bias correction, epsilon added to the root of the corrected second moment. `keras`: to that of
 * the uncorrected one, "epsilon hat" of the paper.
 */
const adamSchema = z.strictObject({ name: z.literal('adam'), ...common, ...moments, form, ...decay });

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019). */
const adamwSchema = z.strictObject({
  name: z.literal('adamw'),
  ...common,
  ...moments,
  weightDecay: rate,
  form,
});

/**
 * v = rho v + (1 - rho) g^2, w -= learningRate g / (sqrt(v) + epsilon) (Hinton 2012). `keras`: epsilon is added under the root.
 */
const rmspropSchema = z.strictObject({
  name: z.literal('rmsprop'),
  ...common,
  rho: share,
  epsilon: rate,
  /** Of the steps, as in `sgd`. Default 0. */
  momentum: share.optional(),
  /** Subtracts the square of the running mean of g from v (Graves 2013). Default false. */
  centred: z.literal(true).optional(),
  form,
  ...decay,
});

/** v += g^2, w -= learningRate g / (sqrt(v) + epsilon) (Duchi et al. 2011). `keras`: epsilon is added under the root. */
const adagradSchema = z.strictObject({
  name: z.literal('adagrad'),
  ...common,
  /** v before the first step. */
  initialAccumulator: rate,
  epsilon: rate,
  form,
  ...decay,
});

/** How a step changes the weights. Every number that decides it stands here. */
export const optimizerSchema = z.discriminatedUnion('name', [
  adamSchema,
  sgdSchema,
  adamwSchema,
  rmspropSchema,
  adagradSchema,
]);
export type OptimizerSettings = Readonly<z.infer<typeof optimizerSchema>>;
export type OptimizerName = OptimizerSettings['name'];
export type AdamSettings = Readonly<z.infer<typeof adamSchema>>;

/** What an optimizer keeps of each weight between two steps: running means of gradients and of their squares, and a momentum. */
export type Slot = 'first' | 'second' | 'velocity';

export function slotsOf(settings: OptimizerSettings): readonly Slot[] {
  const velocity = (momentum = 0): Slot[] => (momentum > 0 ? ['velocity'] : []);
  switch (settings.name) {
    case 'adam':
    case 'adamw':
      return ['first', 'second'];
    case 'sgd':
      return velocity(settings.momentum);
    case 'rmsprop':
      return [...(settings.centred === true ? (['first'] as const) : []), 'second', ...velocity(settings.momentum)];
    case 'adagrad':
      return ['second'];
  }
}

/** What a schedule counts: epochs that are over, or steps that were taken. */
const unit = z.enum(['epoch', 'step']);
const length = z.number().int().positive();

/** The learning rate as a function of t, the epochs or steps so far, from 0. */
export const scheduleSchema = z.discriminatedUnion('kind', [
  /** learningRate factor^floor(t / every): PyTorch's StepLR, Keras's ExponentialDecay with a staircase. */
  z.strictObject({ kind: z.literal('step'), unit, every: length, factor: z.number().positive() }),
  /** learningRate factor^(t / every): Keras's ExponentialDecay, and PyTorch's ExponentialLR with 1. */
  z.strictObject({ kind: z.literal('exponential'), unit, every: length, factor: z.number().positive() }),
  /** learningRate factor^(how many of `at` are not more than t): PyTorch's MultiStepLR. */
  z.strictObject({
    kind: z.literal('milestones'),
    unit,
    at: z.array(length).min(1).max(100).readonly(),
    factor: z.number().positive(),
  }),
  /**
   * minimum + (learningRate - minimum) (1 + cos(pi min(t, over) / over)) / 2 (Loshchilov and Hutter 2017, without restarts): Keras's
   * CosineDecay, and PyTorch's CosineAnnealingLR up to T_max.
   */
  z.strictObject({ kind: z.literal('cosine'), unit, over: length, minimum: rate }),
]);
export type Schedule = Readonly<z.infer<typeof scheduleSchema>>;

/**
 * @param rate of the first step
 * @param epoch epochs that are over
 * @param step steps that were taken, in all epochs
 */
export function learningRateAt(schedule: Schedule | undefined, rate: number, epoch: number, step: number): number {
  if (schedule === undefined) return rate;
  const time = schedule.unit === 'epoch' ? epoch : step;
  switch (schedule.kind) {
    case 'step':
      return rate * schedule.factor ** Math.floor(time / schedule.every);
    case 'exponential':
      return rate * schedule.factor ** (time / schedule.every);
    case 'milestones':
      return rate * schedule.factor ** schedule.at.filter((milestone) => milestone <= time).length;
    case 'cosine': {
      const { over, minimum } = schedule;
      return minimum + ((rate - minimum) * (1 + Math.cos((Math.PI * Math.min(time, over)) / over))) / 2;
    }
  }
}
