import { z } from 'zod';
import { list } from './list.js';

/** Confidence level of an interval, as a fraction. */
export const levelSchema = z.number().gt(0).lt(1);

/** What seeds can say of a claim. */
const DECISIONS = ['reproduced', 'not reproduced', 'inconclusive'] as const;

/** A verdict on a claim that was reached elsewhere, over trainings that this run does not have. */
export const knownVerdictSchema = z.strictObject({
  verdict: z.enum(DECISIONS),
  reason: z.string(),
  /** As of a claim: a fraction, or points of difference. */
  measured: z.number(),
  interval: z.tuple([z.number(), z.number()]).optional(),
  /** Confidence level of `interval`. Absent: 0.9. */
  level: levelSchema.optional(),
  /** How many. */
  seeds: z.number().int().min(1),
  /** What trained: `wasm`, `PyTorch 1.13.0a0`. */
  by: z.string(),
  /** What it ran on: a processor or a GPU. */
  machine: z.string(),
  /** YYYY-MM-DD; of a published run. */
  date: z.string().optional(),
});
export type KnownVerdict = z.infer<typeof knownVerdictSchema>;

/** What is known of a claim that a run may not judge itself. */
export const knownSchema = z.strictObject({
  /** Of the runs that are published with this version. */
  published: list(knownVerdictSchema),
  /** The reference's own, on the printed number. */
  reference: knownVerdictSchema.optional(),
});
export type Known = z.infer<typeof knownSchema>;
