import type { StepTrace } from '../../core/trace.js';
import { counted } from '../../stats/wording.js';
import { plainTable } from '../table.js';

/**
 * Where the time of a step goes, as a table: kernels from the slowest on, then what is no kernel. GFLOP/s are those of a direct
 * convolution; *computed* are those of the products that took its place.
 */
export function traceTable(trace: StepTrace): string {
  const { steps, warmupSteps, stepMs, batchPreparationMs, outsideKernelsMs, kernels } = trace;
  const row = (name: string, ms: number, calls = '', speeds: readonly (number | undefined)[] = []) => [
    name,
    calls,
    ms.toFixed(3),
    `${((100 * ms) / stepMs).toFixed(1)}%`,
    ...[0, 1].map((index) => speeds[index]?.toFixed(1) ?? ''),
  ];
  const rows = [
    ...kernels.map(({ name, callsPerStep, ms, gflops, computedGflops }) =>
      row(name, ms, String(Number(callsPerStep.toFixed(2))), [gflops, computedGflops]),
    ),
    row('outside kernels', outsideKernelsMs),
    row('batch preparation', batchPreparationMs),
    row('step', stepMs),
  ];
  const head = ['kernel', 'calls a step', 'ms a step', 'share', 'GFLOP/s', 'computed'];
  return [
    `Mean of ${counted(steps, 'step')} after ${warmupSteps} of warm-up, tracing included:`,
    plainTable(head, rows, head.slice(1)),
  ].join('\n');
}
