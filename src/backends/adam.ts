import type { AdamOptimizer, Variable } from '@tensorflow/tfjs-core';
import type { AdamState } from '../core/training-state.js';
import type { HostTensor } from '../core/tensor.js';
import type { OptimizerFactory, ResumableOptimizer } from './additions.js';
import type { Tf } from './tfjs.js';

interface Moment {
  originalName: string;
  variable: Variable;
}

/** The state of tfjs's AdamOptimizer, which it keeps private. */
export interface AdamFields {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
  readonly accumulatedFirstMoment: (Moment | undefined)[];
  readonly accumulatedSecondMoment: (Moment | undefined)[];
  iterations_: number;
}

type AdamClass = new (
  learningRate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
) => AdamOptimizer & ResumableOptimizer;

/** The Adam of tfjs-core: each step is a dozen elementwise kernels a weight. */
export function tfjsAdam(tf: Tf): OptimizerFactory {
  const Adam = resumableAdam(tf);
  return ({ learningRate, beta1, beta2, epsilon }) => new Adam(learningRate, beta1, beta2, epsilon);
}

/**
 * The Adam of tfjs-core with a state that can be saved and loaded to the last bit. Its own `setWeights` computes the powers
 * of beta anew, which are then no longer the running products that `getWeights` left out.
 */
export function resumableAdam(tf: Tf): AdamClass {
  return class extends tf.AdamOptimizer implements ResumableOptimizer {
    async saveState(variables: readonly Variable[]): Promise<AdamState> {
      const fields = this as unknown as AdamFields;
      const powers = await Promise.all(
        [fields.accBeta1, fields.accBeta2].map(async (power) => (await power.data())[0]),
      );
      const read = (moments: readonly (Moment | undefined)[]) =>
        Promise.all(variables.map((weight, index) => readMoment(weight, moments[index]?.variable)));
      return {
        steps: this.iterations,
        powers: powers as [number, number],
        firstMoments: await read(fields.accumulatedFirstMoment),
        secondMoments: await read(fields.accumulatedSecondMoment),
      };
    }

    loadState({ steps, powers, firstMoments, secondMoments }: AdamState, variables: readonly Variable[]): void {
      const fields = this as unknown as AdamFields;
      const load = (moments: (Moment | undefined)[], values: readonly HostTensor[], part: string) => {
        tf.dispose(moments.map((moment) => moment?.variable as Variable));
        variables.forEach(({ name }, index) => {
          const { shape, values: numbers } = values[index] as HostTensor;
          const variable = tf.tensor(numbers, [...shape]).variable(false);
          moments[index] = { originalName: `${name}/${part}`, variable };
        });
      };
      tf.tidy(() => {
        load(fields.accumulatedFirstMoment, firstMoments, 'm');
        load(fields.accumulatedSecondMoment, secondMoments, 'v');
        fields.accBeta1.assign(tf.scalar(powers[0]));
        fields.accBeta2.assign(tf.scalar(powers[1]));
      });
      fields.iterations_ = steps;
    }
  };
}

/** The values of a moment; zeros for a weight that has none yet. */
async function readMoment(weight: Variable, moment: Variable | undefined): Promise<HostTensor> {
  const values = moment === undefined ? new Float32Array(weight.size) : ((await moment.data()) as Float32Array);
  return { shape: weight.shape, values };
}
