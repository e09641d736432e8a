import { cpus } from 'node:os';
import { tfjsAdam } from '../adam.js';
import type { Backend } from '../backend.js';
import { registerWasmKernels } from './kernels/register.js';
import { loadWasm, oneThreadNotices } from './load.js';

/** tfjs-backend-wasm on XNNPACK with SIMD, plus the kernels of `kernels/`. */
export const wasmBackend: Backend = {
  name: 'wasm',
  title: 'WebAssembly, SIMD, one thread (tfjs-backend-wasm with cnnbench kernels)',
  byDefault: true,
  async activate({ threads = 1, fma = false }) {
    const { tf, layers, version, variant } = await loadWasm();
    const { names } = registerWasmKernels(tf);
    return {
      tf,
      layers,
      adam: tfjsAdam(tf),
      description: {
        name: 'wasm',
        version,
        device: cpus()[0]?.model.trim() ?? 'unknown processor',
        threads: 1,
        variant,
        ownKernels: names,
      },
      notices: [
        ...oneThreadNotices(threads),
        ...(fma ? ['--wasm-fma has no effect yet: XNNPACK computes everything'] : []),
      ],
    };
  },
};
