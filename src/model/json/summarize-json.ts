import { z } from 'zod';
import { CnnbenchError } from '../../core/errors.js';
import { parseBoundedJson } from '../../core/json.js';
import type { Shape } from '../../core/model.js';
import { sizeOf, totalsOf, type LayerSummary, type ModelSummary } from '../summary.js';
import { RULES } from './layers.js';
import type { Rule } from './rule.js';
import {
  fileSchema,
  functionalSchema,
  graphModelSchema,
  namedSchema,
  sequentialSchema,
  wrapperSchema,
  type LayerNode,
  type ModelNode,
  type TensorReference,
} from './topology.js';

/** Models inside models. */
const DEEPEST = 8;

const SEQUENTIAL = 'Sequential';
const FUNCTIONAL = ['Model', 'Functional'];

const bidirectionalSchema = wrapperSchema.extend({
  merge_mode: z.enum(['concat', 'sum', 'mul', 'ave']).nullable().default('concat'),
});

export interface JsonSummary extends ModelSummary {
  /** Of the first output, without the batch axis. */
  readonly output?: Shape;
  /** Values that the weights manifest lists, where the file has one: parameters and running means and variances. */
  readonly storedValues?: number;
}

/**
 * Counts the model of a `model.json` of tf.layers or Keras 2 or 3 (or of its `toJSON()`, `to_json()` alone), Sequential or
 * functional, models inside models included, without tfjs. Layers in the order in which they are evaluated, inputs left out.
 *
 * @param text content of the file, untrusted
 * @throws CnnbenchError E_MODEL_JSON, naming the layer that is not supported or does not fit
 */
export function summarizeJson(text: string): JsonSummary {
  const json = parseJson(text);
  if (graphModelSchema.safeParse(json).success) {
    throw refusal('it is a graph model, which has operations and no layers', 'Use the model.json of a layers model.');
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) {
    throw refusal(
      'it has no modelTopology with a class_name',
      'Use what model.save() or model.toJSON() of tf.layers, or model.to_json() of Keras, wrote.',
    );
  }
  const { modelTopology: model, weightsManifest } = file.data;
  const unknown: UnknownLayer[] = [];
  const { name, inputs, outputs, layers } = summarizeModel(model, undefined, { path: '', depth: 0, unknown });
  const totals = totalsOf(layers);
  if (!Object.values(totals).every(Number.isSafeInteger)) throw refusal('its counts are too large to be exact');
  const stored = weightsManifest
    ?.flatMap(({ weights }) => weights)
    .filter(({ group }) => group !== 'optimizer')
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (unknown.length > 0) throw inPart(unknown, layers, stored);
  const input = inputs[0] as Shape;
  const id = name ?? 'model.json';
  return {
    id,
    title: `${model.class_name} ${id}`,
    input,
    output: outputs[0],
    layers,
    totals,
    ...(stored !== undefined && { storedValues: stored }),
  };
}

/** What was counted of a layer or model. */
interface Counted {
  readonly name?: string | undefined;
  readonly inputs: readonly Shape[];
  /** undefined: not known, because of a layer that cannot be counted. */
  readonly outputs: readonly (Shape | undefined)[];
  readonly layers: readonly LayerSummary[];
}

/** Where the count stands in models inside models. */
interface Place {
  /** Put before the names of layers. */
  readonly path: string;
  readonly depth: number;
  /** Layers that cannot be counted are noted here. */
  readonly unknown: UnknownLayer[];
}

interface UnknownLayer {
  readonly name: string;
  readonly kind: string;
}

function isModel(kind: string): boolean {
  return kind === SEQUENTIAL || FUNCTIONAL.includes(kind);
}

/** @param inputs shapes that reach a model inside a model */
function summarizeModel(model: ModelNode, inputs: readonly Shape[] | undefined, place: Place): Counted {
  if (place.depth > DEEPEST) throw refusal(`models inside models go deeper than ${DEEPEST}`);
  if (model.class_name === SEQUENTIAL) return summarizeSequential(model, inputs, place);
  if (isModel(model.class_name)) return summarizeFunctional(model, inputs, place);
  throw refusal(`the model's class ${model.class_name} is not supported`, 'Sequential, Model and Functional are.');
}

function summarizeSequential({ config }: ModelNode, inputs: readonly Shape[] | undefined, place: Place): Counted {
  const { name, layers: nodes } = readPart(sequentialSchema, config, `the Sequential model ${place.path}`);
  let shape = inputs?.[0];
  let input: Shape | undefined = shape;
  const layers = nodes.flatMap((node, index) => {
    const own = nameOf(node) ?? `${node.class_name}-${index + 1}`;
    shape ??= inputShapeOf(node, `${place.path}${own}`);
    const counted = summarizeNode(node, shape && [shape], own, place);
    input ??= counted.inputs[0];
    shape = counted.outputs[0];
    return counted.layers;
  });
  return { name, inputs: input === undefined ? [] : [input], outputs: [shape], layers };
}

function summarizeFunctional({ config }: ModelNode, inputs: readonly Shape[] | undefined, place: Place): Counted {
  const { path } = place;
  const functional = readPart(functionalSchema, config, `the functional model ${path}`);
  const nodes = new Map(functional.layers.map((node) => [nameOf(node), node]));
  if (nodes.has(undefined) || nodes.size < functional.layers.length) {
    throw refusal(`the functional model ${path}: two layers have the same name, or one has none`);
  }
  const given = new Map(functional.input_layers.map(({ layer }, index) => [layer, inputs?.[index]]));
  const outputs = new Map<string, Counted['outputs']>();
  const outputOf = ({ layer, call, output, shape }: TensorReference): Shape | undefined => {
    const made = outputs.get(keyOf(layer, call));
    if (made === undefined) return undefined;
    if (output >= made.length) throw refusal(`the layer "${path}${layer}" has no output ${output}`);
    return made[output] ?? fixedShape(shape);
  };
  const calls = new Map<string, number>();
  const layers = evaluationOrder(functional, nodes, path).flatMap(({ layer, call, node, sources }) => {
    const shape = given.get(layer) ?? inputShapeOf(node, `${path}${layer}`);
    const reached = sources.map(outputOf);
    const known = reached.every((each) => each !== undefined) ? reached : undefined;
    const times = (calls.get(layer) ?? 0) + 1;
    calls.set(layer, times);
    const name = times > 1 ? `${layer} (call ${times})` : layer;
    const result = summarizeNode(node, sources.length > 0 ? known : shape && [shape], name, place, sources.length > 0);
    outputs.set(keyOf(layer, call), result.outputs);
    // A layer that is called again has its weights only once.
    return times > 1
      ? result.layers.map((each) => ({ ...each, weights: 0, biases: 0, nonTrainable: 0 }))
      : result.layers;
  });
  const ends = functional.input_layers.map(({ layer }) => {
    const shape = outputs.get(keyOf(layer, 0))?.[0];
    if (shape === undefined && place.unknown.length === 0) throw refusal(`no output needs the input "${path}${layer}"`);
    return shape;
  });
  return {
    name: functional.name,
    inputs: ends.filter((shape) => shape !== undefined),
    outputs: functional.output_layers.map(outputOf),
    layers,
  };
}

/** One call of a layer. */
interface Step {
  readonly layer: string;
  readonly call: number;
  readonly node: LayerNode;
  readonly sources: readonly TensorReference[];
}

const keyOf = (layer: string, call: number): string => `${call} ${layer}`;

/** The calls that the outputs need, each after those of its own inputs. A loop and no recursion: chains can be long. */
function evaluationOrder(
  { layers, output_layers }: z.infer<typeof functionalSchema>,
  nodes: ReadonlyMap<string | undefined, LayerNode>,
  path: string,
): Step[] {
  // A model inside a model may have its own making as call 0, which is not in the file: then its calls begin with 1.
  const lastCalls = new Map<string, number>();
  for (const { layer, call } of [...output_layers, ...layers.flatMap((node) => node.inbound_nodes?.flat() ?? [])]) {
    lastCalls.set(layer, Math.max(call, lastCalls.get(layer) ?? 0));
  }
  const steps: Step[] = [];
  const done = new Set<string>();
  const open = new Map<string, Step>();
  const pending = [...output_layers].reverse();
  for (let next = pending.at(-1); next !== undefined; next = pending.at(-1)) {
    const { layer, call } = next;
    const key = keyOf(layer, call);
    const step = open.get(key);
    if (step !== undefined || done.has(key)) {
      pending.pop();
      if (step !== undefined) steps.push(step);
      open.delete(key);
      done.add(key);
      continue;
    }
    const node = nodes.get(layer);
    if (node === undefined) throw refusal(`the layer "${path}${layer}" is referred to but does not exist`);
    // An input layer is called by nobody.
    const calls = node.inbound_nodes?.length ? node.inbound_nodes : [[]];
    const sources = calls[call - (lastCalls.get(layer) === calls.length ? 1 : 0)];
    if (sources === undefined) throw refusal(`the layer "${path}${layer}" is not called ${call + 1} times`);
    open.set(key, { layer, call, node, sources });
    const circle = sources.find((source) => open.has(keyOf(source.layer, source.call)));
    if (circle !== undefined) throw refusal(`the layer "${path}${circle.layer}" is its own input`);
    pending.push(...sources.toReversed());
  }
  return steps;
}

/**
 * One layer, or the layers of a model that stands in the place of one.
 *
 * @param inputs undefined: not known
 * @param name its own, without the path
 * @param reached whether other layers lead to it
 */
function summarizeNode(
  node: LayerNode,
  inputs: readonly Shape[] | undefined,
  name: string,
  place: Place,
  reached = false,
): Counted {
  const { class_name: kind, config } = node;
  const full = `${place.path}${name}`;
  const inside = { ...place, path: `${full}/`, depth: place.depth + 1 };
  // What follows a layer that cannot be counted has no input either, and is no fault of its own.
  const unreached = inputs === undefined && (reached || place.unknown.length > 0);
  if (isModel(kind)) return unreached ? UNCOUNTED : summarizeModel(node, inputs?.length ? inputs : undefined, inside);
  const rule = RULES.get(kind);
  const wrapper = WRAPPERS.get(kind);
  if (rule === undefined && wrapper === undefined && kind !== 'InputLayer') {
    if (!place.unknown.some((layer) => layer.name === full)) place.unknown.push({ name: full, kind });
    return UNCOUNTED;
  }
  if (unreached) return UNCOUNTED;
  const inputShape = inputs?.[0];
  if (inputs === undefined || inputShape === undefined)
    throw refusal(`the layer "${full}" has no input of known shape`);
  if (kind === 'InputLayer') return { inputs, outputs: [inputShape], layers: [] };
  if (wrapper !== undefined) return wrapper(node, inputShape, inside);
  const { otherOutputs = [], ...effect } = attempt(() => (rule as Rule)(config, inputs), full, kind);
  const { outputShape } = effect;
  if (!outputShape.every((length) => length >= 1)) {
    throw refusal(`the layer "${full}" (${kind}): an input of ${inputShape.join('x')} is too small`);
  }
  const free = { weights: 0, biases: 0, nonTrainable: 0, macs: 0 };
  const layer = { name: full, kind, inputShape, activations: sizeOf(outputShape), ...free, ...effect };
  return { inputs, outputs: [outputShape, ...otherOutputs], layers: [layer] };
}

const UNCOUNTED: Counted = { inputs: [], outputs: [undefined], layers: [] };

/** Counts the layers inside a layer that is put around them. */
type Wrapper = (node: LayerNode, input: Shape, inside: Place) => Counted;

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map([
  ['TimeDistributed', summarizeTimeDistributed],
  ['Bidirectional', summarizeBidirectional],
]);

/** Classes of layers that can be counted, in tf.layers and Keras. */
export const SUPPORTED: readonly string[] = [...RULES.keys(), ...WRAPPERS.keys()];

/** The layer inside once for each step, with the same weights. */
function summarizeTimeDistributed({ config }: LayerNode, input: Shape, inside: Place): Counted {
  const { layer } = readPart(wrapperSchema, config, `the layer "${inside.path.slice(0, -1)}"`);
  const [steps, ...each] = input as [number, ...number[]];
  const counted = summarizeNode(layer, [each], nameOf(layer) ?? layer.class_name, inside);
  return {
    inputs: [input],
    outputs: counted.outputs.map((shape) => shape && [steps, ...shape]),
    layers: counted.layers.map((summary) => ({
      ...summary,
      inputShape: [steps, ...summary.inputShape],
      outputShape: [steps, ...summary.outputShape],
      activations: steps * summary.activations,
      macs: steps * summary.macs,
    })),
  };
}

/** The layer inside twice, forwards and backwards; their outputs meet by `merge_mode`. */
function summarizeBidirectional({ config }: LayerNode, input: Shape, inside: Place): Counted {
  const what = `the layer "${inside.path.slice(0, -1)}"`;
  const { layer, backward_layer: other, merge_mode: mode } = readPart(bidirectionalSchema, config, what);
  const forward = summarizeNode(layer, [input], 'forward', inside);
  const backward = summarizeNode(other ?? layer, [input], 'backward', inside);
  const [[first, ...states], [second, ...otherStates]] = [forward.outputs, backward.outputs];
  const merged = mode === 'concat' && first ? [...first.slice(0, -1), 2 * (first.at(-1) as number)] : first;
  return {
    inputs: [input],
    outputs: [...(mode === null ? [first, second] : [merged]), ...states, ...otherStates],
    layers: [...forward.layers, ...backward.layers],
  };
}

function nameOf(node: LayerNode): string | undefined {
  return node.name ?? configOf(node).name;
}

function configOf({ class_name, config }: LayerNode): z.infer<typeof namedSchema> {
  // An old Sequential model has its layers there.
  return Array.isArray(config)
    ? {}
    : readPart(namedSchema, config, `the configuration of a layer of class ${class_name}`);
}

/** The shape a layer says it gets, without the batch axis. */
function inputShapeOf(node: LayerNode, place: string): Shape | undefined {
  const { batch_input_shape, batch_shape } = configOf(node);
  const shape = (batch_input_shape ?? batch_shape ?? node.build_config?.input_shape)?.slice(1);
  if (shape === undefined) return undefined;
  if (shape.includes(null)) {
    const printed = shape.map((length) => length ?? '?').join('x');
    throw refusal(
      `the layer "${place}" has an input of no fixed size, ${printed}`,
      'Save the model with a fixed input shape.',
    );
  }
  return shape as number[];
}

/** Without the batch axis, where every other one is known. */
function fixedShape(shape: TensorReference['shape']): Shape | undefined {
  const lengths = shape?.slice(1);
  return lengths?.every((length) => length !== null) ? lengths : undefined;
}

const MOST_NAMED = 5;

/** Refuses a model with layers that cannot be counted, and says what can be without them. */
function inPart(unknown: readonly UnknownLayer[], layers: readonly LayerSummary[], stored?: number): CnnbenchError {
  const number = (value: number) => value.toLocaleString('en-US');
  const [first] = unknown as [UnknownLayer];
  const named = unknown.slice(0, MOST_NAMED).map(({ name, kind }) => `"${name}" (${kind})`);
  const more = unknown.length > MOST_NAMED ? ` and ${number(unknown.length - MOST_NAMED)} more` : '';
  const what =
    unknown.length === 1
      ? `the layer "${first.name}" is of class ${first.kind}, which is not supported`
      : `${number(unknown.length)} layers are of classes that are not supported: ${named.join(', ')}${more}`;
  const known = `what can be counted without ${unknown.length === 1 ? 'it' : 'them'}: ${layers.length === 1 ? '1 layer' : `${number(layers.length)} layers`} with ${number(totalsOf(layers).parameters)} parameters`;
  const manifest = stored === undefined ? '' : `; the weights manifest lists ${number(stored)} values in all`;
  return refusal(`${what}; ${known}${manifest}`, 'docs/params.md lists the supported classes.');
}

function attempt<Result>(work: () => Result, place: string, kind: string): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof z.ZodError) throw refusal(`the layer "${place}" (${kind}): ${firstIssue(error)}`);
    if (error instanceof RangeError) throw refusal(`the layer "${place}" (${kind}): ${error.message}`);
    throw error;
  }
}

function readPart<Part>(schema: z.ZodType<Part>, value: unknown, what: string): Part {
  const part = schema.safeParse(value);
  if (part.success) return part.data;
  throw refusal(`${what.trim()}: ${firstIssue(part.error)}`);
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not as expected'}`;
}

function parseJson(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch (error) {
    throw refusal(error instanceof RangeError ? error.message : 'it is not JSON', undefined, error);
  }
}

function refusal(
  why: string,
  remedy = 'Give the model.json of a model that tf.layers or Keras can load.',
  cause?: unknown,
): CnnbenchError {
  return new CnnbenchError(
    'E_MODEL_JSON',
    `the model cannot be counted: ${why}`,
    remedy,
    cause === undefined ? undefined : { cause },
  );
}
