import type { BatchMatMulAttrs, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller } from '../kernels/call.js';
import { checkFloats, checkProduct, shapeName } from '../kernels/checks.js';

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
      if (kernelName === '_FusedMatMul') checkStockLimits(a, b, bias, shape);
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

/** The stock fused product takes three axes for granted, and reads as many numbers of the bias as there are columns. */
function checkStockLimits(a: TensorInfo, b: TensorInfo, bias: TensorInfo | undefined, result: readonly number[]): void {
  if (a.shape.length !== 3 || b.shape.length !== 3) {
    throw new Error(
      `_FusedMatMul on wasm needs operands of rank 3, got ${shapeName(a.shape)} and ${shapeName(b.shape)}`,
    );
  }
  if (bias === undefined) return;
  checkFloats('_FusedMatMul', { bias });
  if (bias.shape.length !== 1) {
    throw new Error(`_FusedMatMul only supports rank-1 bias but got rank ${bias.shape.length}.`);
  }
  if (bias.shape[0] !== result.at(-1)) {
    throw new Error(`_FusedMatMul: a bias ${shapeName(bias.shape)} does not fit the result ${shapeName(result)}`);
  }
}

function lastTwoSwapped(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
}
