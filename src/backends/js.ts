import { cpus } from 'node:os';
import { tfjsAdam } from './adam.js';
import type { Backend } from './backend.js';

/** tfjs-backend-cpu: plain JavaScript in float32. Slow, and the oracle for every other backend. */
export const jsBackend: Backend = {
  name: 'js',
  title: 'pure JavaScript, the oracle (tfjs-backend-cpu)',
  byDefault: false,
  async activate({ threads = 1, fma = false }) {
    const tf = await import('@tensorflow/tfjs-core');
    const layers = await import('@tensorflow/tfjs-layers');
    const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    return {
      tf,
      layers,
      adam: tfjsAdam(tf),
      description: {
        name: 'js',
        version,
        device: cpus()[0]?.model.trim() ?? 'unknown processor',
        threads: 1,
        variant: 'float32',
        ownKernels: [],
      },
      notices: [
        ...(threads > 1 ? ['js computes on one thread; --threads has no effect on it'] : []),
        ...(fma ? ['--wasm-fma has no effect on js'] : []),
      ],
    };
  },
};
