import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller, newZeros, withTemporary } from './call.js';
import { checkFloats, shapeName } from './checks.js';
import { isTail } from './fused.js';

/** PReLU with slopes of any shape that broadcasts: stock takes its numbers in turn, which is another one unless it ends as that of x. */
export function prelu(tf: Tf, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'Prelu',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x, alpha } = params.inputs as { x: TensorInfo; alpha: TensorInfo };
      checkFloats('Prelu', { alpha });
      const shape = tf.broadcast_util.assertAndGetBroadcastShape(x.shape, alpha.shape);
      if (!tf.util.arraysEqual(shape, x.shape)) {
        throw new Error(`Prelu: slopes ${shapeName(alpha.shape)} do not fit the input ${shapeName(x.shape)}`);
      }
      const caller = kernelCaller(tf, params.backend);
      if (x.shape.includes(0)) return newZeros(caller, x.shape);
      if (isTail(alpha.shape, x.shape)) return stock(params);
      return withTemporary(caller, (keep) => {
        const slopes = keep(caller.call('Add', { a: keep(newZeros(caller, x.shape)), b: alpha }, {}));
        return stock({ ...params, inputs: { x, alpha: slopes } });
      });
    },
  };
}
