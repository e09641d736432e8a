import { z } from 'zod';
import { list } from '../../core/list.js';

/** What is read of a `model.json` of tf.layers or Keras 2 or 3; everything else in it is ignored. The file is untrusted. */

/** Bounds far above any real model, so that a forged file cannot keep the program busy. */
const MOST_LAYERS = 2000;
const LONGEST_AXIS = 2 ** 24;
/** Values looked at for the tensors of one call. */
const MOST_ARGUMENTS = 10_000;

/** One line of printable text: names go to terminals and tables. */
const name = z.string().regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u, 'a name of 1 to 200 printable characters');

export const axisLength = z.number().int().min(1).max(LONGEST_AXIS);

/** With the batch axis first. */
const batchShape = list(axisLength.nullable(), { least: 1, most: 8 });

/** A tensor in a model: an output of a call of a layer. Keras 3 writes its shape beside it. */
export interface TensorReference {
  readonly layer: string;
  /** 0-based. */
  readonly call: number;
  readonly output: number;
  readonly shape?: readonly (number | null)[];
}

const index = z.number().int().min(0);
const referenceTuple = z
  .tuple([name, index, index], z.unknown())
  .transform(([layer, call, output]): TensorReference => ({ layer, call, output }));

const kerasTensor = z.object({
  class_name: z.literal('__keras_tensor__'),
  config: z.object({ shape: batchShape.optional().catch(undefined), keras_history: referenceTuple }),
});

/** Tensors anywhere in what a layer of Keras 3 is called with, in order. A loop and no recursion: a file may nest deeply. */
function tensorsAmong(argument: unknown, context: z.RefinementCtx): TensorReference[] {
  const tensors: TensorReference[] = [];
  const waiting = [argument];
  for (let looked = 0; waiting.length > 0; looked++) {
    const value = waiting.pop();
    if (looked === MOST_ARGUMENTS) {
      context.addIssue('has too many arguments');
      return z.NEVER;
    }
    const tensor = kerasTensor.safeParse(value);
    if (tensor.success) {
      const { keras_history: reference, shape } = tensor.data.config;
      tensors.push({ ...reference, ...(shape && { shape }) });
    } else if (typeof value === 'object' && value !== null) {
      waiting.push(...(Object.values(value) as unknown[]).reverse());
    }
  }
  return tensors;
}

/** What one call of a layer is given: `[["conv", 0, 0, {}]]`, of operations in Keras 2 one alone; or `{args, kwargs}` of Keras 3. */
const callSchema = z.union([
  list(referenceTuple, { most: MOST_LAYERS }),
  referenceTuple.transform((reference) => [reference]),
  z.object({ args: z.array(z.unknown()), kwargs: z.unknown() }).transform(tensorsAmong),
]);

/** Inputs or outputs of a model: a list of references, or one alone, or an object of them (Keras 3). */
const endsSchema = z.union([
  list(referenceTuple, { least: 1 }),
  referenceTuple.transform((reference) => [reference]),
  z
    .record(z.string(), referenceTuple)
    .transform((named) => Object.values(named))
    .refine((ends) => ends.length > 0, 'has none'),
]);

/** A class with its configuration. The configuration is looked at where the class is known. */
const classSchema = z.object({ class_name: name, config: z.unknown() });
export type ModelNode = z.infer<typeof classSchema>;

/** A layer of a model. In a Sequential one the name stands in the configuration only. */
export const layerSchema = classSchema.extend({
  name: name.optional(),
  /** One for each call. */
  inbound_nodes: list(callSchema, { most: MOST_LAYERS }).optional(),
  build_config: z.object({ input_shape: batchShape }).optional().catch(undefined),
});
export type LayerNode = z.infer<typeof layerSchema>;
const layersSchema = list(layerSchema, { least: 1, most: MOST_LAYERS });

/** Configuration of a Sequential model; old files have the list of layers in its place. */
export const sequentialSchema = z
  .unknown()
  .transform((config) => (Array.isArray(config) ? { layers: config as unknown[] } : config))
  .pipe(z.object({ name: name.optional(), layers: layersSchema }));

export const functionalSchema = z.object({
  name: name.optional(),
  layers: layersSchema,
  input_layers: endsSchema,
  output_layers: endsSchema,
});

/** What every layer's configuration can have. Keras 3 says `batch_shape`. */
export const namedSchema = z.object({
  name: name.optional(),
  batch_input_shape: batchShape.optional(),
  batch_shape: batchShape.optional(),
});

/** A layer that is put around another one. */
export const wrapperSchema = z.object({ layer: layerSchema, backward_layer: layerSchema.nullish() });

/** `toJSON()` of a model, bare or as Keras' converter wraps it. */
const topologySchema = z.union([
  classSchema,
  z.object({ model_config: classSchema }).transform(({ model_config }) => model_config),
]);

/** An optimizer saved with its model lists its values in a group of its own. */
const manifestSchema = list(
  z.object({
    weights: list(
      z.object({
        shape: list(z.number().int().min(0).max(LONGEST_AXIS), { most: 8 }),
        group: z.string().optional(),
      }),
    ),
  }),
);

/** A whole `model.json`, or the topology alone. */
export const fileSchema = z.union([
  z.object({ modelTopology: topologySchema, weightsManifest: manifestSchema.optional() }),
  topologySchema.transform((modelTopology) => ({ modelTopology, weightsManifest: undefined })),
]);

/** A graph model has operations, not layers. */
export const graphModelSchema = z.union([
  z.object({ format: z.literal('graph-model') }),
  z.object({ modelTopology: z.object({ node: z.array(z.unknown()) }) }),
]);
