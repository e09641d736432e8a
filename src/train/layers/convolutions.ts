import type { Tensor } from '@tensorflow/tfjs-core';
import { slideKernel, transposedAxes } from '../../model/layers/convolutions.js';
import { perAxis, type LayerOf } from '../../model/layers/effect.js';
import type { Sliding } from '../../model/layers/windows.js';
import { convolve, convolveDepthwise, convolveTransposed } from './convolve.js';
import { ownLayer, type KeptTensor, type Layer } from './own-layer.js';
import type { Place } from './place.js';
import { makeRoom } from './pools.js';

type Spec2d = LayerOf<'conv2d'> | LayerOf<'depthwise-conv2d'> | LayerOf<'separable-conv2d'>;

const ZEROS = { kernelInitializer: 'zeros', biasInitializer: 'zeros' } as const;
const DEPTHWISE_ZEROS = {
  depthwiseInitializer: 'zeros',
  pointwiseInitializer: 'zeros',
  biasInitializer: 'zeros',
} as const;

/** Adds the biases, if there are any. */
function withBias({ tf }: Place, output: Tensor, bias: KeptTensor | undefined): Tensor {
  return bias === undefined ? output : tf.add(output, bias.read());
}

/** Whether tf.layers differentiates it: without groups and dilation, and a depthwise one with the same stride on both axes. */
function isStock(layer: Spec2d | LayerOf<'conv1d'>, { dilation, stride }: Sliding): boolean {
  if ('groups' in layer && (layer.groups ?? 1) > 1) return false;
  const isDepthwise = layer.kind === 'depthwise-conv2d' || layer.kind === 'separable-conv2d';
  return dilation.every((each) => each === 1) && !(isDepthwise && stride[0] !== stride[1]);
}

/** A convolution of tf.layers that is padded as the spec says: by itself, or after a layer that makes room. */
function padded(
  place: Place,
  { padding }: Spec2d | LayerOf<'conv1d'>,
  { size, stride, margins }: Sliding,
  make: (padding: 'valid' | 'same') => Layer,
): Layer[] {
  if (margins.every(([before, behind]) => before + behind === 0)) return [make('valid')];
  const isSame = margins.every(
    ([before, behind], axis) => stride[axis] === 1 && before === behind && size[axis] === 2 * before + 1,
  );
  if (padding === 'same' || isSame) return [make('same')];
  return [makeRoom(place, margins, 0), make('valid')];
}

export function buildConv2d(place: Place, layer: LayerOf<'conv2d'>): Layer[] {
  const { backend, tf, input, name, own } = place;
  const window = slideKernel(layer, input, 2);
  const { filters, bias = true, groups = 1 } = layer;
  if (isStock(layer, window)) {
    return padded(place, layer, window, (padding) =>
      backend.layers.layers.conv2d({ ...stockOf(window), ...{ name, ...ZEROS, filters, padding, useBias: bias } }),
    );
  }
  const convolution = ownLayer(backend, {
    ...own('Conv2D'),
    compute: (x, [kernel, ...biases]) =>
      withBias(place, convolve(tf, x, (kernel as KeptTensor).read(), window, groups), biases[0]),
  });
  return [convolution];
}

export function buildConv1d(place: Place, layer: LayerOf<'conv1d'>): Layer[] {
  const { backend, tf, input, name, own } = place;
  const window = slideKernel(layer, input, 1);
  const { filters, bias = true, groups = 1 } = layer;
  if (isStock(layer, window)) {
    return padded(place, layer, window, (padding) =>
      backend.layers.layers.conv1d({ ...stockOf(window), ...{ name, ...ZEROS, filters, padding, useBias: bias } }),
    );
  }
  // An image of one row.
  const row = {
    stride: [1, ...window.stride],
    dilation: [1, ...window.dilation],
    margins: [[0, 0] as const, ...window.margins],
  };
  const convolution = ownLayer(backend, {
    ...own('Conv1D'),
    compute(x, [kernel, ...biases]) {
      const filter = tf.expandDims((kernel as KeptTensor).read(), 0);
      const output = convolve(tf, tf.expandDims(x, 1), filter, row, groups);
      return withBias(place, tf.squeeze(output, [1]), biases[0]);
    },
  });
  return [convolution];
}

export function buildDepthwise(place: Place, layer: LayerOf<'depthwise-conv2d'>): Layer[] {
  const { backend, tf, input, name, own } = place;
  const window = slideKernel(layer, input, 2);
  const { multiplier = 1, bias = true } = layer;
  if (isStock(layer, window)) {
    return padded(place, layer, window, (padding) =>
      backend.layers.layers.depthwiseConv2d({
        ...stockOf(window),
        ...{ name, ...DEPTHWISE_ZEROS, padding, useBias: bias, depthMultiplier: multiplier },
      }),
    );
  }
  const convolution = ownLayer(backend, {
    ...own('DepthwiseConv2D'),
    compute: (x, [kernel, ...biases]) =>
      withBias(place, convolveDepthwise(tf, x, (kernel as KeptTensor).read(), window), biases[0]),
  });
  return [convolution];
}

export function buildSeparable(place: Place, layer: LayerOf<'separable-conv2d'>): Layer[] {
  const { backend, tf, input, name, own } = place;
  const window = slideKernel(layer, input, 2);
  const { filters, multiplier = 1, bias = true } = layer;
  if (isStock(layer, window)) {
    return padded(place, layer, window, (padding) =>
      backend.layers.layers.separableConv2d({
        ...stockOf(window),
        ...{ name, ...DEPTHWISE_ZEROS, filters, padding, useBias: bias, depthMultiplier: multiplier },
      }),
    );
  }
  const pointwiseWindow = { stride: [1, 1], dilation: [1, 1], margins: [] };
  const convolution = ownLayer(backend, {
    ...own('SeparableConv2D'),
    compute(x, [depthwise, pointwise, ...biases]) {
      const between = convolveDepthwise(tf, x, (depthwise as KeptTensor).read(), window);
      return withBias(place, convolve(tf, between, (pointwise as KeptTensor).read(), pointwiseWindow), biases[0]);
    },
  });
  return [convolution];
}

function stockOf({ size, stride }: Sliding) {
  return { kernelSize: [...size] as [number, number], strides: [...stride] as [number, number] };
}

export function buildTransposed(place: Place, layer: LayerOf<'conv2d-transpose'>): Layer {
  const { backend, tf, input, name, own } = place;
  const { filters, kernel, stride = 1, padding = 0, bias = true } = layer;
  const steps = perAxis(stride, 2);
  const axes = transposedAxes(layer, input);
  if (typeof padding === 'string') {
    return backend.layers.layers.conv2dTranspose({
      ...{ name, ...ZEROS, filters, padding, useBias: bias },
      ...{ kernelSize: [...perAxis(kernel, 2)], strides: [...steps] as [number, number] },
    });
  }
  return ownLayer(backend, {
    ...own('Conv2DTranspose'),
    compute: (x, [weights, ...biases]) =>
      withBias(place, convolveTransposed(tf, x, (weights as KeptTensor).read(), steps, axes), biases[0]),
  });
}
