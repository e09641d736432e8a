import type { AdamOptimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../../native/load.js';
import type { HostTensor } from '../../core/tensor.js';
import type { AdamState } from '../../core/training-state.js';
import type { OptimizerFactory, ResumableOptimizer } from '../additions.js';
import type { Tf } from '../tfjs.js';
import { effectsOf, operationsOf } from './operations.js';

/** Gradients by weight, in either form. */
type Gradients = Parameters<AdamOptimizer['applyGradients']>[0];

/** Handles of a weight and of its moments: variables of TensorFlow, which live until they are destroyed. */
interface Resources {
  readonly value: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

/**
 * Adam by TensorFlow's ResourceApplyAdam: one pass over each weight instead of a dozen elementwise kernels.
 *
 * TensorFlow scales epsilon: with its powers of beta set to 0, w -= rate * m / (sqrt(v) + epsilon). The corrections of
 * tfjs's Adam, w -= lr / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + epsilon), are therefore part of its rate and epsilon:
 * rate = lr * sqrt(1 - beta2^t) / (1 - beta1^t), epsilon * sqrt(1 - beta2^t). The powers are rounded to float32 as tfjs has them.
 * TensorFlow subtracts a rounded beta from 1, tfjs rounds the difference: 5e-5 of v. Its moments are that constant factor larger.
 */
export function nativeAdam(tf: Tf, backend: NativeBackend): OptimizerFactory {
  const run = operationsOf(backend);
  const effect = effectsOf(backend);
  const dtype = { types: ['dtype'] };
  let created = 0;

  function newResource(values: Tensor): Tensor {
    const shape = { shape: values.shape };
    // Handles of the same name are the same variable.
    const strings = { container: '', shared_name: `cnnbench-${created++}` };
    const handle = tf.keep(run('VarHandleOp', [], { ...dtype, shapes: shape, strings }));
    effect('AssignVariableOp', [handle, values], { ...dtype, bools: { validate_shape: false } });
    return handle;
  }

  /** Factor by which TensorFlow's moment is larger than that of tfjs. */
  const excess = (beta: number) => (1 - Math.fround(beta)) / Math.fround(1 - beta);

  class NativeAdam extends tf.AdamOptimizer implements ResumableOptimizer {
    readonly #resources: (Resources | undefined)[] = [];
    #power1 = 1;
    #power2 = 1;

    override applyGradients(gradients: Gradients): void {
      // A weight that the loss does not depend on has none: null, or nothing where `minimize` was given the weights.
      const named: { name: string; tensor?: Tensor | null }[] = Array.isArray(gradients)
        ? gradients
        : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
      this.#power1 = Math.fround(this.#power1 * Math.fround(this.beta1));
      this.#power2 = Math.fround(this.#power2 * Math.fround(this.beta2));
      const remainder1 = Math.fround(1 - this.#power1) * excess(this.beta1);
      const remainder2 = Math.fround(1 - this.#power2) * excess(this.beta2);
      tf.tidy(() => {
        const [zero, rate, beta1, beta2, epsilon] = [
          0,
          (this.learningRate * Math.sqrt(remainder2)) / remainder1,
          this.beta1,
          this.beta2,
          this.epsilon * Math.sqrt(remainder2),
        ].map((value) => tf.scalar(value)) as [Tensor, Tensor, Tensor, Tensor, Tensor];
        for (const [index, { name, tensor }] of named.entries()) {
          if (tensor === null || tensor === undefined) continue;
          const weight = tf.engine().registeredVariables[name] as Variable;
          const { value, first, second } = (this.#resources[index] ??= {
            value: newResource(weight),
            first: newResource(tf.zerosLike(weight)),
            second: newResource(tf.zerosLike(weight)),
          });
          // Whoever assigned the weight meanwhile is right. No copy: both share it until the next line.
          effect('AssignVariableOp', [value, weight], { ...dtype, bools: { validate_shape: false } });
          effect('ResourceApplyAdam', [value, first, second, zero, zero, rate, beta1, beta2, epsilon, tensor], {
            bools: { use_locking: false, use_nesterov: false },
          });
          weight.assign(run('ReadVariableOp', [value], dtype));
        }
      });
      this.incrementIterations();
    }

    async saveState(variables: readonly Variable[]): Promise<AdamState> {
      const read = (part: 'first' | 'second') =>
        Promise.all(variables.map((weight, index) => readResource(weight, this.#resources[index]?.[part])));
      return {
        steps: this.iterations,
        powers: [this.#power1, this.#power2],
        firstMoments: await read('first'),
        secondMoments: await read('second'),
      };
    }

    loadState({ steps, powers, firstMoments, secondMoments }: AdamState, variables: readonly Variable[]): void {
      this.#destroyResources();
      const resourceOf = ({ shape, values }: HostTensor) => newResource(tf.tensor(values, [...shape]));
      tf.tidy(() => {
        variables.forEach((weight, index) => {
          this.#resources[index] = {
            value: newResource(weight),
            first: resourceOf(firstMoments[index] as HostTensor),
            second: resourceOf(secondMoments[index] as HostTensor),
          };
        });
      });
      [this.#power1, this.#power2] = powers;
      this.iterations_ = steps;
    }

    override dispose(): void {
      super.dispose();
      this.#destroyResources();
    }

    #destroyResources(): void {
      for (const resources of this.#resources) {
        for (const handle of Object.values(resources ?? {}) as Tensor[]) {
          effect('DestroyResourceOp', [handle], { types: [], bools: { ignore_lookup_error: false } });
          handle.dispose();
        }
      }
      this.#resources.length = 0;
    }
  }

  /** The values of a moment; zeros for a weight that has none yet. */
  async function readResource(weight: Variable, handle: Tensor | undefined): Promise<HostTensor> {
    if (handle === undefined) return { shape: weight.shape, values: new Float32Array(weight.size) };
    const tensor = run('ReadVariableOp', [handle], dtype);
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    return { shape: weight.shape, values };
  }

  return ({ learningRate, beta1, beta2, epsilon }) => new NativeAdam(learningRate, beta1, beta2, epsilon);
}
