import type { BatchMatMulAttrs, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller } from '../kernels/call.js';

/**
 * Matrix product with transposed operands. tfjs-backend-wasm leaves XNNPACK for a scalar loop as soon as one operand is
 * transposed, which every backward pass does, and which forgets the bias and activation of a fused product. Transposing
 * explicitly first keeps it on the fast path.
 *
 * a [...,M,K] or [...,K,M], b [...,K,N] or [...,N,K] -> [...,M,N].
 *
 * @param stock the kernel of tfjs-backend-wasm
 */
export function transposingProduct(
  tf: Tf,
  kernelName: 'BatchMatMul' | '_FusedMatMul',
  stock: KernelFunc,
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { a, b } = params.inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = params.attrs as unknown as BatchMatMulAttrs;
      if (!transposeA && !transposeB) return stock(params);

      const { call, dispose } = kernelCaller(tf, params.backend);
      const transpose = (x: TensorInfo) => call('Transpose', { x }, { perm: lastTwoSwapped(x.shape.length) });
      const left = transposeA ? transpose(a) : a;
      const right = transposeB ? transpose(b) : b;
      const product = stock({
        ...params,
        inputs: { ...params.inputs, a: left, b: right },
        attrs: { ...params.attrs, transposeA: false, transposeB: false },
      });
      if (left !== a) dispose(left);
      if (right !== b) dispose(right);
      return product;
    },
  };
}

function lastTwoSwapped(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
}
