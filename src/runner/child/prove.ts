import { availableParallelism } from 'node:os';
import type { Flavour } from '../../native/flavours.js';
import { describeGpu, MORE_THAN_ONE_CORE, prepareGpu, timeLargeProduct } from '../../native/gpu.js';
import { loadTfjsNode } from '../../native/load.js';
import type { Proof } from '../../native/proof.js';
import { measureGigaflops } from './measure-gigaflops.js';

/**
 * Loads an installation of libtensorflow into this process and lets it multiply matrices whose values are checked. Throws
 * where it cannot be loaded, where a product is wrong, and where a GPU computes no faster than one core.
 */
export async function proveInstallation(packageFolder: string, flavour: Flavour): Promise<Proof> {
  const isForGpu = flavour === 'gpu';
  if (isForGpu) prepareGpu(packageFolder, process.env);
  const { tf, backend, version, libtensorflow } = loadTfjsNode(packageFolder, isForGpu ? 1 : availableParallelism());
  const onGpu = backend.isUsingGpuDevice;
  const measured = await measureGigaflops(tf);
  const gigaflops = onGpu ? timeLargeProduct(tf, () => performance.now()) : measured;
  if (onGpu && gigaflops < MORE_THAN_ONE_CORE) {
    throw new Error(`a GPU that computes no faster than one core: ${gigaflops} GFLOP/s`);
  }
  const gpu = isForGpu ? describeGpu(process.env) : undefined;
  return { libtensorflow, version, onGpu, gigaflops, ...(gpu && { gpu: gpu.name }) };
}
