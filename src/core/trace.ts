import { z } from 'zod';
import { BACKENDS } from './cell.js';
import { PROFILES } from './experiment.js';
import { SCHEMA_VERSION } from './record.js';

const milliseconds = z.number();

/** Where the time of a training step goes: means over the steps after the warm-up. Tracing itself takes time, too. */
export const stepTraceSchema = z.strictObject({
  /** Steps left out at the start. */
  warmupSteps: z.number().int().nonnegative(),
  /** Steps that the means are over. */
  steps: z.number().int().positive(),
  /** Wall time of a step: the sum of everything below. */
  stepMs: milliseconds,
  /** Gathering and normalising the images of a batch, and handing them to the backend. */
  batchPreparationMs: milliseconds,
  /** Neither in a kernel nor in the preparation: tfjs's tape and bookkeeping, our loop, an optimizer without kernels. */
  outsideKernelsMs: milliseconds,
  /** Slowest first. Where a kernel calls another, the time counts for the one that was called. */
  kernels: z.array(
    z.strictObject({
      name: z.string().max(200),
      callsPerStep: z.number().positive(),
      ms: milliseconds,
      /** Of products and convolutions: billions of multiplications and additions a second, by the definition of the operation. */
      gflops: z.number().optional(),
      /** Of those that were computed: fewer by transforms, whose own are not counted. */
      computedGflops: z.number().optional(),
    }),
  ),
});
export type StepTrace = z.infer<typeof stepTraceSchema>;

/** What `trace/<cell>.json` holds. */
export const cellTraceSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  cell: z.strictObject({
    experiment: z.string(),
    backend: z.enum(BACKENDS),
    seed: z.number().int().nonnegative(),
    profile: z.enum(PROFILES),
  }),
  ...stepTraceSchema.shape,
});
export type CellTrace = z.infer<typeof cellTraceSchema>;
