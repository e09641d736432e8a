import type { CastAttrs, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmHeap } from './call.js';

/** The same values under another tensor; stock copies them. Safe, because no kernel changes its inputs. */
export function identity(stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x } = params.inputs as { x: TensorInfo };
      return x.dtype === 'string' ? stock(params) : share(params.backend, x);
    },
  };
}

/** To the type that it has already, nothing is copied. */
export function cast(stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'Cast',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x } = params.inputs as { x: TensorInfo };
      const { dtype } = params.attrs as unknown as CastAttrs;
      return x.dtype === dtype && dtype !== 'string' ? share(params.backend, x) : stock(params);
    },
  };
}

function share(backend: unknown, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  (backend as WasmHeap).incRef(dataId);
  return { dataId, shape, dtype };
}
