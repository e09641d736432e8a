import type { BatchMatMulAttrs, KernelConfig, KernelFunc, TensorInfo, _FusedMatMulAttrs } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import type { KernelModule } from '../module/kernel-module.js';
import { multiply } from '../module/product.js';
import { withBias } from './bias.js';
import { kernelCaller, newTensor, type KernelCaller, type WasmHeap } from './call.js';

interface Product {
  readonly caller: KernelCaller;
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

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
      const product = { caller: kernelCaller(tf, params.backend), a, b, transposeA, transposeB };
      return isPlain(product) ? productOf(module, product) : other(params);
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
      const caller = kernelCaller(tf, params.backend);
      const product = { caller, a, b, transposeA, transposeB };
      const isSimple = activation === 'linear' || activation === 'relu';
      if (!isSimple || !isPlain(product)) return other(params);
      return withBias(module, caller, productOf(module, product), bias, activation === 'relu');
    },
  };
}

/** One product of two matrices of float32. */
function isPlain({ a, b }: Product): boolean {
  return [a, b].every(({ shape, dtype }) => dtype === 'float32' && shape.slice(0, -2).every((length) => length === 1));
}

function productOf(module: KernelModule, { caller, a, b, transposeA, transposeB }: Product): TensorInfo {
  const { heap } = caller;
  const left = matrixOf(heap, a, transposeA);
  const right = matrixOf(heap, b, transposeB);
  const outer = a.shape.length > b.shape.length ? a.shape : b.shape;
  return newTensor(caller, [...outer.slice(0, -2), left.rows, right.columns], (address, c) => {
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
