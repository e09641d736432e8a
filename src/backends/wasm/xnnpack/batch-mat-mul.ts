import type { BatchMatMulAttrs, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller, newZeros } from '../kernels/call.js';
import { checkBias, checkProduct } from '../kernels/checks.js';
import { inParts, needsParts } from '../kernels/fused.js';

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
      const { a, b, bias } = params.inputs as { a: TensorInfo; b: TensorInfo; bias?: TensorInfo };
      const { transposeA, transposeB } = params.attrs as unknown as BatchMatMulAttrs;
      const shape = checkProduct(tf, kernelName, { a, b, transposeA, transposeB });
      checkBias(tf, kernelName, bias, shape);
      const caller = kernelCaller(tf, params.backend);
      const { call, dispose } = caller;
      // The stock fused product takes three axes for granted.
      const isForStock = a.shape.length === 3 && b.shape.length === 3 && !needsParts(params.inputs, shape);
      if (kernelName === '_FusedMatMul' && !isForStock) return inParts(caller, 'BatchMatMul', params);
      // A sum of nothing is zero; stock leaves what was in the memory.
      if (a.shape.at(transposeA ? -2 : -1) === 0) {
        return kernelName === '_FusedMatMul' ? inParts(caller, 'BatchMatMul', params) : newZeros(caller, shape);
      }
      if (!transposeA && !transposeB) return stock(params);

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
