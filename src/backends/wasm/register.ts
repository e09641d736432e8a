import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import type { Tf } from '../tfjs.js';
import { adam } from './kernels/adam.js';
import { averagePools } from './kernels/average-pool.js';
import { conv2dBackpropFilter, conv2dBackpropInput, type Conv2DGradients } from './kernels/conv2d-gradients.js';
import { conv2d, fusedConv2d, stockConvolutions } from './kernels/conv2d.js';
import { convolutions3d } from './kernels/conv3d.js';
import { Convolutions } from './kernels/convolutions.js';
import { depthwiseConvolutions } from './kernels/depthwise.js';
import { dilations } from './kernels/dilation.js';
import { einsum } from './kernels/einsum.js';
import { batchMatMul, fusedMatMul } from './kernels/mat-mul.js';
import { maxPools } from './kernels/max-pool.js';
import { prelu } from './kernels/prelu.js';
import { resizeGradients } from './kernels/resize-gradients.js';
import { unsortedSegmentSum } from './kernels/segment-sum.js';
import { cast, identity } from './kernels/share.js';
import { sum } from './kernels/sum.js';
import type { KernelModule } from './module/kernel-module.js';
import * as xnnpack from './xnnpack/index.js';

export interface RegisteredKernels {
  readonly names: readonly string[];
  /** Puts the stock kernels back. */
  restore(): void;
}

/**
 * Registers the tuned kernels on the wasm backend: what it lacks to train a CNN, and what it computes needlessly slowly.
 *
 * @param module where it could be loaded; without it, the kernels bring their work to XNNPACK
 */
export function registerKernels(tf: Tf, module: KernelModule | undefined): RegisteredKernels {
  const stock = (name: string): KernelFunc => {
    const kernel = tf.getKernel(name, 'wasm') as KernelConfig | undefined;
    if (kernel === undefined) throw new Error(`tfjs-backend-wasm has no kernel ${name}; is it version 4.22.0?`);
    return kernel.kernelFunc;
  };
  const conv2dGradients = (gradients: Conv2DGradients) => [
    conv2dBackpropInput(tf, gradients, stock('Conv2DBackpropInput')),
    conv2dBackpropFilter(tf, gradients),
  ];
  const product = xnnpack.transposingProduct(tf, 'BatchMatMul', stock('BatchMatMul'));
  const fusedProduct = xnnpack.transposingProduct(tf, '_FusedMatMul', stock('_FusedMatMul'));
  const common = [
    ...maxPools(tf, stock),
    ...averagePools(tf, stock),
    ...depthwiseConvolutions(tf, stock),
    ...convolutions3d(tf, stock('Conv3D')),
    ...dilations(tf),
    ...resizeGradients(tf),
    prelu(tf, stock('Prelu')),
    sum(tf, module, stock('Sum')),
    einsum(tf),
    identity(stock('Identity')),
    cast(stock('Cast')),
    unsortedSegmentSum(tf),
  ];
  if (module === undefined) {
    const convolutions = stockConvolutions(tf, stock);
    return replace(tf, [product, fusedProduct, ...convolutions, ...conv2dGradients(xnnpack.gradients), ...common]);
  }
  const heap = tf.findBackend('wasm');
  const convolutions = new Convolutions(module, (dataId) => heap.refCount(dataId) > 0);
  const replaced = replace(tf, [
    batchMatMul(tf, module, product.kernelFunc),
    fusedMatMul(tf, module, fusedProduct.kernelFunc),
    conv2d(tf, convolutions, stock('Conv2D')),
    fusedConv2d(tf, convolutions, module, stock('FusedConv2D')),
    ...conv2dGradients(convolutions),
    ...common,
    adam(tf, module),
  ]);
  return {
    names: replaced.names,
    restore() {
      replaced.restore();
      convolutions.dispose();
    },
  };
}

function replace(tf: Tf, kernels: readonly KernelConfig[]): RegisteredKernels {
  const before = kernels.flatMap(({ kernelName }) => {
    const kernel = tf.getKernel(kernelName, 'wasm') as KernelConfig | undefined;
    return kernel === undefined ? [] : [kernel];
  });
  for (const { kernelName, backendName } of before) tf.unregisterKernel(kernelName, backendName);
  for (const kernel of kernels) tf.registerKernel(kernel);
  return {
    names: kernels.map(({ kernelName }) => kernelName),
    restore() {
      for (const { kernelName, backendName } of kernels) tf.unregisterKernel(kernelName, backendName);
      for (const kernel of before) tf.registerKernel(kernel);
    },
  };
}
