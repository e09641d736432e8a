import type {
  DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
  FusedDepthwiseConv2DAttrs,
  KernelConfig,
  KernelFunc,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Conv2DInfo, Tf } from '../../tfjs.js';
import { kernelCaller, newTensor, newZeros } from './call.js';
import { checkBias, checkFloats, checkGradient } from './checks.js';
import { convolutionOf, isNothing, paddingOf } from './convolution-of.js';
import { inParts, needsParts } from './fused.js';

/** What a depthwise convolution and its gradients have in common; their attributes say nothing of the format. */
type Attrs = Pick<DepthwiseConv2dNativeAttrs, 'strides' | 'pad' | 'dimRoundingMode'> & {
  readonly dilations?: DepthwiseConv2dNativeAttrs['dilations'];
};

/**
 * Depthwise convolutions: forward stock's, with a padding that it computes rightly, and in JavaScript the gradients, which
 * tfjs-backend-wasm lacks.
 */
export function depthwiseConvolutions(tf: Tf, stock: (name: string) => KernelFunc): KernelConfig[] {
  const infoOf = (kernel: string, attrs: Attrs, input: readonly number[], filter: readonly number[]) => {
    const { strides, pad, dimRoundingMode, dilations } = attrs;
    const given = { strides, pad, dataFormat: 'NHWC' as const, ...(dimRoundingMode && { dimRoundingMode }) };
    return convolutionOf(tf, kernel, { ...given, dilations: dilations ?? 1 }, input, filter, true);
  };
  const forward = (kernelName: 'DepthwiseConv2dNative' | 'FusedDepthwiseConv2D'): KernelConfig => {
    const other = stock(kernelName);
    return {
      kernelName,
      backendName: 'wasm',
      kernelFunc: (params) => {
        const { x, filter, bias } = params.inputs as { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };
        const attrs = params.attrs as unknown as FusedDepthwiseConv2DAttrs;
        checkFloats(kernelName, { x, filter });
        const info = infoOf(kernelName, attrs, x.shape, filter.shape);
        checkBias(tf, kernelName, bias, info.outShape);
        const caller = kernelCaller(tf, params.backend);
        if (kernelName === 'FusedDepthwiseConv2D' && (isNothing(info) || needsParts(params.inputs, info.outShape))) {
          return inParts(caller, 'DepthwiseConv2dNative', params);
        }
        if (isNothing(info)) return newZeros(caller, info.outShape);
        return other({ ...params, attrs: { ...params.attrs, pad: paddingOf(info) } });
      },
    };
  };
  return [
    forward('DepthwiseConv2dNative'),
    forward('FusedDepthwiseConv2D'),
    {
      kernelName: 'DepthwiseConv2dNativeBackpropInput',
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
        const given = attrs as unknown as DepthwiseConv2dNativeBackpropInputAttrs;
        checkFloats('DepthwiseConv2dNativeBackpropInput', { dy, filter });
        const info = infoOf('DepthwiseConv2dNativeBackpropInput', given, given.inputShape, filter.shape);
        checkGradient(tf, 'DepthwiseConv2dNativeBackpropInput', dy, info.outShape);
        const caller = kernelCaller(tf, backend);
        const dx = newZeros(caller, info.inShape);
        const [from, weights, to] = [dy, filter, dx].map((each) => caller.heap.typedArrayFromHeap(each)) as Floats;
        const multiples = info.outChannels / info.inChannels;
        eachTap(info, (x, tap, y) => {
          for (let channel = 0; channel < info.inChannels; channel++) {
            let sum = to[x + channel] as number;
            for (let k = channel * multiples; k < (channel + 1) * multiples; k++) {
              sum += (from[y + k] as number) * (weights[tap + k] as number);
            }
            to[x + channel] = sum;
          }
        });
        return dx;
      },
    },
    {
      kernelName: 'DepthwiseConv2dNativeBackpropFilter',
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
        const given = attrs as unknown as DepthwiseConv2dNativeBackpropFilterAttrs;
        checkFloats('DepthwiseConv2dNativeBackpropFilter', { x, dy });
        const info = infoOf('DepthwiseConv2dNativeBackpropFilter', given, x.shape, given.filterShape);
        checkGradient(tf, 'DepthwiseConv2dNativeBackpropFilter', dy, info.outShape);
        const caller = kernelCaller(tf, backend);
        const [images, from] = [x, dy].map((each) => caller.heap.typedArrayFromHeap(each)) as Floats;
        // Sums over all windows of the batch: rounded once.
        const sums = new Float64Array(tf.util.sizeFromShape(given.filterShape));
        const multiples = info.outChannels / info.inChannels;
        eachTap(info, (at, tap, y) => {
          for (let channel = 0; channel < info.inChannels; channel++) {
            const value = images[at + channel] as number;
            for (let k = channel * multiples; k < (channel + 1) * multiples; k++) {
              sums[tap + k] = (sums[tap + k] as number) + value * (from[y + k] as number);
            }
          }
        });
        return newTensor(caller, given.filterShape, (_, dw) => caller.heap.typedArrayFromHeap(dw).set(sums));
      },
    },
  ];
}

type Floats = [Float32Array, Float32Array, Float32Array];

/** Goes through the taps of all windows, with the indices of the first channels of the input, of the filter and of the output. */
function eachTap(info: Conv2DInfo, visit: (x: number, tap: number, y: number) => void): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info;
  if (isNothing(info)) return;
  for (let image = 0; image < info.batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let a = 0; a < info.filterHeight; a++) {
        const line = row * info.strideHeight - padInfo.top + a * info.dilationHeight;
        if (line < 0 || line >= inHeight) continue;
        for (let column = 0; column < outWidth; column++) {
          for (let b = 0; b < info.filterWidth; b++) {
            const place = column * info.strideWidth - padInfo.left + b * info.dilationWidth;
            if (place < 0 || place >= inWidth) continue;
            visit(
              ((image * inHeight + line) * inWidth + place) * inChannels,
              (a * info.filterWidth + b) * outChannels,
              ((image * outHeight + row) * outWidth + column) * outChannels,
            );
          }
        }
      }
    }
  }
}
