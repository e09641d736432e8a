import type { NamedTensorInfoMap, Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { BackendName } from '../core/cell.js';
import type { AdamSettings } from '../core/experiment.js';
import type { BackendDescription } from '../core/record.js';
import type { AdamState } from '../core/training-state.js';
import type { Tf, TfLayers } from './tfjs.js';

/** A backend as the registry knows it. Importing one loads no tfjs; only `activate` does, in a cell's child process. */
export interface Backend {
  readonly name: BackendName;
  /** One line for `doctor` and `list`. */
  readonly title: string;
  /** Whether `run` takes it when no --backend is given and it works here. */
  readonly byDefault: boolean;
  /**
   * Loads tfjs and makes this backend the current one.
   *
   * @throws CnnbenchError E_BACKEND_UNAVAILABLE, saying why and what to do
   */
  activate(options: ActivateOptions): Promise<ActiveBackend>;
}

export interface ActivateOptions {
  /** Wanted number of threads; a backend that can't have them says so in `notices`. */
  readonly threads?: number;
  /** Fused multiply-add of relaxed SIMD: faster, other bits on other machines. A backend without it says so in `notices`. */
  readonly fma?: boolean;
}

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

/** tfjs with this backend current. */
export interface ActiveBackend {
  readonly tf: Tf;
  readonly layers: TfLayers;
  /** A new Adam for this backend. Whoever asks disposes of it. */
  readonly adam: OptimizerFactory;
  /** Where the backend has something faster than a loop in JavaScript; the same bits. */
  readonly normalise?: NormaliseBytes;
  /** Multiply-adds that a kernel computes, where they are not those of its definition. */
  readonly computedMultiplyAdds?: (call: KernelCall) => number | undefined;
  readonly description: BackendDescription;
  /** What the user should know, e.g. that --threads had no effect. */
  readonly notices: readonly string[];
}
