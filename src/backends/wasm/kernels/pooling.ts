import type { AvgPool3DAttrs, AvgPoolAttrs, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { explicitPadding } from '../../padding.js';
import type { Conv2DInfo, Tf } from '../../tfjs.js';
import { kernelCaller, type KernelCaller } from './call.js';
import { checkFloats, checkWhole, shapeName } from './checks.js';
import type { WindowAxis, Windows } from './windows.js';

type Shape4D = [number, number, number, number];

/** Windows, and the shape of what is pooled. */
export interface Pooling {
  readonly outShape: readonly number[];
  readonly windows: Windows;
  /** Whether XNNPACK pools this, too: it takes no window of one number, and none that lies on nothing but padding. */
  readonly isForStock: boolean;
}

/** x [N,H,W,C] -> [N,Ho,Wo,C]: stock's, but for what XNNPACK refuses, where stock leaves what was in the memory: that is `own`. */
export function forwardPool(
  tf: Tf,
  kernelName: 'AvgPool' | 'MaxPool',
  stock: KernelFunc,
  own: (caller: KernelCaller, x: TensorInfo, pooling: Pooling) => TensorInfo,
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { x } = params.inputs as { x: TensorInfo };
      const attrs = params.attrs as unknown as AvgPoolAttrs;
      checkFloats(kernelName, { x });
      const pooling = imagePooling(tf, x.shape, attrs);
      if (pooling.isForStock) return stock({ ...params, attrs: { ...params.attrs, pad: explicitPadding(attrs.pad) } });
      return own(kernelCaller(tf, params.backend), x, pooling);
    },
  };
}

/** Pooling of images [N,H,W,C], with the attributes of `MaxPool` or `AvgPool`. */
export function imagePooling(tf: Tf, shape: readonly number[], attrs: AvgPoolAttrs): Pooling {
  checkRank(shape, 4);
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const info = tf.backend_util.computePool2DInfo(
    shape as Shape4D,
    filterSize,
    strides,
    1,
    explicitPadding(pad),
    dimRoundingMode,
  );
  // As tfjs has it, windows of one number that leave the shape as it is change nothing, whatever stride and padding.
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const isCopy = filterHeight === 1 && filterWidth === 1 && tf.util.arraysEqual(info.inShape, info.outShape);
  if (isCopy && strideHeight * strideWidth > 1)
    return imagePooling(tf, shape, { filterSize, strides: 1, pad: 'valid' });
  return poolingOf(info, { input: 1, output: 1, window: 1, stride: 1, padding: 0 });
}

/** The same of volumes [N,D,H,W,C]. */
export function volumePooling(tf: Tf, shape: readonly number[], attrs: AvgPool3DAttrs): Pooling {
  checkRank(shape, 5);
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const info = tf.backend_util.computePool3DInfo(shape as never, filterSize, strides, 1, pad, dimRoundingMode);
  const { inDepth, outDepth, effectiveFilterDepth, strideDepth, padInfo } = info;
  return poolingOf(info, {
    ...{ input: inDepth, output: outDepth, window: effectiveFilterDepth, stride: strideDepth, padding: padInfo.front },
  });
}

/** What tfjs-core's geometries of images and of volumes have in common. */
interface PlaneInfo extends Pick<
  Conv2DInfo,
  'batchSize' | 'inChannels' | 'inHeight' | 'inWidth' | 'outHeight' | 'outWidth'
> {
  readonly effectiveFilterHeight: number;
  readonly effectiveFilterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padInfo: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
  readonly inShape: readonly number[];
  readonly outShape: readonly number[];
}

function poolingOf(info: PlaneInfo, depth: WindowAxis): Pooling {
  const { inHeight, outHeight, effectiveFilterHeight, strideHeight, inWidth, outWidth, strideWidth, padInfo } = info;
  checkWhole('Error in pooling: windows', [depth.window, effectiveFilterHeight, info.effectiveFilterWidth], 1);
  checkWhole('Error in pooling: strides', [depth.stride, strideHeight, strideWidth], 1);
  if (info.outShape.some((length) => length < 0)) {
    throw new Error(
      `Error in pooling: the window is larger than the input, the output would be ${shapeName(info.outShape)}`,
    );
  }
  const height: WindowAxis = {
    ...{ input: inHeight, output: outHeight, window: effectiveFilterHeight, stride: strideHeight },
    padding: padInfo.top,
  };
  const width: WindowAxis = {
    ...{ input: inWidth, output: outWidth, window: info.effectiveFilterWidth, stride: strideWidth },
    padding: padInfo.left,
  };
  return {
    outShape: info.outShape,
    windows: { batch: info.batchSize, channels: info.inChannels, depth, height, width },
    isForStock:
      ![...info.inShape, ...info.outShape].includes(0) &&
      height.window * width.window > 1 &&
      fitsStock(height, padInfo.bottom) &&
      fitsStock(width, padInfo.right),
  };
}

/** XNNPACK wants padding smaller than the window, and takes the length of its output from the rest. */
function fitsStock({ input, output, window, stride, padding }: WindowAxis, after: number): boolean {
  const length = Math.floor((input + padding + after - window) / stride) + 1;
  return padding < window && after < window && length === output;
}

function checkRank({ length }: readonly number[], rank: number): void {
  if (length !== rank) throw new Error(`Error in pooling: input must be rank ${rank} but got rank ${length}.`);
}
