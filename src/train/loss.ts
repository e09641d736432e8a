import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../backends/tfjs.js';
import type { TrainingExperiment } from '../core/experiment.js';
import type { ModelSpec } from '../core/model.js';

/** Mean over the batch. @param labels one-hot, [n, classes] @param outputs of the trained model, [n, classes] */
export type LossFunction = (labels: Tensor2D, outputs: Tensor2D) => Scalar;

export interface TrainedLoss {
  /** The model whose outputs the loss takes. Its largest output is that of the whole model. */
  readonly trained: ModelSpec;
  readonly of: LossFunction;
}

/** What an experiment makes small: see `Loss`. Throws RangeError where the model has no probabilities to take. */
export function lossOf(
  { tf }: { readonly tf: Tf },
  { model, loss = 'cross-entropy' }: Pick<TrainingExperiment, 'model' | 'loss'>,
): TrainedLoss {
  switch (loss) {
    case 'cross-entropy':
      return { trained: model, of: (labels, outputs) => crossEntropy(tf, labels, outputs) };
    case 'cross-entropy-of-probabilities':
      if (model.layers.at(-1)?.kind !== 'softmax') {
        throw new RangeError(`${model.id}: the loss takes probabilities, but the model does not end in a softmax`);
      }
      return {
        trained: { ...model, layers: model.layers.slice(0, -1) },
        of: (labels, outputs) => crossEntropy(tf, labels, outputs),
      };
    case 'mean-squared-error':
      return { trained: model, of: (labels, outputs) => tf.mean(tf.square(tf.sub(outputs, labels))) };
  }
}

/** Mean over the batch of -log softmax(logits)[label]. */
function crossEntropy(tf: Tf, labels: Tensor2D, logits: Tensor2D): Scalar {
  return tf.losses.softmaxCrossEntropy(labels, logits);
}
