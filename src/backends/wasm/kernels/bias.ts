import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addBias } from '../module/bias.js';
import type { KernelModule } from '../module/kernel-module.js';
import type { KernelCaller } from './call.js';

/** x + bias, and perhaps its ReLU. x must be fresh, and is used up. */
export function withBias(
  module: KernelModule,
  { call, dispose, heap }: KernelCaller,
  x: TensorInfo,
  bias: TensorInfo | undefined,
  relu: boolean,
): TensorInfo {
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === x.shape.at(-1))) {
    addBias(module, heap, x, bias, relu);
    return x;
  }
  // A scalar, or one number for each row: anything that tfjs would add.
  const sum = call('Add', { a: x, b: bias }, {});
  dispose(x);
  addBias(module, heap, sum, undefined, relu);
  return sum;
}
