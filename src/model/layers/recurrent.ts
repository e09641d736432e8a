import type { LayerOf } from './effect.js';
import { requireRank, weight, type Effect, type TensorSpec } from './effect.js';
import type { Shape } from '../../core/model.js';

/** Products with the input and the state that a step takes, in the order of their columns: of an LSTM input, forget, cell, output. */
export const GATES = { 'simple-rnn': 1, gru: 3, lstm: 4 } as const;

export type RecurrentLayer = LayerOf<'simple-rnn' | 'lstm'> | LayerOf<'gru'>;

/** Bias vectors of a gate. */
export function biasVectors(layer: RecurrentLayer): 0 | 1 | 2 {
  if (layer.bias === false) return 0;
  if (layer.kind === 'gru') return layer.resetAfter === false ? 1 : 2;
  return layer.biases ?? 1;
}

/** [steps, features] -> [units], or [steps, units]. Of two bias vectors, the first goes with the input. */
export function recurrent(layer: RecurrentLayer, input: Shape): Effect {
  const [steps, features] = requireRank(input, 2) as readonly [number, number];
  const { units, returnSequences = false } = layer;
  const columns = GATES[layer.kind] * units;
  const vectors = biasVectors(layer);
  const biases: TensorSpec[] =
    vectors === 0 ? [] : [{ part: 'bias', shape: vectors === 1 ? [columns] : [vectors, columns], role: 'bias' }];
  return {
    outputShape: returnSequences ? [steps, units] : [units],
    tensors: [weight('kernel', [features, columns]), weight('recurrent_kernel', [units, columns]), ...biases],
    macs: steps * columns * (features + units),
  };
}
