import type {
  KernelConfig,
  KernelFunc,
  MaxPool3DAttrs,
  MaxPoolAttrs,
  MaxPoolWithArgmaxAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Conv2DInfo, Tf } from '../../tfjs.js';
import { kernelCaller, newTensor, newZeros, type KernelCaller } from './call.js';
import { shapeName } from './checks.js';
import { largestOfWindows, type WindowAxis, type Windows } from './largest.js';

/** Windows, and the shape of what is pooled. */
interface Pooling {
  readonly outShape: readonly number[];
  readonly windows: Windows;
}

/**
 * What tfjs-backend-wasm pools from the smallest positive float on, so that zeros and negative numbers are never the largest: both
 * gradients, volumes, and images with the place of the largest number. In JavaScript: nothing is multiplied. Other types than
 * float32 and int32 go to `stock`.
 */
export function maxPools(tf: Tf, stock: (name: string) => KernelFunc): KernelConfig[] {
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util;
  const images = (shape: readonly number[], { filterSize, strides, pad, dimRoundingMode }: MaxPoolAttrs): Pooling => {
    checkRank(shape, 4);
    const info = computePool2DInfo(shape as never, filterSize, strides, 1, pad, dimRoundingMode);
    const depth = { input: 1, output: 1, window: 1, stride: 1, padding: 0 };
    return poolingOf(info, depth);
  };
  const volumes = (
    shape: readonly number[],
    { filterSize, strides, pad, dimRoundingMode }: MaxPool3DAttrs,
  ): Pooling => {
    checkRank(shape, 5);
    const info = computePool3DInfo(shape as never, filterSize, strides, 1, pad, dimRoundingMode);
    const { inDepth, outDepth, effectiveFilterDepth, strideDepth, padInfo } = info;
    return poolingOf(info, {
      ...{
        input: inDepth,
        output: outDepth,
        window: effectiveFilterDepth,
        stride: strideDepth,
        padding: padInfo.front,
      },
    });
  };
  const config = (
    kernelName: string,
    compute: (caller: KernelCaller, params: Parameters<KernelFunc>[0]) => unknown,
  ) => {
    const other = stock(kernelName);
    const kernelFunc = ((params) => {
      const isKnown = Object.values(params.inputs).every((each) => ['float32', 'int32'].includes(each?.dtype ?? ''));
      return isKnown ? compute(kernelCaller(tf, params.backend), params) : other(params);
    }) as KernelFunc;
    return { kernelName, backendName: 'wasm', kernelFunc };
  };
  const gradient = (kernelName: string, poolingFrom: (shape: readonly number[], attrs: never) => Pooling) =>
    config(kernelName, (caller, { inputs, attrs }) => {
      const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
      const { outShape, windows } = poolingFrom(input.shape, attrs as never);
      if (!tf.util.arraysEqual(dy.shape, [...outShape])) {
        throw new Error(
          `${kernelName}: dy ${shapeName(dy.shape)} is not the shape of what is pooled, ${shapeName(outShape)}`,
        );
      }
      const dx = newZeros(caller, input.shape);
      const [from, to] = [caller.heap.typedArrayFromHeap(dy), caller.heap.typedArrayFromHeap(dx)];
      largestOfWindows(caller.heap.typedArrayFromHeap(input), windows).forEach((at, index) => {
        if (at >= 0) to[at] = (to[at] as number) + (from[index] as number);
      });
      return dx;
    });

  return [
    gradient('MaxPoolGrad', images),
    gradient('MaxPool3DGrad', volumes),
    config('MaxPool3D', (caller, { inputs, attrs }) => {
      const { x } = inputs as { x: TensorInfo };
      const { outShape, windows } = volumes(x.shape, attrs as unknown as MaxPool3DAttrs);
      return pooled(caller, x, outShape, largestOfWindows(caller.heap.typedArrayFromHeap(x), windows));
    }),
    config('MaxPoolWithArgmax', (caller, { inputs, attrs }) => {
      const { x } = inputs as { x: TensorInfo };
      const { includeBatchInIndex } = attrs as unknown as MaxPoolWithArgmaxAttrs;
      const { outShape, windows } = images(x.shape, attrs as unknown as MaxPoolAttrs);
      const largest = largestOfWindows(caller.heap.typedArrayFromHeap(x), windows);
      const image = includeBatchInIndex ? Infinity : tf.util.sizeFromShape(x.shape.slice(1));
      const result = pooled(caller, x, outShape, largest);
      const fill = (_: number, tensor: TensorInfo) => {
        caller.heap.typedArrayFromHeap(tensor).set(largest.map((at) => at % image));
      };
      return [result, newTensor(caller, outShape, fill, 'int32')];
    }),
  ];
}

function checkRank({ length }: readonly number[], rank: number): void {
  if (length !== rank) throw new Error(`Error in maxPool: input must be rank ${rank} but got rank ${length}.`);
}

/** The numbers at those places; the least there is where a window has none. */
function pooled(caller: KernelCaller, x: TensorInfo, shape: readonly number[], largest: Int32Array): TensorInfo {
  const fill = (_: number, tensor: TensorInfo) => {
    const [from, to] = [caller.heap.typedArrayFromHeap(x), caller.heap.typedArrayFromHeap(tensor)];
    largest.forEach((at, index) => (to[index] = at < 0 ? -Infinity : (from[at] as number)));
  };
  return newTensor(caller, shape, fill, x.dtype as 'float32' | 'int32');
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
  readonly padInfo: { readonly top: number; readonly left: number };
  readonly outShape: readonly number[];
}

function poolingOf(info: PlaneInfo, depth: WindowAxis): Pooling {
  const { inHeight, outHeight, effectiveFilterHeight, strideHeight, inWidth, outWidth, strideWidth, padInfo } = info;
  if (info.outShape.some((length) => length < 0)) {
    throw new Error(
      `Error in maxPool: the window is larger than the input, the output would be ${shapeName(info.outShape)}`,
    );
  }
  return {
    outShape: info.outShape,
    windows: {
      ...{ batch: info.batchSize, channels: info.inChannels, depth },
      height: {
        ...{ input: inHeight, output: outHeight, window: effectiveFilterHeight, stride: strideHeight },
        padding: padInfo.top,
      },
      width: {
        ...{ input: inWidth, output: outWidth, window: info.effectiveFilterWidth, stride: strideWidth },
        padding: padInfo.left,
      },
    },
  };
}
