import type { StepTrace } from '../../core/trace.js';
import { digits, text } from '../../report/cells.js';
import { table, type Cell, type ColumnOf, type Document } from '../../report/document.js';
import { counted } from '../../stats/wording.js';

interface TraceRow {
  readonly name: string;
  readonly ms: number;
  readonly callsPerStep?: number;
  readonly gflops?: number | undefined;
  readonly computedGflops?: number | undefined;
}

/**
 * Where the time of a step goes: kernels from the slowest on, then what is no kernel. GFLOP/s are those of a direct convolution;
 * *computed* are those of the products that took its place.
 */
export function traceDocument(trace: StepTrace): Document {
  const { steps, warmupSteps, stepMs, batchPreparationMs, outsideKernelsMs, kernels } = trace;
  const rows: readonly TraceRow[] = [
    ...kernels,
    { name: 'outside kernels', ms: outsideKernelsMs },
    { name: 'batch preparation', ms: batchPreparationMs },
    { name: 'step', ms: stepMs },
  ];
  const columns: readonly ColumnOf<TraceRow>[] = [
    { head: 'kernel', cell: ({ name }) => text(name) },
    numbers(
      'calls a step',
      ({ callsPerStep }) => callsPerStep,
      (calls) => String(Number(calls.toFixed(2))),
    ),
    numbers(
      'ms a step',
      ({ ms }) => ms,
      (ms) => ms.toFixed(3),
    ),
    numbers(
      'share',
      ({ ms }) => ms / stepMs,
      (share) => `${(100 * share).toFixed(1)}%`,
    ),
    numbers(
      'GFLOP/s',
      ({ gflops }) => gflops,
      (speed) => speed.toFixed(1),
    ),
    numbers(
      'computed',
      ({ computedGflops }) => computedGflops,
      (speed) => speed.toFixed(1),
    ),
  ];
  const caption = `Mean of ${counted(steps, 'step')} after ${warmupSteps} of warm-up, tracing included:`;
  return { blocks: table(columns, rows, { caption }) };
}

function numbers(
  head: string,
  valueOf: (row: TraceRow) => number | undefined,
  inWords: (value: number) => string,
): ColumnOf<TraceRow> {
  const cell = (row: TraceRow): Cell => {
    const value = valueOf(row);
    return value === undefined ? text('') : digits(value, inWords(value));
  };
  return { head, align: 'right', cell };
}
