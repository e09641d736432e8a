import type { NamedTensorInfoMap, Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { AdamSettings } from '../core/experiment.js';
import type { AdamState } from '../core/training-state.js';

/** What a backend may add to tfjs. Without tf.layers, whose types do not pass a strict check of a user's program. */

/** An optimizer whose state can be taken out of one process and into another: the same steps follow, to the last bit. */
export interface ResumableOptimizer extends Optimizer {
  /** @param variables those that it is given at each step, in that order */
  saveState(variables: readonly Variable[]): Promise<AdamState>;
  loadState(state: AdamState, variables: readonly Variable[]): void;
}

export type OptimizerFactory = (settings: Omit<AdamSettings, 'name'>) => ResumableOptimizer;

/**
 * A float32 tensor of bytes: (byte / 255 - 0.5) / 0.5, each step rounded, so 0 -> -1 and 255 -> 1. Whoever asks disposes of it.
 *
 * @param fill writes all the bytes of the tensor
 */
export type NormaliseBytes = (shape: readonly number[], fill: (bytes: Uint8Array) => void) => Tensor;

/** A call of one of tfjs's kernels. */
export interface KernelCall {
  readonly name: string;
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: object;
}

/** Multiply-adds that a kernel computes, where they are not those of its definition. */
export type ComputedMultiplyAdds = (call: KernelCall) => number | undefined;
