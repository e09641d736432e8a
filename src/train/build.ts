import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Junction, LayerSpec, ModelSpec, Shape, SingleLayer } from '../core/model.js';
import type { LayerCount } from '../core/record.js';
import { zeroMargins } from '../model/layers/index.js';
import { perAxis } from '../model/layers/effect.js';
import { branchPath, layerNames, sizeOf } from '../model/summary.js';
import { buildDropout, buildFunction } from './layers/activations.js';
import { buildConv1d, buildConv2d, buildDepthwise, buildSeparable, buildTransposed } from './layers/convolutions.js';
import { buildBatchNorm, buildLayerNorm } from './layers/normalisations.js';
import { ownLayer, type Layer, type LayerBackend } from './layers/own-layer.js';
import { padPositions } from './layers/convolve.js';
import { PADDING_SUFFIX, placeOf, type DropoutMasks, type Place } from './layers/place.js';
import { buildGlobalPool, buildPool } from './layers/pools.js';
import { buildRecurrent } from './layers/recurrent.js';
import { buildUpsampling, buildUpsampling1d } from './layers/upsampling.js';

const INPUT = 'input';

const noMasks: DropoutMasks = (layer) => {
  throw new Error(`no random numbers for the dropout of ${layer}`);
};

/**
 * The tf.layers model of a spec, all weights zero. Layers are named as in `summarize`.
 *
 * @param masks of its dropout layers, called in training only
 */
export function buildModel(backend: LayerBackend, spec: ModelSpec, masks: DropoutMasks = noMasks): LayersModel {
  const inputs = backend.layers.input({ shape: [...spec.input], name: INPUT });
  const outputs = chain({ backend, masks }, spec.layers, inputs, '');
  return backend.layers.model({ name: spec.id, inputs, outputs });
}

interface Builder {
  readonly backend: LayerBackend;
  readonly masks: DropoutMasks;
}

/** Layers one after the other. @param path put before their names */
function chain(builder: Builder, specs: readonly LayerSpec[], input: SymbolicTensor, path: string): SymbolicTensor {
  const { backend, masks } = builder;
  const names = layerNames(specs);
  return specs.reduce((tensor, spec, index) => {
    const name = `${path}${names[index] as string}`;
    if ('branches' in spec) return join(builder, spec, name, tensor);
    const place = placeOf(backend, spec, name, tensor.shape.slice(1) as number[], masks);
    return buildLayer(place, spec).reduce((each, layer) => layer.apply(each) as SymbolicTensor, tensor);
  }, input);
}

function join(builder: Builder, { kind, branches }: Junction, name: string, input: SymbolicTensor) {
  const { layers } = builder.backend.layers;
  const ends = branches.map((branch, index) => chain(builder, branch, input, branchPath(name, index)));
  const junction = kind === 'add' ? layers.add({ name }) : layers.concatenate({ name, axis: -1 });
  return junction.apply(ends) as SymbolicTensor;
}

function buildLayer(place: Place, spec: SingleLayer): Layer[] {
  const { backend, tf, name, own } = place;
  const { layers } = backend.layers;
  const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  switch (spec.kind) {
    case 'flatten':
      // That of tf.layers refuses what is flat already.
      if (place.input.length === 1) return [ownLayer(backend, { ...own('Flatten'), compute: (x) => x })];
      return [layers.flatten({ name })];
    case 'reshape':
      return [layers.reshape({ name, targetShape: [...spec.shape] })];
    case 'dense':
      return [layers.dense({ name, ...zeros, units: spec.units, useBias: spec.bias ?? true })];
    case 'conv1d':
      return buildConv1d(place, spec);
    case 'conv2d':
      return buildConv2d(place, spec);
    case 'conv2d-transpose':
      return [buildTransposed(place, spec)];
    case 'depthwise-conv2d':
      return buildDepthwise(place, spec);
    case 'separable-conv2d':
      return buildSeparable(place, spec);
    case 'max-pool':
    case 'average-pool':
    case 'max-pool1d':
    case 'average-pool1d':
      return buildPool(place, spec);
    case 'global-average-pool':
    case 'global-max-pool':
    case 'global-average-pool1d':
    case 'global-max-pool1d':
      return [buildGlobalPool(place, spec.kind)];
    case 'batch-norm':
      return [buildBatchNorm(place, spec)];
    case 'layer-norm':
      return [buildLayerNorm(place, spec)];
    case 'dropout':
      return [buildDropout(place, spec.rate)];
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softmax':
      return [layers.activation({ name, activation: spec.kind })];
    case 'zero-padding':
      return [
        layers.zeroPadding2d({ name, padding: zeroMargins(spec.padding) as [[number, number], [number, number]] }),
      ];
    case 'zero-padding1d': {
      const [before, behind] = perAxis(spec.padding, 2) as [number, number];
      return [ownLayer(backend, { ...own('ZeroPadding1D'), compute: (x) => padPositions(tf, x, [[before, behind]]) })];
    }
    case 'upsampling':
      return [buildUpsampling(place, spec)];
    case 'upsampling1d':
      return [buildUpsampling1d(place, spec)];
    case 'embedding': {
      const { vocabulary, features } = spec;
      return [layers.embedding({ name, inputDim: vocabulary, outputDim: features, embeddingsInitializer: 'zeros' })];
    }
    case 'simple-rnn':
    case 'lstm':
    case 'gru':
      return [buildRecurrent(place, spec)];
    default:
      return [buildFunction(place, spec)];
  }
}

/**
 * What the real model says of its layers, in the order of `summarize`: the measured side of every parameter claim. Of a
 * normalisation the scales are weights and the shifts biases; running means and variances are not counted.
 */
export function countLayers(model: LayersModel): LayerCount[] {
  return evaluationOrder(model)
    .filter((layer) => layer.name !== INPUT && !layer.name.endsWith(PADDING_SUFFIX))
    .map((layer) => {
      const isBias = ({ originalName }: { originalName: string }) => /(^|\/)(bias|beta)$/.test(originalName);
      const count = (of: Layer['trainableWeights']) =>
        of.reduce((sum, { shape }) => sum + sizeOf(shape as number[]), 0);
      return {
        name: layer.name,
        kind: layer.getClassName(),
        outputShape: (layer.outputShape as (number | null)[]).slice(1) as number[],
        weights: count(layer.trainableWeights.filter((weight) => !isBias(weight))),
        biases: count(layer.trainableWeights.filter(isBias)),
      };
    });
}

/** Trainable parameters: `countParams()` of tf.layers counts running means and variances too. */
export function countTrainable(model: LayersModel): number {
  return model.trainableWeights.reduce((sum, weight) => sum + sizeOf(weight.shape as Shape), 0);
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
