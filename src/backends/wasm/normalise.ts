import type { Tensor } from '@tensorflow/tfjs-core';
import type { NormaliseBytes } from '../backend.js';
import type { Tf } from '../tfjs.js';
import { kernelCaller } from './kernels/call.js';
import type { KernelModule } from './module/kernel-module.js';

/** Bytes of one task: BLOCK of assembly/elementwise.ts. */
const TASK = 16384;

/** Bytes to numbers between -1 and 1 on the heap, on all threads. */
export function normaliseBytes(tf: Tf, module: KernelModule): NormaliseBytes {
  return (bytes, shape): Tensor => {
    const { heap } = kernelCaller(tf, tf.backend());
    const images = heap.makeOutput([...shape], 'float32');
    module.withValues(bytes, (address) => {
      const args = { bytes: address, images: heap.getMemoryOffset(images.dataId), count: bytes.length };
      module.run('normalise', args, Math.ceil(bytes.length / TASK));
    });
    return tf.engine().makeTensorFromTensorInfo(images);
  };
}
