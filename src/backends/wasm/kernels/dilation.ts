import type { Dilation2DAttrs, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { explicitPadding } from '../../padding.js';
import type { Conv2DInfo, Tf } from '../../tfjs.js';
import { kernelCaller, newSum, newTensor } from './call.js';
import { checkFloats, checkGradient, checkWhole, shapeName } from './checks.js';

/**
 * Greyscale dilation, y = the largest x + filter of each window, and both gradients, in JavaScript: stock starts from the smallest positive
 * float, as in its pooling, so that a negative sum is never the largest.
 *
 * x [N,H,W,C], filter [kh,kw,C], dy [N,Ho,Wo,C].
 */
export function dilations(tf: Tf): KernelConfig[] {
  /** Adds each number of dy to that number of x, or of the filter, that was in the largest sum; of equal ones, the first. */
  const gradient = (kernelName: string, of: 'x' | 'filter'): KernelConfig => ({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, filter, dy } = inputs as { x: TensorInfo; filter: TensorInfo; dy: TensorInfo };
      const info = infoOf(tf, kernelName, x, filter, attrs as unknown as Dilation2DAttrs);
      checkFloats(kernelName, { x, filter, dy });
      checkGradient(tf, kernelName, dy, info.outShape);
      const caller = kernelCaller(tf, backend);
      return newSum(caller, of === 'x' ? x.shape : filter.shape, (result) => {
        const [images, taps, from, to] = [x, filter, dy, result].map((each) =>
          caller.heap.typedArrayFromHeap(each),
        ) as [Float32Array, Float32Array, Float32Array, Float32Array];
        const sums = new Float64Array(to.length);
        eachLargest(info, images, taps, (window, place, tap) => {
          const at = of === 'x' ? place : tap;
          if (at >= 0) sums[at] = (sums[at] as number) + (from[window] as number);
        });
        to.set(sums);
      });
    },
  });
  return [
    {
      kernelName: 'Dilation2D',
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo };
        const info = infoOf(tf, 'Dilation2D', x, filter, attrs as unknown as Dilation2DAttrs);
        const caller = kernelCaller(tf, backend);
        const compute = (_: number, y: TensorInfo) => {
          const [images, taps, to] = [x, filter, y].map((each) => caller.heap.typedArrayFromHeap(each)) as Floats;
          eachLargest(info, images, taps, (window, __, ___, sum) => void (to[window] = sum));
        };
        return newTensor(caller, info.outShape, compute, x.dtype as 'float32' | 'int32');
      },
    },
    gradient('Dilation2DBackpropInput', 'x'),
    gradient('Dilation2DBackpropFilter', 'filter'),
  ];
}

type Floats = [Float32Array, Float32Array, Float32Array];

/** @throws Error where types, shapes or geometry do not fit */
function infoOf(
  tf: Tf,
  kernel: string,
  x: TensorInfo,
  filter: TensorInfo,
  { strides, pad, dilations: apart }: Dilation2DAttrs,
): Conv2DInfo {
  if (x.dtype !== filter.dtype || !['float32', 'int32'].includes(x.dtype)) {
    throw new Error(`${kernel} error: x must have the same dtype as filter. Got ${x.dtype} and ${filter.dtype}`);
  }
  if (x.shape.length !== 4 || filter.shape.length !== 3 || x.shape[3] !== filter.shape[2]) {
    throw new Error(`${kernel}: a filter ${shapeName(filter.shape)} does not fit the images ${shapeName(x.shape)}`);
  }
  const info = tf.backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    explicitPadding(pad) as never,
    'NHWC',
    apart,
  );
  checkWhole(`${kernel}: strides`, [info.strideHeight, info.strideWidth], 1);
  checkWhole(`${kernel}: dilations`, [info.dilationHeight, info.dilationWidth], 1);
  checkWhole(`${kernel}: the shape of the output`, info.outShape, 0);
  return info;
}

/**
 * Goes through the windows.
 *
 * @param visit gets the index of a number of the output, those of the numbers of x and filter whose sum is its largest, and that sum; of a
 * window that covers nothing, -1, -1 and the least that there is
 */
function eachLargest(
  info: Conv2DInfo,
  images: Float32Array,
  taps: Float32Array,
  visit: (window: number, place: number, tap: number, sum: number) => void,
): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
  let window = 0;
  for (let image = 0; image < info.batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        for (let channel = 0; channel < inChannels; channel++, window++) {
          let [largest, place, tap] = [-Infinity, -1, -1];
          for (let a = 0; a < filterHeight; a++) {
            const line = row * info.strideHeight - padInfo.top + a * info.dilationHeight;
            if (line < 0 || line >= inHeight) continue;
            for (let b = 0; b < filterWidth; b++) {
              const at = column * info.strideWidth - padInfo.left + b * info.dilationWidth;
              if (at < 0 || at >= inWidth) continue;
              const p = ((image * inHeight + line) * inWidth + at) * inChannels + channel;
              const t = (a * filterWidth + b) * inChannels + channel;
              const sum = (images[p] as number) + (taps[t] as number);
              if (sum > largest) [largest, place, tap] = [sum, p, t];
            }
          }
          visit(window, place, tap, largest);
        }
      }
    }
  }
}
