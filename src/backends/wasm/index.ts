import { availableParallelism, cpus } from 'node:os';
import type { Backend } from '../backend.js';
import { startTunedWasm } from './tuned.js';

/** Threads that are taken unless asked otherwise: more help little with networks of this size. */
const MOST_THREADS = 8;

/** tfjs-backend-wasm on XNNPACK with SIMD, plus the kernels of `kernels/` and threads. */
export const wasmBackend: Backend = {
  name: 'wasm',
  title: 'WebAssembly, SIMD, threads (tfjs-backend-wasm with cnnbench kernels)',
  byDefault: true,
  async activate({ threads = Math.min(availableParallelism(), MOST_THREADS), fma = false }) {
    const started = await startTunedWasm({ threads, fma });
    const { tf, version, adam, normalise, computedMultiplyAdds, kernels, fallback } = started;
    const layers = await import('@tensorflow/tfjs-layers');
    return {
      tf,
      layers,
      adam,
      ...(normalise && { normalise }),
      ...(computedMultiplyAdds && { computedMultiplyAdds }),
      description: {
        name: 'wasm',
        version,
        device: cpus()[0]?.model.trim() ?? 'unknown processor',
        threads: started.threads,
        variant: started.fma ? 'SIMD, FMA' : 'SIMD',
        ownKernels: [...kernels],
      },
      notices: fallback === undefined ? [] : [`the WebAssembly module of cnnbench is not used: ${fallback}`],
    };
  },
};
