import type { Initialisation } from '../core/experiment.js';
import type { RandomStream } from '../core/random.js';
import type { HostTensor } from '../core/tensor.js';
import type { ModelSpec } from '../core/model.js';
import { summarize, type LayerSummary } from '../model/summary.js';

/** Start weights of one layer, drawn on the host so that every backend starts from the same bits. */
export interface LayerWeights {
  readonly layer: string;
  /** Dense: [fanIn, units]. Convolution: [kernel, kernel, channels, filters]. */
  readonly kernel: HostTensor;
  /** [units] or [filters]; absent where the layer has none. */
  readonly bias?: HostTensor;
}

/** In the order of tf.layers. */
export function tensorsOf({ kernel, bias }: LayerWeights): HostTensor[] {
  return bias === undefined ? [kernel] : [kernel, bias];
}

/** Names of the tensors of `tensorsOf` for all layers, e.g. `conv1.kernel`. @param separator of layer and part */
export function weightNames(start: readonly LayerWeights[], separator: string): string[] {
  return start.flatMap(({ layer, bias }) =>
    (bias === undefined ? ['kernel'] : ['kernel', 'bias']).map((part) => `${layer}${separator}${part}`),
  );
}

/**
 * Draws the start weights of a model, layer by layer, the kernel before the bias, in row-major order of their shapes.
 * Bounds of each scheme: see `Initialisation`. Throws RangeError for what no recipe trains: branches and normalisations.
 */
export function initialWeights(model: ModelSpec, scheme: Initialisation, stream: RandomStream): LayerWeights[] {
  return trainedLayers(model).map((layer) => {
    const kernelShape = kernelShapeOf(model, layer);
    const units = layer.outputShape.at(-1) as number;
    const fanIn = layer.weights / units;
    const bound = kernelBound(scheme, fanIn, units * (fanIn / (kernelShape.at(-2) as number)));
    const uniform = (limit: number) => Math.fround((2 * stream() - 1) * limit);
    const kernel = Float32Array.from({ length: layer.weights }, () => uniform(bound));
    const weights = { layer: layer.name, kernel: { shape: kernelShape, values: kernel } };
    if (layer.biases === 0) return weights;
    const bias = new Float32Array(units);
    if (scheme === 'pytorch-default') bias.forEach((_, index) => (bias[index] = uniform(1 / Math.sqrt(fanIn))));
    return { ...weights, bias: { shape: [units], values: bias } };
  });
}

/** Names and shapes of the tensors of `initialWeights`, e.g. `conv1.kernel`, in the order of tf.layers. */
export function weightShapes(model: ModelSpec): { readonly name: string; readonly shape: readonly number[] }[] {
  return trainedLayers(model).flatMap((layer) => {
    const kernel = { name: `${layer.name}.kernel`, shape: kernelShapeOf(model, layer) };
    return layer.biases === 0 ? [kernel] : [kernel, { name: `${layer.name}.bias`, shape: kernel.shape.slice(-1) }];
  });
}

function trainedLayers(model: ModelSpec): LayerSummary[] {
  return summarize(model).layers.filter((layer) => layer.weights > 0 || layer.branches !== undefined);
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
  const [units, channels] = [layer.outputShape.at(-1) as number, layer.inputShape.at(-1) as number];
  if (layer.kind === 'dense') return [channels, units];
  if (layer.window === undefined) throw new RangeError(`${model.id}/${layer.name}: no start weights for ${layer.kind}`);
  return [...layer.window.size, channels, units];
}
