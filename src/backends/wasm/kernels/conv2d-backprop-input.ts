import type {
  Conv2DBackpropInputAttrs,
  KernelBackend,
  KernelConfig,
  KernelFunc,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller } from './call.js';

/**
 * Gradient of a 2-D convolution with respect to its input, for stride 1: the full convolution of dy with the filter
 * turned by 180 degrees and its channel axes swapped, on XNNPACK's forward kernel. The stock kernel is a scalar loop,
 * three to eight times slower on the decks' 7x7 layers; it still serves other strides.
 *
 * dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C].
 *
 * @param stock the kernel of tfjs-backend-wasm
 */
export function conv2dBackpropInput(tf: Tf, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'Conv2DBackpropInput',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { dy, filter } = params.inputs as { dy: TensorInfo; filter: TensorInfo };
      const attrs = params.attrs as unknown as Conv2DBackpropInputAttrs;
      const info = tf.backend_util.computeConv2DInfo(
        attrs.inputShape,
        filter.shape as [number, number, number, number],
        attrs.strides,
        1,
        attrs.pad,
        attrs.dimRoundingMode,
      );
      const { top, bottom, left, right } = info.padInfo;
      const rows = [info.filterHeight - 1 - top, info.filterHeight - 1 - bottom] as const;
      const columns = [info.filterWidth - 1 - left, info.filterWidth - 1 - right] as const;
      const fits =
        info.strideHeight === 1 && info.strideWidth === 1 && [...rows, ...columns].every((zeros) => zeros >= 0);
      if (!fits || attrs.dataFormat !== 'NHWC') return stock(params);

      const { call, dispose } = kernelCaller(tf, params.backend as KernelBackend);
      const padded = call('PadV2', { x: dy }, { paddings: [[0, 0], rows, columns, [0, 0]], constantValue: 0 });
      const turned = call('Reverse', { x: filter }, { dims: [0, 1] });
      const swapped = call('Transpose', { x: turned }, { perm: [0, 1, 3, 2] });
      const gradient = call(
        'Conv2D',
        { x: padded, filter: swapped },
        { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1] },
      );
      for (const tensor of [padded, turned, swapped]) dispose(tensor);
      return gradient;
    },
  };
}
