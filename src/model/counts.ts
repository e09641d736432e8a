import type { LayerCount } from '../core/record.js';
import type { ModelSpec } from '../core/model.js';
import { summarize } from './summary.js';

/** The symbolic counts in the form in which a record has those of the real model. */
export function symbolicCounts(model: ModelSpec): { parameters: number; layers: LayerCount[] } {
  const { layers, totals } = summarize(model);
  return {
    parameters: totals.parameters,
    layers: layers.map(({ name, kind, outputShape, weights, biases }) => ({
      name,
      kind,
      outputShape: [...outputShape],
      weights,
      biases,
    })),
  };
}
