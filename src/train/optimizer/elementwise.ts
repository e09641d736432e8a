import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../backends/tfjs.js';
import { slotsOf, type OptimizerSettings, type Slot } from '../../core/optimizer.js';
import type { HostTensor } from '../../core/tensor.js';
import type { OptimizerState } from '../../core/training-state.js';
import type { StepOptimizer, WeightGradients } from './step-optimizer.js';

type ElementwiseSettings = Exclude<OptimizerSettings, { name: 'adam' | 'adamw' }>;

/** What an update rule does with one weight. Slots are read, and written once, in this order. */
interface Update {
  readonly gradient: Tensor;
  readonly learningRate: number;
  readonly read: (slot: Slot) => Tensor;
  readonly write: (slot: Slot, value: Tensor) => Tensor;
}

/**
 * SGD, RMSprop and Adagrad as elementwise operations of tfjs, by the formulas of `optimizerSchema`. tfjs's own know neither
 * Nesterov's step of PyTorch, nor epsilon outside of the root, nor can their state be saved.
 */
export class ElementwiseOptimizer implements StepOptimizer {
  readonly #tf: Tf;
  readonly #settings: ElementwiseSettings;
  readonly #slots = new Map<Slot, (Variable | undefined)[]>();
  #steps = 0;

  constructor(tf: Tf, settings: ElementwiseSettings) {
    this.#tf = tf;
    this.#settings = settings;
    for (const slot of slotsOf(settings)) this.#slots.set(slot, []);
  }

  step(weights: readonly Variable[], gradients: WeightGradients, learningRate: number): void {
    this.#tf.tidy(() => {
      for (const [index, weight] of weights.entries()) {
        const gradient = gradients[index];
        if (gradient === null || gradient === undefined) continue;
        const slotOf = (slot: Slot) => this.#slot(slot, index, weight);
        const change = changeOf(this.#tf, this.#settings, {
          gradient,
          learningRate,
          read: slotOf,
          write(slot, value) {
            slotOf(slot).assign(value);
            return value;
          },
        });
        weight.assign(this.#tf.add(weight, change));
      }
    });
    this.#steps += 1;
  }

  async saveState(weights: readonly Variable[]): Promise<OptimizerState> {
    const read = async (slot: Slot): Promise<HostTensor[]> => {
      const variables = this.#slots.get(slot);
      if (variables === undefined) return [];
      return Promise.all(
        weights.map(async (weight, index) => {
          const values = (await this.#slot(slot, index, weight).data()) as Float32Array;
          return { shape: weight.shape, values };
        }),
      );
    };
    const velocities = await read('velocity');
    return {
      steps: this.#steps,
      powers: [1, 1],
      firstMoments: await read('first'),
      secondMoments: await read('second'),
      ...(velocities.length > 0 && { velocities }),
    };
  }

  loadState(
    { steps, firstMoments, secondMoments, velocities = [] }: OptimizerState,
    weights: readonly Variable[],
  ): void {
    this.#steps = steps;
    const saved: Record<Slot, readonly HostTensor[]> = {
      first: firstMoments,
      second: secondMoments,
      velocity: velocities,
    };
    this.#tf.tidy(() => {
      for (const slot of this.#slots.keys()) {
        for (const [index, weight] of weights.entries()) {
          const { shape, values } = saved[slot][index] as HostTensor;
          this.#slot(slot, index, weight).assign(this.#tf.tensor(values, [...shape]));
        }
      }
    });
  }

  dispose(): void {
    for (const variables of this.#slots.values()) this.#tf.dispose(variables);
  }

  #slot(slot: Slot, index: number, { shape }: Variable): Variable {
    const tf = this.#tf;
    const variables = this.#slots.get(slot) as (Variable | undefined)[];
    const start = this.#settings.name === 'adagrad' ? this.#settings.initialAccumulator : 0;
    return (variables[index] ??= tf.tidy(() => tf.fill(shape, start).variable(false)));
  }
}

/** What is added to a weight. */
function changeOf(tf: Tf, settings: ElementwiseSettings, update: Update): Tensor {
  const { gradient, learningRate } = update;
  switch (settings.name) {
    case 'sgd':
      return momentumStep(tf, settings, update, gradient);
    case 'rmsprop': {
      const { rho, epsilon, centred = false, momentum = 0 } = settings;
      const average = (slot: Slot, value: Tensor) =>
        update.write(slot, tf.add(tf.mul(update.read(slot), rho), tf.mul(value, 1 - rho)));
      const square = average('second', tf.square(gradient));
      // Rounding must not make a variance negative.
      const variance = centred ? tf.relu(tf.sub<Tensor>(square, tf.square(average('first', gradient)))) : square;
      const scaled = tf.div<Tensor>(gradient, root(tf, variance, epsilon, settings.form));
      // With Keras the steps are added up, with PyTorch the gradients.
      return momentumStep(tf, { momentum, form: settings.form }, update, scaled);
    }
    case 'adagrad': {
      const sum = update.write('second', tf.add(update.read('second'), tf.square(gradient)));
      return tf.mul(tf.div(gradient, root(tf, sum, settings.epsilon, settings.form)), -learningRate);
    }
  }
}

function momentumStep(
  tf: Tf,
  {
    momentum = 0,
    nesterov = false,
    form,
  }: { momentum?: number | undefined; nesterov?: boolean | undefined; form?: 'keras' | undefined },
  { learningRate, read, write }: Update,
  gradient: Tensor,
): Tensor {
  if (momentum === 0) return tf.mul(gradient, -learningRate);
  const isKeras = form === 'keras';
  const added: Tensor = isKeras ? tf.mul(gradient, -learningRate) : gradient;
  const velocity = write('velocity', tf.add(tf.mul(read('velocity'), momentum), added));
  const step = nesterov ? tf.add<Tensor>(tf.mul(velocity, momentum), added) : velocity;
  return isKeras ? step : tf.mul(step, -learningRate);
}

function root(tf: Tf, square: Tensor, epsilon: number, form: 'keras' | undefined): Tensor {
  return form === 'keras' ? tf.sqrt(tf.add(square, epsilon)) : tf.add(tf.sqrt(square), epsilon);
}
