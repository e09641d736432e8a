import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Conv2DInfo } from '../../tfjs.js';
import type { KernelCaller } from '../kernels/call.js';

/**
 * Gradient of a 2-D convolution with respect to its filter, which tfjs-backend-wasm lacks (tensorflow/tfjs#8474).
 *
 * dW[a,b,c,k] = sum over n,i,j of x[n, s i + a, s j + b, c] dy[n, i, j, k] is itself a convolution: of x as [C,H,W,N]
 * with dy as the filter [Ho,Wo,N,K], dilated by the forward stride s. So it runs on XNNPACK's forward kernel; what
 * a stride leaves over at the far edges is cropped.
 *
 * x [N,H,W,C], dy [N,Ho,Wo,K] -> dW [kh,kw,C,K].
 */
export function filterGradient(
  { call, dispose }: KernelCaller,
  info: Conv2DInfo,
  x: TensorInfo,
  dy: TensorInfo,
): TensorInfo {
  const { top, bottom, left, right } = info.padInfo;

  const images = call('Transpose', { x }, { perm: [3, 1, 2, 0] });
  const isPadded = top + bottom + left + right > 0;
  const padded = isPadded
    ? call(
        'PadV2',
        { x: images },
        {
          paddings: [
            [0, 0],
            [top, bottom],
            [left, right],
            [0, 0],
          ],
          constantValue: 0,
        },
      )
    : images;
  const filter = call('Transpose', { x: dy }, { perm: [1, 2, 0, 3] });
  const correlation = call(
    'Conv2D',
    { x: padded, filter },
    { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [info.strideHeight, info.strideWidth] },
  );
  const [channels, , , filters] = correlation.shape as [number, number, number, number];
  const cropped = call(
    'Slice',
    { x: correlation },
    { begin: [0, 0, 0, 0], size: [channels, info.filterHeight, info.filterWidth, filters] },
  );
  const gradient = call('Transpose', { x: cropped }, { perm: [1, 2, 0, 3] });

  if (isPadded) dispose(padded);
  for (const tensor of [images, filter, correlation, cropped]) dispose(tensor);
  return gradient;
}
