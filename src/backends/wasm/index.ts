import { cpus } from 'node:os';
import { tfjsAdam } from '../adam.js';
import type { Backend } from '../backend.js';
import { registerWasmKernels } from './kernels/register.js';
import { startWasm } from './start.js';

/** tfjs-backend-wasm on XNNPACK with SIMD, plus the kernels of `kernels/`. */
export const wasmBackend: Backend = {
  name: 'wasm',
  title: 'WebAssembly, SIMD, one thread (tfjs-backend-wasm with cnnbench kernels)',
  byDefault: true,
  async activate({ threads = 1 }) {
    const { tf, version } = await startWasm({ build: 'single' });
    const layers = await import('@tensorflow/tfjs-layers');
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
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
        variant: simd === true ? 'SIMD' : 'no SIMD',
        ownKernels: names,
      },
      notices:
        threads > 1 ? ['tfjs-backend-wasm has no threads in Node (tensorflow/tfjs#3830); one thread is used'] : [],
    };
  },
};
