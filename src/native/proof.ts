import { z } from 'zod';

/** What an installation that works says of itself. */
export const proofSchema = z.strictObject({
  libtensorflow: z.string(),
  /** Of tfjs-node. */
  version: z.string(),
  /** Whether it computed on a GPU. */
  onGpu: z.boolean(),
  /** Name of the GPU that the driver lists, whether or not it was used; absent: it lists none, or none was asked for. */
  gpu: z.string().optional(),
  /** Of float32 matrix products, on all processors for `cpu`, on the GPU or one core for `gpu`. */
  gigaflops: z.number().positive(),
});
export type Proof = z.infer<typeof proofSchema>;
