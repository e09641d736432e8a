import type { BatchMatMulAttrs, KernelConfig, KernelFunc, TensorInfo, _FusedMatMulAttrs } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import type { KernelModule } from '../module/kernel-module.js';
import { multiply } from '../module/product.js';
import { withBias } from './bias.js';
import { kernelCaller, newTensor, type KernelCaller, type WasmHeap } from './call.js';
import { checkBias, checkProduct, type Operands } from './checks.js';

/**
 * Matrix product, either operand transposed or not. Batches of matrices go to `other`.
 *
 * a [...,M,K] or [...,K,M], b [...,K,N] or [...,N,K] -> [...,M,N].
 */
export function batchMatMul(tf: Tf, module: KernelModule, other: KernelFunc): KernelConfig {
  return {
    kernelName: 'BatchMatMul',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { a, b } = params.inputs as { a: TensorInfo; b: TensorInfo };
      const { transposeA, transposeB } = params.attrs as unknown as BatchMatMulAttrs;
      const operands = { a, b, transposeA, transposeB };
      const shape = checkProduct(tf, 'BatchMatMul', operands);
      if (!isPlain(operands)) return other(params);
      return productOf(module, kernelCaller(tf, params.backend), operands, shape);
    },
  };
}

/** The same with a bias, [N] or what broadcasts, and a ReLU or nothing after it; other activations go to `other`. */
export function fusedMatMul(tf: Tf, module: KernelModule, other: KernelFunc): KernelConfig {
  return {
    kernelName: '_FusedMatMul',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { a, b, bias } = params.inputs as { a: TensorInfo; b: TensorInfo; bias?: TensorInfo };
      const { transposeA, transposeB, activation } = params.attrs as unknown as _FusedMatMulAttrs;
      const operands = { a, b, transposeA, transposeB };
      const isSimple = activation === 'linear' || activation === 'relu';
      const shape = checkProduct(tf, '_FusedMatMul', operands);
      if (!isSimple || !isPlain(operands)) return other(params);
      checkBias(tf, '_FusedMatMul', bias, shape);
      const caller = kernelCaller(tf, params.backend);
      return withBias(module, caller, productOf(module, caller, operands, shape), bias, activation === 'relu');
    },
  };
}

/** One product of two matrices. */
function isPlain({ a, b }: Operands): boolean {
  return [a, b].every(({ shape }) => shape.slice(0, -2).every((length) => length === 1));
}

function productOf(
  module: KernelModule,
  caller: KernelCaller,
  { a, b, transposeA, transposeB }: Operands,
  shape: readonly number[],
): TensorInfo {
  const { heap } = caller;
  const left = matrixOf(heap, a, transposeA);
  const right = matrixOf(heap, b, transposeB);
  return newTensor(caller, shape, (address, c) => {
    // A sum of nothing is zero; stock leaves what was in the memory.
    if (left.columns === 0) heap.typedArrayFromHeap(c).fill(0);
    else multiply(module, left, right, address);
  });
}

function matrixOf(heap: WasmHeap, { shape, dataId }: TensorInfo, transposed: boolean) {
  const [first, second] = shape.slice(-2) as [number, number];
  const [rows, columns] = transposed ? [second, first] : [first, second];
  return { address: heap.getMemoryOffset(dataId), rows, columns, transposed };
}
