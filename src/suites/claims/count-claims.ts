import type { CountClaim, CountedModel } from '../../core/claim.js';
import type { LayerCount } from '../../core/record.js';
import { sizeOf } from '../../model/summary.js';
import type { Shape } from '../../core/model.js';

/** What differs from claim to claim of one table. The id is what follows `deck/model/`. */
export type CountRow = Pick<CountClaim, 'id' | 'printed' | 'statement' | 'unit' | 'measure' | 'erratum'>;

/** Count claims that share a deck, a model and a place. */
export function countClaims(
  source: Pick<CountClaim, 'deck' | 'model' | 'place'>,
  rows: readonly CountRow[],
): readonly CountClaim[] {
  return rows.map((row) => ({
    kind: 'count',
    suite: 'params',
    ...source,
    ...row,
    id: `${source.deck}/${source.model}/${row.id}`,
  }));
}

/** `784 Nodes`: the outputs of a layer. */
export function nodesRow(name: string, printed: string): CountRow {
  return {
    id: `${name}/nodes`,
    printed,
    statement: `Outputs of the layer ${name}: ${printed}.`,
    unit: 'nodes',
    measure: (model) => activations(model, name),
  };
}

/** The first argument of a listing's nn.Linear. */
export function inputsRow(name: string, printed: string): CountRow {
  return {
    id: `${name}/inputs`,
    printed,
    statement: `The listing's Linear layer ${name} takes ${printed} inputs.`,
    unit: 'inputs',
    measure: (model) => inputsPerNeuron(model, name),
  };
}

/** The layer of this name. Throws RangeError where the model has none. */
export function layer(model: CountedModel, name: string): LayerCount {
  return model.layers[positionOf(model, name)] as LayerCount;
}

/** Shape that reaches the layer of this name: what its neighbour before it, or before the branches around it, put out. */
export function inputShape(model: CountedModel, name: string): Shape {
  const path = name.slice(0, name.lastIndexOf('/') + 1);
  const isNeighbour = (other: LayerCount) =>
    other.name.startsWith(path) && !other.name.slice(path.length).includes('/');
  const before = model.layers.slice(0, positionOf(model, name)).findLast(isNeighbour);
  if (before !== undefined) return before.outputShape;
  return path === '' ? model.input : inputShape(model, path.replace(/\/branch\d+\/$/, ''));
}

/** Number of output values. */
export function activations(model: CountedModel, name: string): number {
  return sizeOf(layer(model, name).outputShape);
}

/** Weights and biases of one layer. */
export function parameters(model: CountedModel, name: string): number {
  const { weights, biases } = layer(model, name);
  return weights + biases;
}

export function totalParameters(model: CountedModel): number {
  return model.layers.reduce((sum, { weights, biases }) => sum + weights + biases, 0);
}

/** Inputs of each neuron of a dense layer: its weights over its outputs. */
export function inputsPerNeuron(model: CountedModel, name: string): number {
  return layer(model, name).weights / activations(model, name);
}

/** Layers that give a net its number, as in ResNet-18: convolutions and dense layers that are not on a shortcut. */
export function weightLayers(model: CountedModel): number {
  const names = model.layers
    .filter(({ weights }) => weights > 0)
    .map(({ name }) => name.slice(name.lastIndexOf('/') + 1));
  return names.filter((name) => /^(conv|fc)/.test(name)).length;
}

/** Shape of a convolution's weights as PyTorch writes it: [filters, channels, height, width]. */
export function filtersShape(model: CountedModel, name: string): Shape {
  const channels = channelsOf(inputShape(model, name));
  return [channelsOf(layer(model, name).outputShape), channels, ...kernelShape(model, name)];
}

/** [height, width] of a square kernel, from the weights: sqrt(weights / (input channels * filters)). */
export function kernelShape(model: CountedModel, name: string): Shape {
  const { weights, outputShape } = layer(model, name);
  const side = Math.sqrt(weights / (channelsOf(inputShape(model, name)) * channelsOf(outputShape)));
  return [side, side];
}

/** Window, and so stride, of a pooling without overlap: [input height / output height, input width / output width]. */
export function poolWindow(model: CountedModel, name: string): Shape {
  const [height, width] = spatial(layer(model, name).outputShape);
  const [inputHeight, inputWidth] = spatial(inputShape(model, name));
  return [inputHeight / height, inputWidth / width];
}

/** [height, width] of an image shape. */
export function spatial(shape: Shape): readonly [number, number] {
  return [shape[0] as number, shape[1] as number];
}

export function channelsOf(shape: Shape): number {
  return shape[shape.length - 1] as number;
}

/** [height, width, channels] as PyTorch writes it: [channels, height, width]. Vectors stay as they are. */
export function channelsFirst(shape: Shape): Shape {
  return shape.length === 3 ? [channelsOf(shape), ...spatial(shape)] : shape;
}

/** MiB, which torchsummary calls MB, of this many 32-bit floats. */
export function mebibytes(floats: number): number {
  return (floats * 4) / 2 ** 20;
}

function positionOf(model: CountedModel, name: string): number {
  const position = model.layers.findIndex((candidate) => candidate.name === name);
  if (position < 0) throw new RangeError(`there is no layer "${name}"`);
  return position;
}
