import { z } from 'zod';
import { list } from './list.js';
import { curvePointSchema } from './record.js';
import { zeroGradientsSchema } from './symptom.js';
import type { HostTensor } from './tensor.js';

/**
 * Where a training stands between two steps: with the weights and the optimizer, all that decides how it goes on. Of its
 * random streams, `init` and `shuffle`, the first is spent before the first step, and the second has been advanced by one
 * permutation for each epoch that was begun.
 */
export const trainingProgressSchema = z.strictObject({
  /** The epoch that comes next or is under way, 1-based; one more than there are when all are done. */
  epoch: z.number().int().positive(),
  /** Steps of it that were taken. When all were, its evaluation comes next. */
  step: z.number().int().nonnegative(),
  /** Sum of the losses of these steps. */
  lossSum: z.number(),
  /** How many of their examples were right, where that is counted. */
  correct: z.number().int().nonnegative().optional(),
  /** Their wall time, seconds. */
  trainSeconds: z.number().nonnegative(),
  /** One point for each epoch that was evaluated. */
  curve: list(curvePointSchema),
  /** Where gradients were zero so far. */
  zeroGradients: zeroGradientsSchema,
});
export type TrainingProgress = z.infer<typeof trainingProgressSchema>;

/** What Adam remembers between two steps. */
export interface AdamState {
  readonly steps: number;
  /** Running products of beta1 and beta2, in float32, as the optimizer has them. */
  readonly powers: readonly [number, number];
  /** Of each weight, in the order in which the optimizer is given them; zeros where it had no gradient yet. */
  readonly firstMoments: readonly HostTensor[];
  readonly secondMoments: readonly HostTensor[];
}

/** What an optimizer remembers between two steps. Lists are empty where it keeps no such thing, see `slotsOf`. */
export interface OptimizerState extends AdamState {
  readonly velocities?: readonly HostTensor[];
}

/** All that a training needs to go on to the same bits. */
export interface TrainingState {
  readonly progress: TrainingProgress;
  /** In the order of the model. */
  readonly weights: readonly HostTensor[];
  readonly optimizer: OptimizerState;
}
