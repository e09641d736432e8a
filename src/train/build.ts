import type { Sequential } from '@tensorflow/tfjs-layers';
import type { TfLayers } from '../backends/tfjs.js';
import type { LayerCount } from '../core/record.js';
import type { LayerSpec, ModelSpec } from '../model/spec.js';
import { summarize } from '../model/summary.js';

/** Ending of the names of layers that only make room: tf.layers convolutions take no padding in pixels. */
const PADDING_SUFFIX = '-padding';

/** The tf.layers model of a spec, all weights zero. Layers are named as in `summarize`. */
export function buildModel(layers: TfLayers, spec: ModelSpec): Sequential {
  const model = layers.sequential({ name: spec.id });
  const names = summarize(spec).layers.map((layer) => layer.name);
  spec.layers.forEach((layer, index) => {
    const name = names[index] as string;
    for (const built of buildLayer(layers, layer, name, index === 0 ? [...spec.input] : undefined)) model.add(built);
  });
  return model;
}

function buildLayer(layers: TfLayers, layer: LayerSpec, name: string, inputShape: number[] | undefined) {
  const at = { name, ...(inputShape && { inputShape }) };
  const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
  switch (layer.kind) {
    case 'flatten':
      return [layers.layers.flatten(at)];
    case 'dense':
      return [layers.layers.dense({ ...at, ...zeros, units: layer.units })];
    case 'conv2d': {
      const { filters, kernel, stride = 1, padding = 0 } = layer;
      const convolution = { ...zeros, filters, kernelSize: kernel, strides: stride };
      if (padding === 0) return [layers.layers.conv2d({ ...at, ...convolution, padding: 'valid' })];
      if (stride === 1 && kernel === 2 * padding + 1) {
        return [layers.layers.conv2d({ ...at, ...convolution, padding: 'same' })];
      }
      return [
        layers.layers.zeroPadding2d({ ...at, name: `${name}${PADDING_SUFFIX}`, padding }),
        layers.layers.conv2d({ ...convolution, name, padding: 'valid' }),
      ];
    }
    case 'max-pool':
    case 'average-pool': {
      const pool = { ...at, poolSize: layer.size, strides: layer.stride ?? layer.size, padding: 'valid' } as const;
      return [layer.kind === 'max-pool' ? layers.layers.maxPooling2d(pool) : layers.layers.averagePooling2d(pool)];
    }
    case 'dropout':
      return [layers.layers.dropout({ ...at, rate: layer.rate })];
    case 'relu':
    case 'sigmoid':
    case 'tanh':
    case 'softmax':
      return [layers.layers.activation({ ...at, activation: layer.kind })];
  }
}

/** What the real model says of its layers: the measured side of every parameter claim. */
export function countLayers(model: Sequential): LayerCount[] {
  return model.layers
    .filter((layer) => !layer.name.endsWith(PADDING_SUFFIX))
    .map((layer) => {
      const [kernel, bias] = layer.weights.map((weight) =>
        weight.shape.reduce<number>((product, length) => product * (length as number), 1),
      );
      return {
        name: layer.name,
        kind: layer.getClassName(),
        outputShape: (layer.outputShape as (number | null)[]).slice(1) as number[],
        weights: kernel ?? 0,
        biases: bias ?? 0,
      };
    });
}
