import { availableParallelism, cpus } from 'node:os';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import type { BackendDescription } from '../../core/record.js';
import { cacheDirectory } from '../../data/cache.js';
import { findInstallation } from '../../native/find.js';
import type { Flavour } from '../../native/flavours.js';
import { describeGpu, MORE_THAN_ONE_CORE, prepareGpu, timeLargeProduct } from '../../native/gpu.js';
import { loadTfjsNode, type LoadedTfjsNode } from '../../native/load.js';
import type { ActiveBackend, Backend } from '../backend.js';
import { pruneFusedGradients } from '../fused-gradients.js';
import { nativeAdam } from './adam.js';
import { registerKernels } from './kernels.js';
import { normaliseBytes } from './normalise.js';

/** libtensorflow on the processor. */
export const cpuBackend: Backend = {
  name: 'cpu',
  title: 'libtensorflow on the processor (tfjs-node)',
  byDefault: true,
  activate: ({ threads = availableParallelism(), fma = false }) =>
    settle(() => {
      const loaded = load('cpu', findPackage('cpu'), threads);
      const device = cpus()[0]?.model.trim() ?? 'unknown processor';
      return {
        ...tuned(loaded, { name: 'cpu', device, threads, variant: 'float32' }),
        notices: fma ? ['--wasm-fma has no effect on cpu'] : [],
      };
    }),
};

const NEEDED_DRIVER = 'It needs a driver for CUDA 12, version 525 or newer; "nvidia-smi" shows the installed one.';

/** libtensorflow on a GPU of NVIDIA. That it computes there is proved, not believed. */
export const gpuBackend: Backend = {
  name: 'gpu',
  title: 'libtensorflow on a GPU by CUDA (tfjs-node-gpu)',
  byDefault: true,
  activate: ({ threads = 1, fma = false }) =>
    settle(() => {
      const folder = findPackage('gpu');
      prepareGpu(folder, process.env);
      const gpu = describeGpu(process.env);
      if (gpu === undefined) {
        throw unavailable(
          'no GPU is visible: nvidia-smi lists none',
          'Use a machine with an NVIDIA GPU and its driver.',
        );
      }
      const loaded = load('gpu', folder, 1);
      if (!loaded.backend.isUsingGpuDevice) {
        throw unavailable(
          `libtensorflow ${loaded.libtensorflow} cannot use the ${gpu.name} (driver ${gpu.driver})`,
          NEEDED_DRIVER,
        );
      }
      const gigaflops = timeLargeProduct(loaded.tf, () => performance.now());
      if (gigaflops < MORE_THAN_ONE_CORE) {
        throw unavailable(
          `a large matrix product reached only ${gigaflops.toFixed(0)} GFLOP/s, which one processor core can do, so the GPU may not be in use`,
          'Make sure that nothing else uses the GPU, then try again.',
        );
      }
      const { name: device, driver } = gpu;
      return {
        ...tuned(loaded, { name: 'gpu', device, driver, threads: 1, variant: 'CUDA, float32 without TF32' }),
        notices: [
          ...(threads > 1 ? ['--threads has no effect on gpu'] : []),
          ...(fma ? ['--wasm-fma has no effect on gpu'] : []),
        ],
      };
    }),
};

/** With the kernels, the Adam and the normalisation of cnnbench. */
function tuned(
  { tf, layers, backend, version, libtensorflow }: LoadedTfjsNode,
  description: Omit<BackendDescription, 'version' | 'library' | 'ownKernels'>,
): Omit<ActiveBackend, 'notices'> {
  const ownKernels = registerKernels(tf, backend);
  pruneFusedGradients(tf);
  return {
    tf,
    layers,
    adam: nativeAdam(tf, backend),
    normalise: normaliseBytes(tf, backend),
    description: { ...description, version, library: `libtensorflow ${libtensorflow}`, ownKernels },
  };
}

function findPackage(flavour: Flavour): string {
  const folder = findInstallation(cacheDirectory(process.env), flavour);
  if (folder === undefined) {
    throw unavailable(`libtensorflow for ${flavour} is not set up`, `Run "cnnbench setup ${flavour}".`);
  }
  return folder;
}

function load(flavour: Flavour, folder: string, threads: number): LoadedTfjsNode {
  try {
    return loadTfjsNode(folder, threads);
  } catch (error) {
    const remedy = `Run "cnnbench setup ${flavour} --force".`;
    throw unavailable(`libtensorflow in ${folder} could not be loaded: ${messageOf(error)}`, remedy, error);
  }
}

function unavailable(message: string, remedy: string, cause?: unknown): CnnbenchError {
  return new CnnbenchError('E_BACKEND_UNAVAILABLE', message, remedy, { cause });
}

/** A promise of what is computed at once, rejected where that throws. */
function settle<T>(compute: () => T): Promise<T> {
  return new Promise((resolve) => resolve(compute()));
}
