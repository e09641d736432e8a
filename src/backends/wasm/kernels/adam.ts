import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import type { KernelModule } from '../module/kernel-module.js';
import { kernelCaller, newTensors } from './call.js';
import { checkFloats } from './checks.js';

/** Parameters of one task: BLOCK of assembly/elementwise.ts. */
const TASK = 16384;

/** What one step of Adam needs besides its tensors. */
export interface AdamStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** 1 - beta^step */
  readonly correction1: number;
  readonly correction2: number;
}

/**
 * One step of Adam for one weight, a kernel that tfjs does not have.
 *
 * value, gradient, first and second moment, all of one shape -> new value, new first and second moment.
 */
export function adam(tf: Tf, module: KernelModule): KernelConfig {
  return {
    kernelName: 'Adam',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { value, gradient, first, second } = inputs as Record<
        'value' | 'gradient' | 'first' | 'second',
        TensorInfo
      >;
      checkFloats('Adam', { value, gradient, first, second });
      for (const { shape } of [gradient, first, second]) {
        tf.util.assertShapesMatch(value.shape, shape, 'Adam: a gradient or moment does not fit its weight: ');
      }
      const { beta1, beta2, ...step } = attrs as unknown as AdamStep;
      const caller = kernelCaller(tf, backend);
      const count = tf.util.sizeFromShape(value.shape);
      const at = ({ dataId }: TensorInfo) => caller.heap.getMemoryOffset(dataId);
      // Fresh tensors: XNNPACK keeps packed weights by tensor, so a weight must not change in place.
      return newTensors(caller, [value.shape, value.shape, value.shape], (addresses) => {
        const [newValue, newFirst, newSecond] = addresses as [number, number, number];
        module.run(
          'adam',
          {
            ...{ value: at(value), gradient: at(gradient), first: at(first), second: at(second) },
            ...{ newValue, newFirst, newSecond, count },
            ...{ beta1, beta2, rest1: 1 - beta1, rest2: 1 - beta2, ...step },
          },
          Math.ceil(count / TASK),
        );
      });
    },
  };
}
