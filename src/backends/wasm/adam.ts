import type { AdamOptimizer, KernelConfig, Tensor, Variable } from '@tensorflow/tfjs-core';
import { resumableAdam, type AdamFields } from '../adam.js';
import type { OptimizerFactory } from '../additions.js';
import type { Tf } from '../tfjs.js';

/** Gradients by weight, in either form. */
type Gradients = Parameters<AdamOptimizer['applyGradients']>[0];

/** tfjs's Adam, bit for bit, in one pass over each weight instead of a dozen elementwise kernels. */
export function fusedAdam(tf: Tf): OptimizerFactory {
  class FusedAdam extends resumableAdam(tf) {
    override applyGradients(gradients: Gradients): void {
      // After `stop`, or on another backend. The bits are the same.
      if ((tf.getKernel('Adam', tf.getBackend()) as KernelConfig | undefined) === undefined) {
        super.applyGradients(gradients);
        return;
      }
      const state = this as unknown as AdamFields;
      // A weight that the loss does not depend on has none: null, or nothing where `minimize` was given the weights.
      const named: { name: string; tensor?: Tensor | null }[] = Array.isArray(gradients)
        ? gradients
        : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
      tf.tidy(() => {
        const correction1 = remainder(state.accBeta1);
        const correction2 = remainder(state.accBeta2);
        for (const [index, { name, tensor }] of named.entries()) {
          const value = tf.engine().registeredVariables[name] as Variable;
          const first = momentOf(state.accumulatedFirstMoment, index, `${name}/m`, value);
          const second = momentOf(state.accumulatedSecondMoment, index, `${name}/v`, value);
          if (tensor === null || tensor === undefined) continue;
          const { learningRate, beta1, beta2, epsilon } = state;
          const inputs = { value, gradient: fitting(tensor, value), first, second };
          const attrs = { learningRate, beta1, beta2, epsilon, correction1, correction2 };
          const [newValue, newFirst, newSecond]: Tensor[] = tf.engine().runKernel('Adam', inputs, attrs);
          value.assign(newValue as Tensor);
          first.assign(newFirst as Tensor);
          second.assign(newSecond as Tensor);
        }
        state.accBeta1.assign(tf.mul(state.accBeta1, state.beta1));
        state.accBeta2.assign(tf.mul(state.accBeta2, state.beta2));
      });
      this.incrementIterations();
    }
  }

  /** As tfjs's own Adam takes it: other types are cast, and what broadcasts to the weight's shape is broadcast. */
  function fitting(gradient: Tensor, value: Variable): Tensor {
    const numbers = gradient.dtype === 'float32' ? gradient : tf.cast(gradient, 'float32');
    return tf.util.arraysEqual(numbers.shape, value.shape) ? numbers : tf.broadcastTo(numbers, value.shape);
  }

  /** 1 - beta^step, in float32 as tfjs has it. */
  function remainder(power: Variable): number {
    return Math.fround(1 - (power.dataSync()[0] as number));
  }

  function momentOf(
    moments: AdamFields['accumulatedFirstMoment'],
    index: number,
    originalName: string,
    value: Variable,
  ): Variable {
    const zeros = () => tf.tidy(() => tf.zerosLike(value).variable(false));
    return (moments[index] ??= { originalName, variable: zeros() }).variable;
  }

  return ({ learningRate, beta1, beta2, epsilon }) => new FusedAdam(learningRate, beta1, beta2, epsilon);
}
