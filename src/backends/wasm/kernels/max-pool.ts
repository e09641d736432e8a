import type { KernelConfig, KernelFunc, MaxPoolAttrs, MaxPoolWithArgmaxAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller, newTensor, newZeros, type KernelCaller } from './call.js';
import { checkGradient } from './checks.js';
import { forwardPool, imagePooling, volumePooling, type Pooling } from './pooling.js';
import { largestOfWindows } from './windows.js';

/**
 * What tfjs-backend-wasm pools from the smallest positive float on, so that zeros and negative numbers are never the largest: both
 * gradients, volumes, and images with the place of the largest number. In JavaScript: nothing is multiplied. Other types than
 * float32 and int32 go to `stock`.
 */
export function maxPools(tf: Tf, stock: (name: string) => KernelFunc): KernelConfig[] {
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
  const gradient = (kernelName: string, poolingFrom: (tf: Tf, shape: readonly number[], attrs: never) => Pooling) =>
    config(kernelName, (caller, { inputs, attrs }) => {
      const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
      const { outShape, windows } = poolingFrom(tf, input.shape, attrs as never);
      checkGradient(tf, kernelName, dy, outShape);
      const dx = newZeros(caller, input.shape);
      const [from, to] = [caller.heap.typedArrayFromHeap(dy), caller.heap.typedArrayFromHeap(dx)];
      largestOfWindows(caller.heap.typedArrayFromHeap(input), windows).forEach((at, index) => {
        if (at >= 0) to[at] = (to[at] as number) + (from[index] as number);
      });
      return dx;
    });

  return [
    forwardPool(tf, 'MaxPool', stock('MaxPool'), (caller, x, { outShape, windows }) =>
      pooled(caller, x, outShape, largestOfWindows(caller.heap.typedArrayFromHeap(x), windows)),
    ),
    gradient('MaxPoolGrad', imagePooling),
    gradient('MaxPool3DGrad', volumePooling),
    config('MaxPool3D', (caller, { inputs, attrs }) => {
      const { x } = inputs as { x: TensorInfo };
      const { outShape, windows } = volumePooling(tf, x.shape, attrs as never);
      return pooled(caller, x, outShape, largestOfWindows(caller.heap.typedArrayFromHeap(x), windows));
    }),
    config('MaxPoolWithArgmax', (caller, { inputs, attrs }) => {
      const { x } = inputs as { x: TensorInfo };
      const { includeBatchInIndex } = attrs as unknown as MaxPoolWithArgmaxAttrs;
      const { outShape, windows } = imagePooling(tf, x.shape, attrs as unknown as MaxPoolAttrs);
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

/** The numbers at those places; the least there is where a window has none. */
function pooled(caller: KernelCaller, x: TensorInfo, shape: readonly number[], largest: Int32Array): TensorInfo {
  const fill = (_: number, tensor: TensorInfo) => {
    const [from, to] = [caller.heap.typedArrayFromHeap(x), caller.heap.typedArrayFromHeap(tensor)];
    largest.forEach((at, index) => (to[index] = at < 0 ? -Infinity : (from[at] as number)));
  };
  return newTensor(caller, shape, fill, x.dtype as 'float32' | 'int32');
}
