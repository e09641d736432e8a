import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Conv2DInfo } from '../../tfjs.js';
import type { KernelCaller } from '../kernels/call.js';

/**
 * Zeros to put around dy so that the rotated filter reaches every pixel, as [top and bottom, left and right]; nothing
 * where the gradient is no plain convolution: with a stride, or with a pad wider than the filter.
 */
export function paddingOfRotated(info: Conv2DInfo): [[number, number], [number, number]] | undefined {
  const { padInfo, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const rows: [number, number] = [filterHeight - 1 - padInfo.top, filterHeight - 1 - padInfo.bottom];
  const columns: [number, number] = [filterWidth - 1 - padInfo.left, filterWidth - 1 - padInfo.right];
  const fits = strideHeight === 1 && strideWidth === 1 && [...rows, ...columns].every((zeros) => zeros >= 0);
  return fits ? [rows, columns] : undefined;
}

/**
 * dx as the convolution of dy, padded, with the filter turned by 180 degrees and its channel axes swapped, on XNNPACK's
 * forward kernel. It multiplies zeros, too: H W / (Ho Wo) times as much as needed.
 */
export function backpropByRotatedFilter(
  { call, dispose }: KernelCaller,
  dy: TensorInfo,
  filter: TensorInfo,
  [rows, columns]: [[number, number], [number, number]],
): TensorInfo {
  const padded = call('PadV2', { x: dy }, { paddings: [[0, 0], rows, columns, [0, 0]], constantValue: 0 });
  const turned = call('Reverse', { x: filter }, { dims: [0, 1] });
  const swapped = call('Transpose', { x: turned }, { perm: [0, 1, 3, 2] });
  const valid = { strides: [1, 1], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1] };
  const dx = call('Conv2D', { x: padded, filter: swapped }, valid);
  for (const tensor of [padded, turned, swapped]) dispose(tensor);
  return dx;
}
