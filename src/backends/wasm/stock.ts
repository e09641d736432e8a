import { cpus } from 'node:os';
import { tfjsAdam } from '../adam.js';
import type { Backend } from '../backend.js';
import { startWasm } from './start.js';

/**
 * tfjs-backend-wasm exactly as released: what `wasm` is compared with. It trains MLPs slowly and no CNN, for want of the
 * kernel Conv2DBackpropFilter (tensorflow/tfjs#8474), and knows one thread in Node (tensorflow/tfjs#3830).
 */
export const wasmStockBackend: Backend = {
  name: 'wasm-stock',
  title: 'WebAssembly, SIMD, one thread (tfjs-backend-wasm as released)',
  byDefault: false,
  async activate({ threads = 1, fma = false }) {
    const { tf, version } = await startWasm({ build: 'single' });
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    return {
      tf,
      layers: await import('@tensorflow/tfjs-layers'),
      adam: tfjsAdam(tf),
      description: {
        name: 'wasm-stock',
        version,
        device: cpus()[0]?.model.trim() ?? 'unknown processor',
        threads: 1,
        variant: simd === true ? 'SIMD' : 'no SIMD',
        ownKernels: [],
      },
      notices: [
        ...(threads > 1 ? ['tfjs-backend-wasm as released has no threads in Node (tensorflow/tfjs#3830)'] : []),
        ...(fma ? ['--wasm-fma has no effect on wasm-stock'] : []),
      ],
    };
  },
};
