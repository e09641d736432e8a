import { availableParallelism, cpus } from 'node:os';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import { cacheDirectory } from '../../data/cache.js';
import { findInstallation } from '../../native/find.js';
import type { Flavour } from '../../native/flavours.js';
import { loadTfjsNode, type LoadedTfjsNode } from '../../native/load.js';
import type { Backend } from '../backend.js';
import { pruneFusedGradients } from '../fused-gradients.js';
import { nativeAdam } from './adam.js';
import { registerKernels } from './kernels.js';
import { normaliseBytes } from './normalise.js';

/** libtensorflow on the processor. */
export const cpuBackend: Backend = {
  name: 'cpu',
  title: 'libtensorflow on the processor (tfjs-node)',
  byDefault: true,
  async activate({ threads = availableParallelism(), fma = false }) {
    const { tf, layers, backend, version, libtensorflow } = load('cpu', threads);
    const kernels = registerKernels(tf, backend);
    pruneFusedGradients(tf);
    return Promise.resolve({
      tf,
      layers,
      adam: nativeAdam(tf, backend),
      normalise: normaliseBytes(tf, backend),
      description: {
        name: 'cpu',
        version,
        library: `libtensorflow ${libtensorflow}`,
        device: cpus()[0]?.model.trim() ?? 'unknown processor',
        threads,
        variant: 'float32',
        ownKernels: kernels,
      },
      notices: fma ? ['--wasm-fma has no effect on cpu'] : [],
    });
  },
};

/** @throws CnnbenchError E_BACKEND_UNAVAILABLE where it is not set up, or its library does not load */
function load(flavour: Flavour, threads: number): LoadedTfjsNode {
  const installation = findInstallation(cacheDirectory(process.env), flavour);
  if (installation === undefined) {
    throw new CnnbenchError(
      'E_BACKEND_UNAVAILABLE',
      `libtensorflow for ${flavour} is not set up`,
      `Run "cnnbench setup ${flavour}".`,
    );
  }
  try {
    return loadTfjsNode(installation, threads);
  } catch (error) {
    throw new CnnbenchError(
      'E_BACKEND_UNAVAILABLE',
      `libtensorflow in ${installation} could not be loaded: ${messageOf(error)}`,
      `Run "cnnbench setup ${flavour} --force".`,
      { cause: error },
    );
  }
}
