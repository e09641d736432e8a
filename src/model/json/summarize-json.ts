import { z } from 'zod';
import { CnnbenchError } from '../../core/errors.js';
import { parseBoundedJson } from '../../core/json.js';
import type { Shape } from '../spec.js';
import { sizeOf, totalsOf, type LayerSummary, type ModelSummary } from '../summary.js';
import { RULES } from './layers.js';
import {
  fileSchema,
  functionalSchema,
  graphModelSchema,
  namedSchema,
  sequentialSchema,
  type LayerNode,
} from './topology.js';

/** Models inside models. */
const DEEPEST = 8;

const SEQUENTIAL = 'Sequential';
const FUNCTIONAL = ['Model', 'Functional'];

export interface JsonSummary extends ModelSummary {
  /** Values that the weights manifest lists, where the file has one: parameters and running means and variances. */
  readonly storedValues?: number;
}

/**
 * Counts the model of a tf.layers `model.json` (or of `toJSON()` alone), Sequential or functional, models inside models
 * included, without tfjs. Layers in the order in which they are evaluated, inputs left out.
 *
 * @param text content of the file, untrusted
 * @throws CnnbenchError E_MODEL_JSON, naming the layer that is not supported or does not fit
 */
export function summarizeJson(text: string): JsonSummary {
  const json = parseJson(text);
  if (graphModelSchema.safeParse(json).success) {
    throw refusal('it is a graph model, which has operations and no layers', 'Give the model.json of a layers model.');
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) {
    throw refusal(
      'it has no modelTopology with a class_name',
      'Give what model.save() or model.toJSON() of tf.layers wrote.',
    );
  }
  const { modelTopology: model, weightsManifest } = file.data;
  const { name, input, layers } = summarizeModel(model, undefined, '', 0);
  const totals = totalsOf(layers);
  if (!Object.values(totals).every(Number.isSafeInteger)) throw refusal('its counts are too large to be exact');
  const stored = weightsManifest?.flatMap(({ weights }) => weights).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const id = name ?? 'model.json';
  return {
    id,
    title: `${model.class_name} ${id}`,
    input,
    layers,
    totals,
    ...(stored !== undefined && { storedValues: stored }),
  };
}

interface Counted {
  readonly name: string | undefined;
  readonly input: Shape;
  readonly output: Shape;
  readonly layers: readonly LayerSummary[];
}

type ModelNode = Pick<LayerNode, 'class_name' | 'config'>;

/**
 * @param inputs shapes that reach a model inside a model
 * @param path put before the names of its layers
 */
function summarizeModel(model: ModelNode, inputs: readonly Shape[] | undefined, path: string, depth: number): Counted {
  if (depth > DEEPEST) throw refusal(`models inside models go deeper than ${DEEPEST}`);
  if (model.class_name === SEQUENTIAL) return summarizeSequential(model, inputs, path, depth);
  if (FUNCTIONAL.includes(model.class_name)) return summarizeFunctional(model, inputs, path, depth);
  throw refusal(`the model's class ${model.class_name} is not supported`, 'Sequential, Model and Functional are.');
}

function summarizeSequential(
  { config }: ModelNode,
  inputs: readonly Shape[] | undefined,
  path: string,
  depth: number,
): Counted {
  const { name, layers: nodes } = readPart(sequentialSchema, config, `the Sequential model ${path}`);
  let shape = inputs?.[0];
  let input: Shape | undefined = shape;
  const layers = nodes.flatMap((node, index) => {
    const place = `${path}${nameOf(node) ?? `${node.class_name}-${index + 1}`}`;
    shape ??= inputShapeOf(node, place);
    const counted = summarizeNode(node, shape && [shape], place, depth);
    input ??= shape ?? counted.input;
    shape = counted.output;
    return counted.layers;
  });
  return { name, input: input as Shape, output: shape as Shape, layers };
}

function summarizeFunctional(
  { config }: ModelNode,
  inputs: readonly Shape[] | undefined,
  path: string,
  depth: number,
): Counted {
  const functional = readPart(functionalSchema, config, `the functional model ${path}`);
  const nodes = new Map(functional.layers.map((node) => [nameOf(node), node]));
  if (nodes.has(undefined) || nodes.size < functional.layers.length) {
    throw refusal(`the functional model ${path}: two layers have the same name, or one has none`);
  }
  const given = new Map(functional.input_layers.map(([name], index) => [name, inputs?.[index]]));
  const outputs = new Map<string, Shape>();
  const layers = evaluationOrder(functional, nodes, path).flatMap(([name, node, sources]) => {
    const place = `${path}${name}`;
    const shape = given.get(name) ?? inputShapeOf(node, place);
    const reached = sources.map((source) => outputs.get(source) as Shape);
    const counted = summarizeNode(node, reached.length > 0 ? reached : shape && [shape], place, depth);
    outputs.set(name, counted.output);
    return counted.layers;
  });
  if (depth > 0 && functional.output_layers.length > 1) {
    throw refusal(`the model "${path.slice(0, -1)}" inside the model has several outputs, which is not supported`);
  }
  const [first, last] = [functional.input_layers, functional.output_layers].map(
    ([reference]) => reference?.[0] as string,
  );
  const input = outputs.get(first as string);
  if (input === undefined) throw refusal(`no output needs the input "${path}${first as string}"`);
  return { name: functional.name, input, output: outputs.get(last as string) as Shape, layers };
}

type Step = readonly [name: string, node: LayerNode, sources: readonly string[]];

/** The layers that the outputs need, each after its own inputs. A loop and no recursion: chains can be long. */
function evaluationOrder(
  { output_layers }: z.infer<typeof functionalSchema>,
  nodes: ReadonlyMap<string | undefined, LayerNode>,
  path: string,
): Step[] {
  const steps: Step[] = [];
  const done = new Set<string>();
  const open = new Map<string, Step>();
  const pending = output_layers.map(([name]) => name).reverse();
  for (let name = pending.at(-1); name !== undefined; name = pending.at(-1)) {
    const step = open.get(name);
    if (step !== undefined || done.has(name)) {
      pending.pop();
      if (step !== undefined) steps.push(step);
      open.delete(name);
      done.add(name);
      continue;
    }
    const place = `${path}${name}`;
    const node = nodes.get(name);
    if (node === undefined) throw refusal(`the layer "${place}" is referred to and not there`);
    const [sources = [], ...others] = node.inbound_nodes ?? [];
    if (others.length > 0)
      throw refusal(`the layer "${place}" is used more than once; shared layers are not supported`);
    const names = sources.map(([source]) => source);
    const circle = names.find((source) => source === name || open.has(source));
    if (circle !== undefined) throw refusal(`the layer "${path}${circle}" is its own input`);
    open.set(name, [name, node, names]);
    pending.push(...names.toReversed());
  }
  return steps;
}

/** One layer, or the layers of a model that stands in the place of one. */
function summarizeNode(node: LayerNode, inputs: readonly Shape[] | undefined, place: string, depth: number): Counted {
  const { class_name: kind, config } = node;
  if (kind === SEQUENTIAL || FUNCTIONAL.includes(kind)) {
    return summarizeModel(node, inputs?.length ? inputs : undefined, `${place}/`, depth + 1);
  }
  const inputShape = inputs?.[0];
  if (inputs === undefined || inputShape === undefined)
    throw refusal(`the layer "${place}" has no input of known shape`);
  if (kind === 'InputLayer') return { name: undefined, input: inputShape, output: inputShape, layers: [] };
  const rule = RULES.get(kind);
  if (rule === undefined) {
    throw refusal(
      `the layer "${place}" is of class ${kind}, which is not supported`,
      `Supported: ${[...RULES.keys()].join(', ')}.`,
    );
  }
  const effect = attempt(() => rule(config, inputs), place, kind);
  const { outputShape } = effect;
  if (!outputShape.every((length) => length >= 1)) {
    throw refusal(`the layer "${place}" (${kind}): an input of ${inputShape.join('x')} is too small`);
  }
  const free = { weights: 0, biases: 0, nonTrainable: 0, macs: 0 };
  const layer = { name: place, kind, inputShape, activations: sizeOf(outputShape), ...free, ...effect };
  return { name: undefined, input: inputShape, output: outputShape, layers: [layer] };
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
  const shape = configOf(node).batch_input_shape?.slice(1);
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
    throw refusal(error instanceof RangeError ? error.message : 'it is no JSON', undefined, error);
  }
}

function refusal(why: string, remedy = 'Give the model.json of a tf.layers model.', cause?: unknown): CnnbenchError {
  return new CnnbenchError(
    'E_MODEL_JSON',
    `the model cannot be counted: ${why}`,
    remedy,
    cause === undefined ? undefined : { cause },
  );
}
