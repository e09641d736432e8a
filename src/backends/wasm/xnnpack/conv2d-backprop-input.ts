import type { Conv2DBackpropInputAttrs, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { convolutionOf, kernelCaller } from '../kernels/call.js';
import { backpropByColumns } from './columns.js';
import { backpropByRotatedFilter, paddingOfRotated } from './rotated-filter.js';

/** How much larger than dy dx may be for the rotated filter to win: it multiplies that many times as much. */
const ROTATED_UP_TO = 2;

/**
 * Gradient of a 2-D convolution with respect to its input, on XNNPACK. The stock kernel is a scalar loop, many times
 * slower on the decks' 7x7 layers.
 *
 * dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C]. Only NHWC, as everywhere in tfjs's gradients.
 */
export function conv2dBackpropInput(tf: Tf): KernelConfig {
  return {
    kernelName: 'Conv2DBackpropInput',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
      const convolution = attrs as unknown as Conv2DBackpropInputAttrs;
      const info = convolutionOf(tf, 'Conv2DBackpropInput', convolution, convolution.inputShape, filter.shape);
      const caller = kernelCaller(tf, backend);
      const padding = paddingOfRotated(info);
      const growth = (info.inHeight * info.inWidth) / (info.outHeight * info.outWidth);
      return padding !== undefined && growth <= ROTATED_UP_TO
        ? backpropByRotatedFilter(caller, dy, filter, padding)
        : backpropByColumns(caller, dy, filter, info);
    },
  };
}
