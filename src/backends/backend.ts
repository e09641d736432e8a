import type { BackendName } from '../core/cell.js';
import type { BackendDescription } from '../core/record.js';
import type { ComputedMultiplyAdds, NormaliseBytes, OptimizerFactory } from './additions.js';
import type { Tf } from './tfjs.js';
import type { TfLayers } from './tfjs-layers.js';

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

/** tfjs with this backend current. */
export interface ActiveBackend {
  readonly tf: Tf;
  readonly layers: TfLayers;
  /** A new Adam for this backend. Whoever asks disposes of it. */
  readonly adam: OptimizerFactory;
  /** Where the backend has something faster than a loop in JavaScript; the same bits. */
  readonly normalise?: NormaliseBytes;
  readonly computedMultiplyAdds?: ComputedMultiplyAdds;
  readonly description: BackendDescription;
  /** What the user should know, e.g. that --threads had no effect. */
  readonly notices: readonly string[];
}
