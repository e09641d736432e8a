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
  const columns = x.shape.at(-1) as number;
  const rows = x.shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const at = ({ dataId }: TensorInfo) => heap.getMemoryOffset(dataId);
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === columns)) {
    addBias(module, at(x), bias === undefined ? 0 : at(bias), [rows, columns], relu);
    return x;
  }
  // A scalar, or one number for each row: anything that tfjs would add.
  const sum = call('Add', { a: x, b: bias }, {});
  dispose(x);
  addBias(module, at(sum), 0, [rows, columns], relu);
  return sum;
}
