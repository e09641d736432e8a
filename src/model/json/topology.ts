import { z } from 'zod';
import { list } from '../../core/list.js';

/** What is read of a tf.layers `model.json`; everything else in it is ignored. The file is untrusted. */

/** Bounds far above any real model, so that a forged file cannot keep the program busy. */
const MOST_LAYERS = 2000;
const LONGEST_AXIS = 2 ** 24;

/** One line of printable text: names go to terminals and tables. */
const name = z.string().regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u, 'a name of 1 to 200 printable characters');

export const axisLength = z.number().int().min(1).max(LONGEST_AXIS);

/** `["conv", 0, 0, {}]`: layer, its call, its output. */
const reference = z.tuple([name, z.number().int().min(0), z.number().int().min(0)], z.unknown());

/** A class with its configuration. The configuration is looked at where the class is known. */
const classSchema = z.object({ class_name: name, config: z.unknown() });

/** A layer of a model. In a Sequential one the name stands in the configuration only. */
const layerSchema = classSchema.extend({
  name: name.optional(),
  inbound_nodes: list(list(reference), { most: MOST_LAYERS }).optional(),
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
  input_layers: list(reference, { least: 1 }),
  output_layers: list(reference, { least: 1 }),
});

/** What every layer's configuration can have. */
export const namedSchema = z.object({
  name: name.optional(),
  batch_input_shape: list(axisLength.nullable(), { least: 1, most: 8 }).optional(),
});

/** `toJSON()` of a model, bare or as Keras' converter wraps it. */
const topologySchema = z.union([
  classSchema,
  z.object({ model_config: classSchema }).transform(({ model_config }) => model_config),
]);

const manifestSchema = list(
  z.object({ weights: list(z.object({ shape: list(z.number().int().min(0).max(LONGEST_AXIS), { most: 8 }) })) }),
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
