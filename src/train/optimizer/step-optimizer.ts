import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerState } from '../../core/training-state.js';

/** Gradients of the weights, in their order; null where the loss does not depend on one. */
export type WeightGradients = readonly (Tensor | null)[];

/** An optimizer at work on some weights, always the same ones in the same order. Whoever starts one disposes of it. */
export interface StepOptimizer {
  /** Changes the weights. @param learningRate of this step */
  step(weights: readonly Variable[], gradients: WeightGradients, learningRate: number): void;
  saveState(weights: readonly Variable[]): Promise<OptimizerState>;
  /** Goes on from a state, to the same bits. */
  loadState(state: OptimizerState, weights: readonly Variable[]): void;
  dispose(): void;
}
