import type { KernelBackend, KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';

/** What the wasm backend offers besides its kernels. */
export interface WasmHeap extends KernelBackend {
  makeOutput(shape: number[], dtype: 'float32' | 'int32'): TensorInfo;
  /** A view of the tensor's values, valid until the next allocation. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
  /** Address of the tensor's values. */
  getMemoryOffset(dataId: object): number;
}

/** Runs registered wasm kernels from inside another kernel, below tfjs's tape and tensor accounting. */
export interface KernelCaller {
  readonly heap: WasmHeap;
  /**
   * Runs a kernel and returns its only output. Whoever calls disposes of it. An input may be given another shape of
   * the same size: kernels read the shape from their argument.
   */
  readonly call: (name: string, inputs: NamedTensorInfoMap, attrs: object) => TensorInfo;
  readonly dispose: (tensor: TensorInfo) => void;
}

/** @param backend the backend as a kernel gets it: tfjs types it as unknown */
export function kernelCaller(tf: Tf, backend: unknown): KernelCaller {
  const heap = backend as WasmHeap;
  return {
    heap,
    call(name, inputs, attrs) {
      const kernel = tf.getKernel(name, 'wasm') as KernelConfig | undefined;
      if (kernel === undefined) throw new Error(`the wasm backend has no kernel ${name}`);
      return kernel.kernelFunc({ inputs, attrs: attrs as NamedAttrMap, backend: heap }) as TensorInfo;
    },
    dispose(tensor) {
      heap.disposeData(tensor.dataId);
    },
  };
}

/**
 * A new tensor, filled by `compute`, which is given its address. Disposed of if that throws.
 *
 * @throws Error when the heap is full: tfjs would then write to address 0
 */
export function newTensor(
  caller: KernelCaller,
  shape: readonly number[],
  compute: (address: number, tensor: TensorInfo) => void,
  dtype: 'float32' | 'int32' = 'float32',
): TensorInfo {
  const computeOne = ([address]: readonly number[], [made]: readonly TensorInfo[]) =>
    compute(address as number, made as TensorInfo);
  const [tensor] = newTensors(caller, [shape], computeOne, dtype);
  return tensor as TensorInfo;
}

/** Lends tensors that are disposed of at the end: `keep` remembers one and returns it. */
export function withTemporary<Result>(
  { dispose }: KernelCaller,
  use: (keep: (tensor: TensorInfo) => TensorInfo) => Result,
): Result {
  const kept: TensorInfo[] = [];
  try {
    return use((tensor) => {
      kept.push(tensor);
      return tensor;
    });
  } finally {
    kept.forEach(dispose);
  }
}

/** A new tensor of zeros. */
export function newZeros(caller: KernelCaller, shape: readonly number[]): TensorInfo {
  return newSum(caller, shape, () => undefined);
}

/** A new tensor of zeros that `add` adds to. */
export function newSum(caller: KernelCaller, shape: readonly number[], add: (tensor: TensorInfo) => void): TensorInfo {
  return newTensor(caller, shape, (_, tensor) => {
    caller.heap.typedArrayFromHeap(tensor).fill(0);
    add(tensor);
  });
}

/** The same for several tensors that are computed together. */
export function newTensors(
  { heap, dispose }: KernelCaller,
  shapes: readonly (readonly number[])[],
  compute: (addresses: readonly number[], tensors: readonly TensorInfo[]) => void,
  dtype: 'float32' | 'int32' = 'float32',
): TensorInfo[] {
  const tensors: TensorInfo[] = [];
  try {
    for (const shape of shapes) {
      const tensor = heap.makeOutput([...shape], dtype);
      tensors.push(tensor);
      const isFull = heap.getMemoryOffset(tensor.dataId) === 0;
      if (isFull) throw new Error(`the wasm heap has no room for a tensor [${shape.join(', ')}]`);
    }
    const addresses = tensors.map(({ dataId }) => heap.getMemoryOffset(dataId));
    compute(addresses, tensors);
    return tensors;
  } catch (error) {
    tensors.forEach(dispose);
    throw error;
  }
}
