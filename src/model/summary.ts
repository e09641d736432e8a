import type { Junction, LayerSpec, ModelSpec, Shape, SingleLayer } from '../core/model.js';
import { sizeOf, type TensorSpec } from './layers/effect.js';
import { effectOf } from './layers/index.js';

export { sizeOf } from './layers/effect.js';

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
  const layers = evaluationOrder(model).map(({ summary }) => summary);
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

/** One layer of a model with what `summarize` says of it. */
export interface EvaluatedLayer {
  /** Its branches were evaluated before it. */
  readonly layer: LayerSpec;
  readonly summary: LayerSummary;
  /** What it keeps, in the order of tf.layers. */
  readonly tensors: readonly TensorSpec[];
}

/** The layers of a model in the order in which they are evaluated. Throws RangeError where one does not fit. */
export function evaluationOrder({ id, input, layers }: Pick<ModelSpec, 'id' | 'input' | 'layers'>): EvaluatedLayer[] {
  return evaluateList(layers, input, `${id}/`, '');
}

/** @param place path for errors @param path path for names, empty outside branches */
function evaluateList(layers: readonly LayerSpec[], input: Shape, place: string, path: string): EvaluatedLayer[] {
  const names = layerNames(layers);
  let shape = input;
  return layers.flatMap((layer, index) => {
    const name = `${path}${names[index] as string}`;
    const evaluated =
      'branches' in layer ? evaluateJunction(layer, name, shape, place) : [evaluateLayer(layer, name, shape, place)];
    shape = (evaluated.at(-1) as EvaluatedLayer).summary.outputShape;
    return evaluated;
  });
}

function evaluateJunction(layer: Junction, name: string, inputShape: Shape, place: string): EvaluatedLayer[] {
  const { kind, branches } = layer;
  if (branches.length < 2) throw new RangeError(`${place}${name}: needs two branches or more`);
  const inner = branches.map((layers, branch) => evaluateList(layers, inputShape, place, branchPath(name, branch)));
  const shapes = inner.map((layers) => layers.at(-1)?.summary.outputShape ?? inputShape);
  const outputShape = joinShapes(kind, shapes, `${place}${name}`);
  const own = { name, kind, inputShape, outputShape, branches: branches.length, activations: sizeOf(outputShape) };
  const summary = { ...own, weights: 0, biases: 0, nonTrainable: 0, macs: 0 };
  return [...inner.flat(), { layer, summary, tensors: [] }];
}

function evaluateLayer(layer: SingleLayer, name: string, inputShape: Shape, place: string): EvaluatedLayer {
  const { outputShape, window, tensors = [], macs = 0 } = attempt(() => effectOf(layer, inputShape), `${place}${name}`);
  const values = (wanted: TensorSpec['role']) =>
    tensors.reduce((sum, { role, shape }) => sum + (role === wanted ? sizeOf(shape) : 0), 0);
  const summary = {
    name,
    kind: layer.kind,
    inputShape,
    outputShape,
    activations: sizeOf(outputShape),
    weights: values('weight'),
    biases: values('bias'),
    nonTrainable: values('statistic'),
    macs,
    ...(window && { window }),
  };
  return { layer, summary, tensors };
}

/** What does not fit says where. */
function attempt<Result>(work: () => Result, place: string): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`${place}: ${error.message}`, { cause: error }) : error;
  }
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
