import type { CountedModel } from '../core/claim.js';
import type { Shape } from '../core/model.js';
import { matchesPath } from '../core/pattern.js';
import type { Layers, Layout, Quantity } from '../core/quantity.js';
import type { LayerCount } from '../core/record.js';
import { sizeOf } from './summary.js';

/** The name that stands for what a model gets, instead of for a layer. */
const INPUT = 'input';

/** Bytes of a 32-bit float, and of a MiB, which torchsummary calls MB. */
const FLOAT_BYTES = 4;
const MIB = 2 ** 20;

/** Counts a quantity in the layers of a model. Throws RangeError for a layer that is not there, or for one of another kind. */
export function countQuantity(quantity: Quantity, model: CountedModel): number | Shape {
  if ('sum' in quantity) return quantity.sum.reduce((sum, term) => sum + numberOf(term, model), 0);
  if ('share' in quantity) return numberOf(quantity.share, model) / numberOf(quantity.of, model);
  if ('memory' in quantity) return (numberOf(quantity.memory, model) * FLOAT_BYTES) / MIB;
  switch (quantity.what) {
    case 'shape':
      return written(layerOf(model, quantity.of).outputShape, quantity.as);
    case 'size':
      return spatial(layerOf(model, quantity.of).outputShape);
    case 'height':
      return spatial(layerOf(model, quantity.of).outputShape)[0];
    case 'channels':
      return channelsOf(layerOf(model, quantity.of).outputShape);
    case 'kernel':
      return kernelShape(model, quantity.of);
    case 'stride':
      return strideOf(model, quantity.of);
    case 'filters': {
      const { outputShape } = layerOf(model, quantity.of);
      const channels = channelsOf(inputShape(model, quantity.of));
      return [channelsOf(outputShape), channels, ...kernelShape(model, quantity.of)];
    }
    case 'inputs': {
      const { weights, outputShape } = layerOf(model, quantity.of);
      return weights / sizeOf(outputShape);
    }
    default:
      return chosen(model, quantity.of).reduce(
        (sum, each) => sum + COUNTS[quantity.what](each, () => inputShape(model, each.name)),
        0,
      );
  }
}

function numberOf(quantity: Quantity, model: CountedModel): number {
  const count = countQuantity(quantity, model);
  if (typeof count === 'number') return count;
  throw new RangeError('a shape has no sum and no share');
}

const COUNTS = {
  parameters: ({ weights, biases }: LayerCount) => weights + biases,
  weights: ({ weights }: LayerCount) => weights,
  biases: ({ biases }: LayerCount) => biases,
  activations: ({ outputShape }: LayerCount) => sizeOf(outputShape),
  macs: ({ kind, weights, outputShape }: LayerCount, input: () => Shape) => weights * usesOf(kind, outputShape, input),
  layers: () => 1,
  'weight-layers': ({ weights }: LayerCount) => (weights > 0 ? 1 : 0),
} as const;

/** How often a layer takes each of its weights for one example. Real models and symbolic ones write its kind differently. */
function usesOf(kind: string, outputShape: Shape, input: () => Shape): number {
  switch (kind.toLowerCase().replaceAll('-', '')) {
    case 'dense':
    case 'conv1d':
    case 'conv2d':
    case 'depthwiseconv2d':
    case 'separableconv2d':
      return sizeOf(outputShape.slice(0, -1));
    case 'conv2dtranspose':
      return sizeOf(input().slice(0, -1));
    case 'simplernn':
    case 'lstm':
    case 'gru':
      return input()[0] ?? 0;
    default:
      return 0;
  }
}

/** The layers that names and patterns choose, each once; all of them by default. */
function chosen({ input, layers }: CountedModel, names: Layers = ['**/*']): readonly LayerCount[] {
  const patterns = typeof names === 'string' ? [names] : names;
  const given = { name: INPUT, kind: INPUT, outputShape: [...input], weights: 0, biases: 0 };
  const candidates = patterns.includes(INPUT) ? [given, ...layers] : layers;
  for (const pattern of patterns) {
    if (!candidates.some(({ name }) => matchesPath(pattern, name))) throw noLayer(pattern);
  }
  return candidates.filter(({ name }) => patterns.some((pattern) => matchesPath(pattern, name)));
}

/** The layer of this name. Throws RangeError where the model has none. */
export function layerOf(model: CountedModel, name: string): LayerCount {
  return model.layers[positionOf(model, name)] as LayerCount;
}

/** Shape that reaches the layer of this name: what its neighbour before it, or before the branches around it, put out. */
export function inputShape(model: CountedModel, name: string): Shape {
  const path = name.slice(0, name.lastIndexOf('/') + 1);
  const isNeighbour = (other: LayerCount) =>
    other.name.startsWith(path) && !other.name.slice(path.length).includes('/');
  const before = model.layers.slice(0, positionOf(model, name)).findLast(isNeighbour);
  if (before !== undefined) return before.outputShape;
  // An activation that a layer brings with it: `conv1/relu`.
  const holder = model.layers.find((other) => other.name === path.slice(0, -1));
  if (holder !== undefined) return holder.outputShape;
  return path === '' ? model.input : inputShape(model, path.replace(/\/branch\d+\/$/, ''));
}

/**
 * [height, width] of a square kernel, from the weights: sqrt(weights / (input channels * filters)). Of a pooling, which has
 * none, its window without overlap: [input height / output height, input width / output width].
 */
export function kernelShape(model: CountedModel, name: string): Shape {
  const { weights, outputShape } = layerOf(model, name);
  const input = inputShape(model, name);
  if (weights === 0) return spatial(input).map((length, axis) => length / (outputShape[axis] as number));
  const side = Math.sqrt(weights / (channelsOf(input) * channelsOf(outputShape)));
  return [side, side];
}

/** From the shapes: of a convolution without padding (input - kernel) / (output - 1), of a pooling the height of its window. */
function strideOf(model: CountedModel, name: string): number {
  const { weights, outputShape } = layerOf(model, name);
  const [kernel] = spatial(kernelShape(model, name));
  return weights === 0 ? kernel : (spatial(inputShape(model, name))[0] - kernel) / (spatial(outputShape)[0] - 1);
}

/** [height, width] of an image shape. */
export function spatial(shape: Shape): readonly [number, number] {
  return [shape[0] as number, shape[1] as number];
}

export function channelsOf(shape: Shape): number {
  return shape[shape.length - 1] as number;
}

/** A shape in the layout in which it is printed. What a layout does not change stays as it is. */
export function written(shape: Shape, layout?: Layout): Shape {
  if (layout === 'channels-first' && shape.length === 3) return [channelsOf(shape), ...spatial(shape)];
  if (shape.length !== 1) return shape;
  return layout === 'volume' ? [1, 1, ...shape] : layout === 'column' ? [...shape, 1] : shape;
}

function positionOf(model: CountedModel, name: string): number {
  const position = model.layers.findIndex((candidate) => candidate.name === name);
  if (position < 0) throw noLayer(name);
  return position;
}

function noLayer(name: string): RangeError {
  return new RangeError(`there is no layer "${name}"`);
}
