import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { CnnbenchError } from '../../core/errors.js';
import { tfjsAdam } from '../adam.js';
import type { Backend } from '../backend.js';
import { registerWasmKernels } from './kernels/register.js';

/** tfjs-backend-wasm on XNNPACK with SIMD, plus the kernels of `kernels/`. */
export const wasmBackend: Backend = {
  name: 'wasm',
  title: 'WebAssembly, SIMD, one thread (tfjs-backend-wasm with cnnbench kernels)',
  byDefault: true,
  async activate({ threads = 1 }) {
    const tf = await import('@tensorflow/tfjs-core');
    const layers = await import('@tensorflow/tfjs-layers');
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(join(dirname(entry), sep));
    if (!(await tf.setBackend('wasm'))) {
      throw new CnnbenchError(
        'E_BACKEND_UNAVAILABLE',
        'the wasm backend could not start',
        'Run "cnnbench doctor"; reinstall with "npm ci" if files of @tensorflow/tfjs-backend-wasm are missing.',
      );
    }
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    const { names } = registerWasmKernels(tf);
    return {
      tf,
      layers,
      adam: tfjsAdam(tf),
      description: {
        name: 'wasm',
        version: wasm.version_wasm,
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
