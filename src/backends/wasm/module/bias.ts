import type { KernelModule } from './kernel-module.js';

/** Rows of one task: BIAS_ROWS of assembly/elementwise.ts. */
const TASK_ROWS = 64;

/** x [rows, columns] + bias [columns], or 0 for none, and perhaps its ReLU, in place. */
export function addBias(
  module: KernelModule,
  x: number,
  bias: number,
  [rows, columns]: readonly [number, number],
  relu: boolean,
): void {
  const args = { x, bias, rows, columns, relu: relu ? 1 : 0 };
  if (bias !== 0 || relu) module.run('addBias', args, Math.ceil(rows / TASK_ROWS));
}
