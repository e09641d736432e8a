import type { LayerSpec, ModelSpec, Shape } from './spec.js';

/** What one layer costs. Sizes are per example; nothing is allocated to find them. */
export interface LayerSummary {
  /** The spec's name, else kind and 1-based position among the layers of that kind: `conv2d-2`. */
  readonly name: string;
  readonly kind: LayerSpec['kind'];
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Number of output values. */
  readonly activations: number;
  /** Trainable weights without biases. */
  readonly weights: number;
  readonly biases: number;
  /** Multiply-accumulate operations of one forward pass; only convolutions and dense layers are counted, biases are not. */
  readonly macs: number;
}

export interface ModelSummary {
  readonly id: string;
  readonly title: string;
  readonly input: Shape;
  readonly layers: readonly LayerSummary[];
  readonly totals: {
    readonly weights: number;
    readonly biases: number;
    readonly parameters: number;
    /** Output values of all layers, the input not counted. */
    readonly activations: number;
    readonly macs: number;
  };
}

/** Shapes, parameters, activation sizes and multiply-accumulates of a model. Throws RangeError where a layer does not fit. */
export function summarize(model: ModelSpec): ModelSummary {
  const layers: LayerSummary[] = [];
  const seen = new Map<string, number>();
  let shape = model.input;
  for (const layer of model.layers) {
    const position = (seen.get(layer.kind) ?? 0) + 1;
    seen.set(layer.kind, position);
    const name = layer.name ?? `${layer.kind}-${position}`;
    const summary = { name, ...summarizeLayer(layer, shape, `${model.id}/${name}`) };
    layers.push(summary);
    shape = summary.outputShape;
  }
  const total = (field: 'weights' | 'biases' | 'activations' | 'macs') =>
    layers.reduce((sum, layer) => sum + layer[field], 0);
  return {
    id: model.id,
    title: model.title,
    input: model.input,
    layers,
    totals: {
      weights: total('weights'),
      biases: total('biases'),
      parameters: total('weights') + total('biases'),
      activations: total('activations'),
      macs: total('macs'),
    },
  };
}

/** Output length of a convolution or pooling along one axis: floor((input + 2 padding - kernel) / stride) + 1. */
export function outputLength(input: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((input + 2 * padding - kernel) / stride) + 1;
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

function summarizeLayer(layer: LayerSpec, inputShape: Shape, place: string): Omit<LayerSummary, 'name'> {
  const free = { weights: 0, biases: 0, macs: 0 };
  const describe = (outputShape: Shape, cost: typeof free) => {
    if (outputShape.some((length) => length < 1)) {
      throw new RangeError(`${place}: an input of ${inputShape.join('x')} is too small`);
    }
    return { kind: layer.kind, inputShape, outputShape, activations: sizeOf(outputShape), ...cost };
  };
  switch (layer.kind) {
    case 'flatten':
      return describe([sizeOf(inputShape)], free);
    case 'dense': {
      const [features] = requireRank(inputShape, 1, place) as [number];
      const weights = features * layer.units;
      return describe([layer.units], { weights, biases: layer.units, macs: weights });
    }
    case 'conv2d': {
      const [height, width, channels] = requireRank(inputShape, 3, place) as [number, number, number];
      const along = (length: number) => outputLength(length, layer.kernel, layer.stride ?? 1, layer.padding ?? 0);
      const weights = layer.kernel * layer.kernel * channels * layer.filters;
      const outputShape = [along(height), along(width), layer.filters] as const;
      return describe(outputShape, { weights, biases: layer.filters, macs: weights * outputShape[0] * outputShape[1] });
    }
    case 'max-pool':
    case 'average-pool': {
      const [height, width, channels] = requireRank(inputShape, 3, place) as [number, number, number];
      const along = (length: number) => outputLength(length, layer.size, layer.stride ?? layer.size, 0);
      return describe([along(height), along(width), channels], free);
    }
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softmax':
    case 'dropout':
      return describe(inputShape, free);
  }
}

function requireRank(shape: Shape, rank: number, place: string): Shape {
  if (shape.length !== rank) {
    throw new RangeError(`${place}: needs an input of rank ${rank}, got ${shape.join('x')}`);
  }
  return shape;
}
