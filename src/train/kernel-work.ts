import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelCall } from '../backends/additions.js';

/** Multiply-adds of a matrix product, a convolution or one of its gradients, by definition; 0 for any other kernel. */
export function multiplyAddsOf({ name, inputs, attrs }: KernelCall, output: TensorInfo): number {
  const { a, dy, filter } = inputs as Partial<Record<string, TensorInfo>>;
  const { transposeA = false, filterShape } = attrs as { transposeA?: boolean; filterShape?: readonly number[] };
  switch (name) {
    case 'BatchMatMul':
    case '_FusedMatMul':
      return sizeOf(output.shape) * (a?.shape.at(transposeA ? -2 : -1) ?? 0);
    case 'Conv2D':
    case 'FusedConv2D':
      return sizeOf(output.shape) * windowOf(filter?.shape);
    case 'Conv2DBackpropInput':
      return sizeOf(dy?.shape) * windowOf(filter?.shape);
    case 'Conv2DBackpropFilter':
      return sizeOf(dy?.shape) * windowOf(filterShape);
    default:
      return 0;
  }
}

/** Of a filter [kh,kw,C,K]: the numbers that one output is a sum over. */
function windowOf(filter: readonly number[] | undefined): number {
  return sizeOf(filter?.slice(0, 3));
}

function sizeOf(shape: readonly number[] | undefined): number {
  return shape === undefined ? 0 : shape.reduce((product, length) => product * length, 1);
}
