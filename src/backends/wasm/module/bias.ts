import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmHeap } from '../kernels/call.js';
import type { KernelModule } from './kernel-module.js';

/** Rows of one task: BIAS_ROWS of assembly/elementwise.ts. */
const TASK_ROWS = 64;

/** x + bias over the last axis, and perhaps its ReLU, in place. x must be fresh: its old values are lost. */
export function addBias(
  module: KernelModule,
  heap: WasmHeap,
  x: TensorInfo,
  bias: TensorInfo | undefined,
  relu: boolean,
): void {
  if (bias === undefined && !relu) return;
  const columns = x.shape.at(-1) as number;
  const rows = x.shape.reduce((product, length) => product * length, 1) / columns;
  const args = {
    x: heap.getMemoryOffset(x.dataId),
    bias: bias === undefined ? 0 : heap.getMemoryOffset(bias.dataId),
    rows,
    columns,
    relu: relu ? 1 : 0,
  };
  module.run('addBias', args, Math.ceil(rows / TASK_ROWS));
}
