import type { KernelBackend, KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';

/** Runs registered wasm kernels from inside another kernel, below tfjs's tape and tensor accounting. */
export interface KernelCaller {
  /** Runs a kernel and returns its only output. Whoever calls disposes of it. */
  readonly call: (name: string, inputs: NamedTensorInfoMap, attrs: object) => TensorInfo;
  readonly dispose: (tensor: TensorInfo) => void;
}

export function kernelCaller(tf: Tf, backend: KernelBackend): KernelCaller {
  return {
    call(name, inputs, attrs) {
      const kernel = tf.getKernel(name, 'wasm') as KernelConfig | undefined;
      if (kernel === undefined) throw new Error(`the wasm backend has no kernel ${name}`);
      return kernel.kernelFunc({ inputs, attrs: attrs as NamedAttrMap, backend }) as TensorInfo;
    },
    dispose(tensor) {
      backend.disposeData(tensor.dataId);
    },
  };
}
