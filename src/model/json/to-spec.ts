import { z } from 'zod';
import { modelSchema, type LayerSpec, type ModelSpec, type Shape } from '../../core/model.js';
import { CnnbenchError } from '../../core/errors.js';
import { nameSchema } from '../../core/name.js';
import { summarize } from '../summary.js';
import { fileSchema, functionalSchema, sequentialSchema, type LayerNode, type ModelNode } from './topology.js';
import { specsOf } from './layer-specs.js';
import { parseBoundedJson } from '../../core/json.js';

/** A model that can be trained, or why the file's cannot: it is counted all the same, by `summarizeJson`. */
export type JsonModel = { readonly model: ModelSpec } | { readonly reason: string };

/**
 * The layers of a `model.json` of tf.layers or Keras 2 or 3 as a spec, where every one of them is known: a chain of layers, Sequential
 * or functional, with activations as layers of their own. Weights, initialisers and regularisers of the file are not read.
 *
 * @param text content of the file, untrusted; one that `summarizeJson` takes
 * @param id of the model
 */
export function modelOfJson(text: string, id: string): JsonModel {
  const file = fileSchema.safeParse(parseBoundedJson(text));
  if (!file.success) return { reason: 'it has no modelTopology with a class_name' };
  try {
    const nodes = chainOf(file.data.modelTopology);
    const input = inputOf(nodes);
    const taken = new Set<string>();
    const parts = nodes.map((node) => ({ node, layers: named(specsOf(node), node, taken) }));
    const layers = parts.flatMap((part) => part.layers);
    const model = modelSchema.parse({ id: nameSchema.parse(id), title: `${id} of a model.json`, input, layers });
    const shapes = new Map(summarize(model).layers.map(({ name, inputShape }) => [name, inputShape]));
    for (const part of parts) requireLastAxis(part.node, shapes.get(part.layers[0]?.name ?? ''));
    return { model };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`;
  }
  if (error instanceof RangeError || error instanceof CnnbenchError) return error.message;
  throw error;
}

/** The layers one after the other. Throws RangeError for a model that branches or has models inside. */
function chainOf({ class_name: kind, config }: ModelNode): readonly LayerNode[] {
  if (kind === 'Sequential') return sequentialSchema.parse(config).layers;
  const { layers, input_layers: inputs, output_layers: outputs } = functionalSchema.parse(config);
  if (inputs.length !== 1 || outputs.length !== 1) throw new RangeError('it has several inputs or outputs');
  const byName = new Map(layers.map((layer) => [nameOf(layer), layer]));
  const chain: LayerNode[] = [];
  let next = outputs[0]?.layer;
  while (next !== undefined) {
    const node = byName.get(next);
    if (node === undefined || chain.includes(node)) throw new RangeError(`the layer "${next}" is no part of a chain`);
    chain.push(node);
    const calls = node.inbound_nodes ?? [];
    const sources = calls.flat();
    if (calls.length > 1 || sources.length > 1) throw new RangeError(`the layer "${next}" has several inputs`);
    next = sources[0]?.layer;
  }
  if (chain.length !== layers.length) throw new RangeError('its layers are no chain');
  return chain.toReversed();
}

const axisSchema = z.object({
  axis: z.union([z.number(), z.tuple([z.number()]).transform(([axis]) => axis)]).optional(),
});

/** Our normalisations and softmax are over the last axis. */
function requireLastAxis(node: LayerNode, input: Shape | undefined): void {
  if (input === undefined || !/Normalization$|^Softmax$/.test(node.class_name)) return;
  const { axis = -1 } = axisSchema.parse(node.config ?? {});
  if (axis !== -1 && axis !== input.length) throw new RangeError(`${node.class_name} over the axis ${axis}`);
}

const configSchema = z.object({
  name: z.string().optional(),
  batch_input_shape: z.array(z.number().int().positive().nullable()).max(8).optional(),
  batch_shape: z.array(z.number().int().positive().nullable()).max(8).optional(),
});

function inputOf(nodes: readonly LayerNode[]): number[] {
  const [first] = nodes;
  const config = configSchema.parse(first?.config ?? {});
  const shape = (config.batch_input_shape ?? config.batch_shape ?? first?.build_config?.input_shape)?.slice(1);
  if (shape === undefined || shape.includes(null)) throw new RangeError('its input has no fixed shape');
  return shape as number[];
}

function nameOf(node: LayerNode): string | undefined {
  return node.name ?? configSchema.parse(node.config ?? {}).name;
}

/** The first layer keeps the name of the file's; an activation behind it has that name too, with its own behind it. */
function named(specs: readonly LayerSpec[], node: LayerNode, taken: Set<string>): LayerSpec[] {
  const own = nameOf(node) ?? node.class_name;
  return specs.map((spec, index) => {
    const name = index === 0 ? own : `${own}-${spec.kind}`;
    if (taken.has(name) || name.includes('/'))
      throw new RangeError(`two layers are called "${name}", or it has a slash`);
    taken.add(name);
    return { ...spec, name };
  });
}
