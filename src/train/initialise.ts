import type { Initialisation } from '../core/experiment.js';
import type { RandomStream } from '../core/random.js';
import type { ModelSpec } from '../model/spec.js';
import { summarize, type LayerSummary } from '../model/summary.js';

/** Start weights of one layer, drawn on the host so that every backend starts from the same bits. */
export interface LayerWeights {
  readonly layer: string;
  /** Dense: [fanIn, units]. Convolution: [kernel, kernel, channels, filters]. */
  readonly kernel: { readonly shape: readonly number[]; readonly values: Float32Array };
  /** [units] or [filters]. */
  readonly bias: { readonly shape: readonly number[]; readonly values: Float32Array };
}

/**
 * Draws the start weights of a model, layer by layer, the kernel before the bias, in row-major order of their shapes.
 * Bounds of each scheme: see `Initialisation`.
 */
export function initialWeights(model: ModelSpec, scheme: Initialisation, stream: RandomStream): LayerWeights[] {
  return summarize(model)
    .layers.filter((layer) => layer.weights > 0)
    .map((layer) => {
      const kernelShape = kernelShapeOf(model, layer);
      const units = layer.biases;
      const fanIn = layer.weights / units;
      const bound = kernelBound(scheme, fanIn, units * (fanIn / (kernelShape.at(-2) as number)));
      const uniform = (limit: number) => Math.fround((2 * stream() - 1) * limit);
      const kernel = Float32Array.from({ length: layer.weights }, () => uniform(bound));
      const bias = new Float32Array(units);
      if (scheme === 'pytorch-default') bias.forEach((_, index) => (bias[index] = uniform(1 / Math.sqrt(fanIn))));
      return {
        layer: layer.name,
        kernel: { shape: kernelShape, values: kernel },
        bias: { shape: [units], values: bias },
      };
    });
}

/** @param fanOut units of a dense layer; filters times kernel area of a convolution */
function kernelBound(scheme: Initialisation, fanIn: number, fanOut: number): number {
  switch (scheme) {
    case 'he-uniform':
      return Math.sqrt(6 / fanIn);
    case 'xavier-uniform':
      return Math.sqrt(6 / (fanIn + fanOut));
    case 'pytorch-default':
      return 1 / Math.sqrt(fanIn);
  }
}

function kernelShapeOf(model: ModelSpec, layer: LayerSummary): number[] {
  if (layer.kind === 'dense') return [layer.inputShape[0] as number, layer.biases];
  const channels = layer.inputShape[2] as number;
  const side = Math.sqrt(layer.weights / layer.biases / channels);
  if (!Number.isInteger(side)) throw new RangeError(`${model.id}/${layer.name}: the kernel is not square`);
  return [side, side, channels, layer.biases];
}
