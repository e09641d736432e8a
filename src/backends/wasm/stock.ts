import { cpus } from 'node:os';
import { tfjsAdam } from '../adam.js';
import type { Backend } from '../backend.js';
import { loadWasm, oneThreadNotices } from './load.js';

/**
 * tfjs-backend-wasm exactly as released: what `wasm` is compared with. It trains MLPs slowly and no CNN, for want of the
 * kernel Conv2DBackpropFilter (tensorflow/tfjs#8474).
 */
export const wasmStockBackend: Backend = {
  name: 'wasm-stock',
  title: 'WebAssembly, SIMD, one thread (tfjs-backend-wasm as released)',
  byDefault: false,
  async activate({ threads = 1, fma = false }) {
    const { tf, layers, version, variant } = await loadWasm();
    return {
      tf,
      layers,
      adam: tfjsAdam(tf),
      description: {
        name: 'wasm-stock',
        version,
        device: cpus()[0]?.model.trim() ?? 'unknown processor',
        threads: 1,
        variant,
        ownKernels: [],
      },
      notices: [...oneThreadNotices(threads), ...(fma ? ['--wasm-fma has no effect on wasm-stock'] : [])],
    };
  },
};
