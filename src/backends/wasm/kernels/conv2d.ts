import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  KernelConfig,
  KernelFunc,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import type { KernelModule } from '../module/kernel-module.js';
import { withBias } from './bias.js';
import { convolutionOf, kernelCaller } from './call.js';
import type { Convolutions } from './convolutions.js';

/** x [N,H,W,C], filter [kh,kw,C,K] -> [N,Ho,Wo,K]. Other formats than NHWC go to `stock`. */
export function conv2d(tf: Tf, convolutions: Convolutions, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'Conv2D',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x, filter } = params.inputs as { x: TensorInfo; filter: TensorInfo };
      const attrs = params.attrs as unknown as Conv2DAttrs;
      if (attrs.dataFormat !== 'NHWC') return stock(params);
      const info = convolutionOf(tf, 'Conv2D', attrs, x.shape, filter.shape);
      return convolutions.forward(kernelCaller(tf, params.backend), info, x, filter);
    },
  };
}

/** The same with a bias, [K] or what broadcasts, and a ReLU or nothing after it; other activations go to `stock`. */
export function fusedConv2d(tf: Tf, convolutions: Convolutions, module: KernelModule, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'FusedConv2D',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x, filter, bias } = params.inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
      const attrs = params.attrs as unknown as FusedConv2DAttrs;
      const isSimple = attrs.activation === 'linear' || attrs.activation === 'relu';
      if (attrs.dataFormat !== 'NHWC' || !isSimple) return stock(params);
      const caller = kernelCaller(tf, params.backend);
      const y = convolutions.forward(caller, convolutionOf(tf, 'FusedConv2D', attrs, x.shape, filter.shape), x, filter);
      return withBias(module, caller, y, bias, attrs.activation === 'relu');
    },
  };
}

/** dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C]. Only NHWC, as everywhere in tfjs's gradients. */
export function conv2dBackpropInput(tf: Tf, convolutions: Convolutions): KernelConfig {
  return {
    kernelName: 'Conv2DBackpropInput',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
      const convolution = attrs as unknown as Conv2DBackpropInputAttrs;
      const info = convolutionOf(tf, 'Conv2DBackpropInput', convolution, convolution.inputShape, filter.shape);
      return convolutions.inputGradient(kernelCaller(tf, backend), info, dy, filter);
    },
  };
}

/**
 * x [N,H,W,C], dy [N,Ho,Wo,K] -> dW [kh,kw,C,K], which tfjs-backend-wasm lacks (tensorflow/tfjs#8474). Only NHWC, as
 * everywhere in tfjs's gradients.
 */
export function conv2dBackpropFilter(tf: Tf, convolutions: Convolutions): KernelConfig {
  return {
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
      const convolution = attrs as unknown as Conv2DBackpropFilterAttrs;
      const info = convolutionOf(tf, 'Conv2DBackpropFilter', convolution, x.shape, convolution.filterShape);
      return convolutions.filterGradient(kernelCaller(tf, backend), info, x, dy);
    },
  };
}
