import type { BatchMatMulAttrs, KernelBackend, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller } from './call.js';

/**
 * Matrix product with transposed operands. tfjs-backend-wasm leaves XNNPACK for a scalar loop as soon as one operand is
 * transposed, which every backward pass does; transposing explicitly first keeps it on the fast path.
 *
 * a [B,M,K] or [B,K,M], b [B,K,N] or [B,N,K] -> [B,M,N].
 *
 * @param stock the kernel of tfjs-backend-wasm
 */
export function batchMatMul(tf: Tf, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'BatchMatMul',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { a, b } = params.inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = params.attrs as unknown as BatchMatMulAttrs;
      if ((!transposeA && !transposeB) || a.shape.length !== 3 || b.shape.length !== 3) return stock(params);

      const { call, dispose } = kernelCaller(tf, params.backend as KernelBackend);
      const perm = [0, 2, 1];
      const left = transposeA ? call('Transpose', { x: a }, { perm }) : a;
      const right = transposeB ? call('Transpose', { x: b }, { perm }) : b;
      const product = stock({
        ...params,
        inputs: { a: left, b: right },
        attrs: { transposeA: false, transposeB: false },
      });
      if (left !== a) dispose(left);
      if (right !== b) dispose(right);
      return product;
    },
  };
}
