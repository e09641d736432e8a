import type { LayersModel, SymbolicTensor, layers as LayerTypes } from '@tensorflow/tfjs-layers';
import type { TfLayers } from '../backends/tfjs-layers.js';
import type { LayerCount } from '../core/record.js';
import type { Junction, LayerSpec, ModelSpec, SingleLayer } from '../core/model.js';
import { branchPath, layerNames, outputLength, sizeOf } from '../model/summary.js';

type Layer = LayerTypes.Layer;

/** Ending of the names of layers that only make room: tf.layers take no padding in pixels. */
const PADDING_SUFFIX = '-padding';

const INPUT = 'input';

/** The tf.layers model of a spec, all weights zero. Layers are named as in `summarize`. */
export function buildModel(tfLayers: TfLayers, spec: ModelSpec): LayersModel {
  const inputs = tfLayers.input({ shape: [...spec.input], name: INPUT });
  const outputs = chain(tfLayers, spec.layers, inputs, '');
  return tfLayers.model({ name: spec.id, inputs, outputs });
}

/** Layers one after the other. @param path put before their names */
function chain(tfLayers: TfLayers, specs: readonly LayerSpec[], input: SymbolicTensor, path: string): SymbolicTensor {
  const names = layerNames(specs);
  return specs.reduce((tensor, spec, index) => {
    const name = `${path}${names[index] as string}`;
    if ('branches' in spec) return join(tfLayers, spec, name, tensor);
    return buildLayer(tfLayers, spec, name, tensor).reduce(
      (each, layer) => layer.apply(each) as SymbolicTensor,
      tensor,
    );
  }, input);
}

function join({ layers, ...tfLayers }: TfLayers, { kind, branches }: Junction, name: string, input: SymbolicTensor) {
  const ends = branches.map((branch, index) => chain({ layers, ...tfLayers }, branch, input, branchPath(name, index)));
  const junction = kind === 'add' ? layers.add({ name }) : layers.concatenate({ name, axis: -1 });
  return junction.apply(ends) as SymbolicTensor;
}

function buildLayer({ layers }: TfLayers, spec: SingleLayer, name: string, input: SymbolicTensor): Layer[] {
  const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  switch (spec.kind) {
    case 'flatten':
      return [layers.flatten({ name })];
    case 'dense':
      return [layers.dense({ name, ...zeros, units: spec.units, useBias: spec.bias ?? true })];
    case 'conv2d': {
      const { filters, kernel, stride = 1, padding = 0, bias = true } = spec;
      const convolution = { name, ...zeros, filters, kernelSize: kernel, strides: stride, useBias: bias };
      if (padding === 0) return [layers.conv2d({ ...convolution, padding: 'valid' })];
      if (stride === 1 && kernel === 2 * padding + 1) return [layers.conv2d({ ...convolution, padding: 'same' })];
      return [
        layers.zeroPadding2d({ name: `${name}${PADDING_SUFFIX}`, padding }),
        layers.conv2d({ ...convolution, padding: 'valid' }),
      ];
    }
    case 'max-pool':
    case 'average-pool':
      return buildPool(layers, spec, name, input);
    case 'global-average-pool':
      return [layers.globalAveragePooling2d({ name })];
    case 'batch-norm':
      return [layers.batchNormalization({ name })];
    case 'dropout':
      return [layers.dropout({ name, rate: spec.rate })];
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softmax':
      return [layers.activation({ name, activation: spec.kind })];
  }
}

type PoolSpec = Extract<SingleLayer, { kind: 'max-pool' | 'average-pool' }>;

/**
 * A pooling with padding in pixels. tf.layers' `same` where it puts the same windows in the same places; else zeros around
 * the image, which a maximum must not see: they are only right after a ReLU, as in every net here.
 */
function buildPool(layers: TfLayers['layers'], spec: PoolSpec, name: string, input: SymbolicTensor): Layer[] {
  const { kind, size, stride = size, padding = 0 } = spec;
  const ceil = kind === 'max-pool' && spec.ceil === true;
  const [height, width] = input.shape.slice(1, 3) as [number, number];
  const room = [height, width].map((length): [number, number] => {
    const covered = (outputLength(length, size, stride, padding, ceil) - 1) * stride + size;
    return [padding, Math.max(0, covered - length - padding)];
  });
  const isSame = [height, width].every((length, axis) => {
    const [before, after] = room[axis] as [number, number];
    const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length);
    return before === Math.floor(total / 2) && before + after === total;
  });
  const pool = { name, poolSize: size, strides: stride };
  const needsRoom = sizeOf(room.map(([before, after]) => 1 + before + after)) > 1;
  const build = (mode: 'valid' | 'same') =>
    kind === 'max-pool'
      ? layers.maxPooling2d({ ...pool, padding: mode })
      : layers.averagePooling2d({ ...pool, padding: mode });
  if (!needsRoom) return [build('valid')];
  // An average of tf.layers leaves out what `same` adds.
  if (isSame && kind === 'max-pool') return [build('same')];
  const around = room as [[number, number], [number, number]];
  return [layers.zeroPadding2d({ name: `${name}${PADDING_SUFFIX}`, padding: around }), build('valid')];
}

/**
 * What the real model says of its layers, in the order of `summarize`: the measured side of every parameter claim. Of a
 * normalisation the scales are weights and the shifts biases; running means and variances are not counted.
 */
export function countLayers(model: LayersModel): LayerCount[] {
  return evaluationOrder(model)
    .filter((layer) => layer.name !== INPUT && !layer.name.endsWith(PADDING_SUFFIX))
    .map((layer) => {
      const [weights, biases] = layer.trainableWeights.map((weight) => sizeOf(weight.shape as number[]));
      return {
        name: layer.name,
        kind: layer.getClassName(),
        outputShape: (layer.outputShape as (number | null)[]).slice(1) as number[],
        weights: weights ?? 0,
        biases: biases ?? 0,
      };
    });
}

/** Trainable parameters: `countParams()` of tf.layers counts running means and variances too. */
export function countTrainable(model: LayersModel): number {
  return model.trainableWeights.reduce((sum, weight) => sum + sizeOf(weight.shape as number[]), 0);
}

/** Each layer after everything it needs, branches one after the other; tf.layers sorts by depth instead. */
function evaluationOrder(model: LayersModel): Layer[] {
  const seen = new Set<Layer>();
  const visit = (layer: Layer): void => {
    if (seen.has(layer)) return;
    for (const node of layer.inboundNodes) node.inboundLayers.forEach(visit);
    seen.add(layer);
  };
  model.outputLayers.forEach(visit);
  return [...seen];
}
