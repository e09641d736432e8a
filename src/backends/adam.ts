import type { OptimizerFactory } from './backend.js';
import type { Tf } from './tfjs.js';

/** The Adam of tfjs-core: each step is a dozen elementwise kernels a weight. */
export function tfjsAdam(tf: Tf): OptimizerFactory {
  return ({ learningRate, beta1, beta2, epsilon }) => tf.train.adam(learningRate, beta1, beta2, epsilon);
}
