import type { Tensor } from '@tensorflow/tfjs-core';
import type { NormaliseBytes } from '../backend.js';
import type { Tf } from '../tfjs.js';
import { kernelCaller } from './kernels/call.js';
import type { KernelModule } from './module/kernel-module.js';

/** Bytes of one task: BLOCK of assembly/elementwise.ts. */
const TASK = 16384;

/** On the heap, from where the bytes are written to, and on all threads. */
export function normaliseBytes(tf: Tf, module: KernelModule): NormaliseBytes {
  return (shape, fill): Tensor => {
    const { heap } = kernelCaller(tf, tf.backend());
    const count = tf.util.sizeFromShape([...shape]);
    const images = heap.makeOutput([...shape], 'float32');
    module.withMemory([count], (bytes) => {
      fill(module.bytes(bytes, count));
      const args = { bytes, images: heap.getMemoryOffset(images.dataId), count };
      module.run('normalise', args, Math.ceil(count / TASK));
    });
    return tf.engine().makeTensorFromTensorInfo(images);
  };
}
