import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Conv2DInfo } from '../../tfjs.js';
import type { KernelCaller } from '../kernels/call.js';
import { backpropByColumns } from './columns.js';
import { backpropByRotatedFilter, paddingOfRotated } from './rotated-filter.js';

/** How much larger than dy dx may be for the rotated filter to win: it multiplies that many times as much. */
const ROTATED_UP_TO = 2;

/**
 * Gradient of a 2-D convolution with respect to its input, on XNNPACK. The stock kernel is a scalar loop, many times
 * slower on the decks' 7x7 layers.
 *
 * dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C].
 */
export function inputGradient(caller: KernelCaller, info: Conv2DInfo, dy: TensorInfo, filter: TensorInfo): TensorInfo {
  const padding = paddingOfRotated(info);
  const growth = (info.inHeight * info.inWidth) / (info.outHeight * info.outWidth);
  return padding !== undefined && growth <= ROTATED_UP_TO
    ? backpropByRotatedFilter(caller, dy, filter, padding)
    : backpropByColumns(caller, dy, filter, info);
}
