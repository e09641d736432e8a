import type { Junction, LayerSpec, ModelSpec, Shape, SingleLayer } from '../core/model.js';

/** What one layer costs. Sizes are per example; nothing is allocated to find them. */
export interface LayerSummary {
  /**
   * The spec's name, else kind and 1-based position among its neighbours of that kind: `conv2d-2`. Inside a branch the
   * path to it: `inception-3a/branch2/conv2d-1`.
   */
  readonly name: string;
  /** Kind of a spec's layer; class name of a layer of a model.json. */
  readonly kind: string;
  /** Of a layer with several inputs: the first one's. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Of convolutions and poolings: [height, width] in pixels; of a model.json, one to three axes. */
  readonly window?: { readonly size: readonly number[]; readonly stride: readonly number[] };
  /** Of a junction: how many branches meet. */
  readonly branches?: number;
  /** Number of output values. */
  readonly activations: number;
  /** Trainable weights without biases; of a normalisation the scales, which PyTorch calls weights too. */
  readonly weights: number;
  readonly biases: number;
  /** Running means and variances of a normalisation: stored with the model, not trained, no parameters. */
  readonly nonTrainable: number;
  /** Multiply-accumulate operations of one forward pass; only convolutions and dense layers are counted, biases are not. */
  readonly macs: number;
}

export interface ModelSummary {
  readonly id: string;
  readonly title: string;
  readonly input: Shape;
  /** In the order in which they are evaluated: the layers of the branches, then the junction. */
  readonly layers: readonly LayerSummary[];
  readonly totals: {
    readonly weights: number;
    readonly biases: number;
    /** Weights and biases: what is trained. */
    readonly parameters: number;
    readonly nonTrainable: number;
    /** Output values of all layers, the input not counted. */
    readonly activations: number;
    readonly macs: number;
  };
}

/** Shapes, parameters, activation sizes and multiply-accumulates of a model. Throws RangeError where a layer does not fit. */
export function summarize(model: ModelSpec): ModelSummary {
  const { id, title, input } = model;
  const layers = summarizeList(model.layers, input, `${id}/`, '');
  return { id, title, input, layers, totals: totalsOf(layers) };
}

export function totalsOf(layers: readonly LayerSummary[]): ModelSummary['totals'] {
  const total = (field: 'weights' | 'biases' | 'nonTrainable' | 'activations' | 'macs') =>
    layers.reduce((sum, layer) => sum + layer[field], 0);
  return {
    weights: total('weights'),
    biases: total('biases'),
    parameters: total('weights') + total('biases'),
    nonTrainable: total('nonTrainable'),
    activations: total('activations'),
    macs: total('macs'),
  };
}

/** Names of neighbouring layers, without the path to them, in order. */
export function layerNames(layers: readonly LayerSpec[]): string[] {
  const seen = new Map<string, number>();
  return layers.map(({ kind, name }) => {
    const position = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, position);
    return name ?? `${kind}-${position}`;
  });
}

/** Path to the layers of a branch. @param branch 0-based */
export function branchPath(junction: string, branch: number): string {
  return `${junction}/branch${branch + 1}/`;
}

/**
 * Output length of a convolution or pooling along one axis: floor((input + 2 padding - kernel) / stride) + 1. With
 * `ceil` rounded up, unless the last window would start in the padding behind the input (PyTorch, pooling_output_shape).
 */
export function outputLength(input: number, kernel: number, stride: number, padding: number, ceil = false): number {
  const steps = (input + 2 * padding - kernel) / stride;
  if (!ceil) return Math.floor(steps) + 1;
  const last = Math.ceil(steps) * stride < input + padding ? Math.ceil(steps) : Math.ceil(steps) - 1;
  return last + 1;
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** @param place path for errors @param path path for names, empty outside branches */
function summarizeList(layers: readonly LayerSpec[], input: Shape, place: string, path: string): LayerSummary[] {
  const names = layerNames(layers);
  let shape = input;
  return layers.flatMap((layer, index) => {
    const name = `${path}${names[index] as string}`;
    const summaries =
      'branches' in layer
        ? summarizeJunction(layer, name, shape, place)
        : [{ name, ...summarizeLayer(layer, shape, `${place}${name}`) }];
    shape = (summaries.at(-1) as LayerSummary).outputShape;
    return summaries;
  });
}

function summarizeJunction(junction: Junction, name: string, inputShape: Shape, place: string): LayerSummary[] {
  const { kind, branches } = junction;
  if (branches.length < 2) throw new RangeError(`${place}${name}: needs two branches or more`);
  const inner = branches.map((layers, branch) => summarizeList(layers, inputShape, place, branchPath(name, branch)));
  const shapes = inner.map((layers) => layers.at(-1)?.outputShape ?? inputShape);
  const outputShape = joinShapes(kind, shapes, `${place}${name}`);
  const own = { name, kind, inputShape, outputShape, branches: branches.length, activations: sizeOf(outputShape) };
  return [...inner.flat(), { ...own, ...FREE }];
}

/** Shape of a sum, or of a concatenation along the last axis. Throws RangeError where the shapes do not fit. */
export function joinShapes(kind: 'concat' | 'add', shapes: readonly Shape[], place: string): Shape {
  const [first = [], ...others] = shapes;
  const compared = kind === 'add' ? first.length : first.length - 1;
  const fits = (shape: Shape) =>
    shape.length === first.length && first.slice(0, compared).every((length, axis) => shape[axis] === length);
  if (!others.every(fits)) {
    throw new RangeError(`${place}: ${shapes.map((shape) => shape.join('x')).join(' and ')} do not fit together`);
  }
  if (kind === 'add') return first;
  return [...first.slice(0, -1), shapes.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0)];
}

const FREE = { weights: 0, biases: 0, nonTrainable: 0, macs: 0 };

type Unnamed = Omit<LayerSummary, 'name'>;

function summarizeLayer(layer: SingleLayer, inputShape: Shape, place: string): Unnamed {
  const describe = (outputShape: Shape, cost: Partial<Unnamed> = {}): Unnamed => {
    if (outputShape.some((length) => length < 1)) {
      throw new RangeError(`${place}: an input of ${inputShape.join('x')} is too small`);
    }
    return { kind: layer.kind, inputShape, outputShape, activations: sizeOf(outputShape), ...FREE, ...cost };
  };
  switch (layer.kind) {
    case 'flatten':
      return describe([sizeOf(inputShape)]);
    case 'dense': {
      const [features] = requireRank(inputShape, 1, place) as [number];
      const weights = features * layer.units;
      return describe([layer.units], { weights, biases: layer.bias === false ? 0 : layer.units, macs: weights });
    }
    case 'conv2d': {
      const { filters, kernel, stride = 1, padding = 0, bias = true } = layer;
      const [height, width, channels] = requireRank(inputShape, 3, place) as [number, number, number];
      const along = (length: number) => outputLength(length, kernel, stride, padding);
      const weights = kernel * kernel * channels * filters;
      const outputShape = [along(height), along(width), filters] as const;
      const macs = weights * outputShape[0] * outputShape[1];
      return describe(outputShape, { window: square(kernel, stride), weights, biases: bias ? filters : 0, macs });
    }
    case 'max-pool':
    case 'average-pool': {
      const { size, stride = size, padding = 0 } = layer;
      const ceil = layer.kind === 'max-pool' && layer.ceil === true;
      const [height, width, channels] = requireRank(inputShape, 3, place) as [number, number, number];
      if (2 * padding > size) throw new RangeError(`${place}: padding ${padding} is more than half of ${size}`);
      const along = (length: number) => outputLength(length, size, stride, padding, ceil);
      return describe([along(height), along(width), channels], { window: square(size, stride) });
    }
    case 'global-average-pool':
      return describe(requireRank(inputShape, 3, place).slice(2));
    case 'batch-norm': {
      const channels = inputShape.at(-1) as number;
      return describe(inputShape, { weights: channels, biases: channels, nonTrainable: 2 * channels });
    }
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softmax':
    case 'dropout':
      return describe(inputShape);
  }
}

function square(size: number, stride: number): Required<LayerSummary>['window'] {
  return { size: [size, size], stride: [stride, stride] };
}

function requireRank(shape: Shape, rank: number, place: string): Shape {
  if (shape.length !== rank) {
    throw new RangeError(`${place}: needs an input of rank ${rank}, got ${shape.join('x')}`);
  }
  return shape;
}
