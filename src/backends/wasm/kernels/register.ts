import type { KernelConfig } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { batchMatMul } from './batch-mat-mul.js';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.js';
import { conv2dBackpropInput } from './conv2d-backprop-input.js';

/**
 * Registers cnnbench's kernels on the wasm backend: what it lacks to train a CNN, and what it computes needlessly slowly.
 *
 * @returns the names of the kernels, and a function that puts the stock ones back
 */
export function registerWasmKernels(tf: Tf): { names: string[]; restore: () => void } {
  const stockOf = (name: string): KernelConfig => {
    const kernel = tf.getKernel(name, 'wasm') as KernelConfig | undefined;
    if (kernel === undefined) throw new Error(`tfjs-backend-wasm has no kernel ${name}; is it version 4.22.0?`);
    return kernel;
  };
  const replaced = [stockOf('BatchMatMul'), stockOf('Conv2DBackpropInput')] as const;
  const own = [batchMatMul(tf, replaced[0].kernelFunc), conv2dBackpropInput(tf), conv2dBackpropFilter(tf)];
  for (const { kernelName, backendName } of replaced) tf.unregisterKernel(kernelName, backendName);
  for (const kernel of own) tf.registerKernel(kernel);
  return {
    names: own.map((kernel) => kernel.kernelName),
    restore() {
      for (const { kernelName, backendName } of own) tf.unregisterKernel(kernelName, backendName);
      for (const kernel of replaced) tf.registerKernel(kernel);
    },
  };
}
