import { z } from 'zod';

/** Asks a contestant for one block: steps of training until there are `steps` of them and `seconds` have passed. */
export const blockRequestSchema = z.strictObject({
  steps: z.number().int().positive(),
  seconds: z.number().nonnegative(),
  /** Also say how long each step was inside kernels. Slows the step a little; only cnnbench's own contestants can. */
  trace: z.boolean().default(false),
});
export type BlockRequest = Readonly<z.input<typeof blockRequestSchema>>;

const blockSchema = z.strictObject({
  type: z.literal('block'),
  /** Wall time of each step, batch preparation included. */
  stepSeconds: z.array(z.number().positive()).min(1),
  /** For each step the wall time inside each kernel, without the kernels it calls; only of a traced block. */
  kernelSeconds: z.array(z.record(z.string(), z.number().nonnegative())).optional(),
  /** Of the last step. */
  loss: z.number(),
  /** Processor time of all threads in this block. */
  cpuSeconds: z.number().nonnegative(),
  /** Processor time of all threads between the block before and this one. Should be next to nothing. */
  idleCpuSeconds: z.number().nonnegative(),
});
export type Block = Readonly<z.infer<typeof blockSchema>>;

const readySchema = z.strictObject({
  type: z.literal('ready'),
  /** What computes, with versions. */
  software: z.string(),
});

/**
 * What a contestant says, one JSON object a line on its stdout: `ready` once, then a `block` for each request that it
 * reads from its stdin. `failed` may come at any time and is the last word. The end of stdin ends it.
 */
export const messageSchema = z.discriminatedUnion('type', [
  readySchema,
  blockSchema,
  z.strictObject({ type: z.literal('failed'), message: z.string() }),
]);
export type Message = z.infer<typeof messageSchema>;
