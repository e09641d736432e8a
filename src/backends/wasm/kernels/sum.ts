import type { KernelConfig, KernelFunc, SumAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import type { KernelModule } from '../module/kernel-module.js';
import { kernelCaller, newTensor, newZeros } from './call.js';

/** Columns of one task: SUM_COLUMNS of assembly/elementwise.ts. */
const TASK_COLUMNS = 16;

/**
 * Sum over the leading axes, as in the gradient of every bias; stock transposes first. Other sums go to `stock`, but for those of
 * nothing, where it leaves what was in the memory.
 *
 * @param module where it could be loaded
 */
export function sum(tf: Tf, module: KernelModule | undefined, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'Sum',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x } = params.inputs as { x: TensorInfo };
      const { axis, keepDims } = params.attrs as unknown as SumAttrs;
      const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
      const isLeading = axes.length < x.shape.length && axes.every((each, index) => each === index);
      const columns = tf.util.sizeFromShape(x.shape.slice(axes.length));
      const rows = tf.util.sizeFromShape(x.shape.slice(0, axes.length));
      const caller = kernelCaller(tf, params.backend);
      if (x.shape.includes(0) && x.dtype === 'float32') {
        const { backend_util: util } = tf;
        const [shape] = util.computeOutAndReduceShapes(x.shape, axes);
        return newZeros(caller, keepDims ? util.expandShapeToKeepDim(shape, axes) : shape);
      }
      if (module === undefined || x.dtype !== 'float32' || axes.length === 0 || !isLeading) return stock(params);
      const kept = x.shape.slice(axes.length);
      return newTensor(caller, keepDims ? [...axes.map(() => 1), ...kept] : kept, (y) => {
        const args = { x: caller.heap.getMemoryOffset(x.dataId), sum: y, rows, columns };
        module.run('sumRows', args, Math.ceil(columns / TASK_COLUMNS));
      });
    },
  };
}
