import type {
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  KernelConfig,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Conv2DInfo, Tf } from '../../tfjs.js';
import { convolutionOf, kernelCaller, type KernelCaller } from './call.js';

/** Both gradients of a 2-D convolution, NHWC. */
export interface Conv2DGradients {
  /** dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C] */
  inputGradient(caller: KernelCaller, info: Conv2DInfo, dy: TensorInfo, filter: TensorInfo): TensorInfo;
  /** x [N,H,W,C], dy [N,Ho,Wo,K] -> dw [kh,kw,C,K] */
  filterGradient(caller: KernelCaller, info: Conv2DInfo, x: TensorInfo, dy: TensorInfo): TensorInfo;
}

/**
 * The kernels of both gradients; the second is the one that tfjs-backend-wasm lacks (tensorflow/tfjs#8474). Only NHWC, as
 * everywhere in tfjs's gradients.
 */
export function conv2dGradients(tf: Tf, gradients: Conv2DGradients): KernelConfig[] {
  const inputGradient: KernelConfig = {
    kernelName: 'Conv2DBackpropInput',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
      const convolution = attrs as unknown as Conv2DBackpropInputAttrs;
      const info = convolutionOf(tf, 'Conv2DBackpropInput', convolution, convolution.inputShape, filter.shape);
      return gradients.inputGradient(kernelCaller(tf, backend), info, dy, filter);
    },
  };
  const filterGradient: KernelConfig = {
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
      const convolution = attrs as unknown as Conv2DBackpropFilterAttrs;
      const info = convolutionOf(tf, 'Conv2DBackpropFilter', convolution, x.shape, convolution.filterShape);
      return gradients.filterGradient(kernelCaller(tf, backend), info, x, dy);
    },
  };
  return [inputGradient, filterGradient];
}
