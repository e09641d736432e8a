import type { Tensor } from '@tensorflow/tfjs-core';
import type { NormaliseBytes } from '../additions.js';
import type { Tf } from '../tfjs.js';
import { kernelCaller, newTensor } from './kernels/call.js';
import type { KernelModule } from './module/kernel-module.js';

/** Bytes of one task: BLOCK of assembly/elementwise.ts. */
const TASK = 16384;

/** On the heap, from where the bytes are written to, and on all threads. */
export function normaliseBytes(tf: Tf, module: KernelModule): NormaliseBytes {
  return (shape, fill): Tensor => {
    const count = tf.util.sizeFromShape([...shape]);
    const tensor = newTensor(kernelCaller(tf, tf.backend()), shape, (images) => {
      module.withMemory([count], (bytes) => {
        fill(module.bytes(bytes, count));
        module.run('normalise', { bytes, images, count }, Math.ceil(count / TASK));
      });
    });
    return tf.engine().makeTensorFromTensorInfo(tensor);
  };
}
