import { expect, test } from 'vitest';
import { renderDocument } from '../../../../src/report/render.js';
import { traceDocument } from '../../../../src/app/run/trace-table.js';

test('a trace shows times, and of products and convolutions what they compute in them', () => {
  const { text } = renderDocument(
    traceDocument({
      ...{ warmupSteps: 5, steps: 10, stepMs: 10, batchPreparationMs: 1, outsideKernelsMs: 2 },
      kernels: [
        { name: 'FusedConv2D', callsPerStep: 4, ms: 6, gflops: 123.4, computedGflops: 31.25 },
        { name: 'Add', callsPerStep: 2.5, ms: 1 },
      ],
    }),
    'terminal',
  );
  expect(text).toMatchInlineSnapshot(`
    "Mean of 10 steps after 5 of warm-up, tracing included:
    kernel             calls a step  ms a step   share  GFLOP/s  computed
    ─────────────────────────────────────────────────────────────────────
    FusedConv2D                   4      6.000   60.0%    123.4      31.3
    Add                         2.5      1.000   10.0%
    outside kernels                      2.000   20.0%
    batch preparation                    1.000   10.0%
    step                                10.000  100.0%
    "
  `);
});
