import type {
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  KernelConfig,
  KernelFunc,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Conv2DInfo, Tf } from '../../tfjs.js';
import { kernelCaller, newZeros, type KernelCaller } from './call.js';
import { checkFloats, shapeName } from './checks.js';
import { convolutionOf, isNothing } from './convolution-of.js';

/** Both gradients of a 2-D convolution, NHWC, of which nothing is empty. */
export interface Conv2DGradients {
  /** dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C] */
  inputGradient(caller: KernelCaller, info: Conv2DInfo, dy: TensorInfo, filter: TensorInfo): TensorInfo;
  /** x [N,H,W,C], dy [N,Ho,Wo,K] -> dw [kh,kw,C,K] */
  filterGradient(caller: KernelCaller, info: Conv2DInfo, x: TensorInfo, dy: TensorInfo): TensorInfo;
}

/** dy [N,Ho,Wo,K], filter [kh,kw,C,K] -> dx [N,H,W,C]. Other formats than NHWC go to `stock`. */
export function conv2dBackpropInput(tf: Tf, gradients: Conv2DGradients, stock: KernelFunc): KernelConfig {
  return {
    kernelName: 'Conv2DBackpropInput',
    backendName: 'wasm',
    kernelFunc: (params) => {
      const { dy, filter } = params.inputs as { dy: TensorInfo; filter: TensorInfo };
      const attrs = params.attrs as unknown as Conv2DBackpropInputAttrs;
      checkFloats('Conv2DBackpropInput', { dy, filter });
      const info = convolutionOf(tf, 'Conv2DBackpropInput', attrs, attrs.inputShape, filter.shape);
      if (attrs.dataFormat !== 'NHWC') {
        if (!tf.util.arraysEqual(dy.shape, info.outShape)) refuse('Conv2DBackpropInput', dy, info);
        return stock(params);
      }
      const caller = kernelCaller(tf, params.backend);
      return withCropped(tf, caller, info, dy, (fitting) =>
        isNothing(info) ? newZeros(caller, info.inShape) : gradients.inputGradient(caller, info, fitting, filter),
      );
    },
  };
}

/** x [N,H,W,C], dy [N,Ho,Wo,K] -> dw [kh,kw,C,K], NHWC: the kernel that tfjs-backend-wasm lacks (tensorflow/tfjs#8474). */
export function conv2dBackpropFilter(tf: Tf, gradients: Conv2DGradients): KernelConfig {
  return {
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
      const convolution = attrs as unknown as Conv2DBackpropFilterAttrs;
      const { dataFormat, filterShape } = convolution;
      if (dataFormat !== 'NHWC') throw new Error(`Conv2DBackpropFilter on wasm needs NHWC, got ${dataFormat}`);
      checkFloats('Conv2DBackpropFilter', { x, dy });
      const info = convolutionOf(tf, 'Conv2DBackpropFilter', convolution, x.shape, filterShape);
      if (!tf.util.arraysEqual(dy.shape, info.outShape)) refuse('Conv2DBackpropFilter', dy, info);
      const caller = kernelCaller(tf, backend);
      return isNothing(info) ? newZeros(caller, info.filterShape) : gradients.filterGradient(caller, info, x, dy);
    },
  };
}

/** Lends what of dy belongs to the convolution. tfjs accepts more, as in `conv2dTranspose` to a smaller shape, and leaves it out. */
function withCropped(
  tf: Tf,
  caller: KernelCaller,
  info: Conv2DInfo,
  dy: TensorInfo,
  use: (cropped: TensorInfo) => TensorInfo,
): TensorInfo {
  if (tf.util.arraysEqual(dy.shape, info.outShape)) return use(dy);
  const isLarger = dy.shape.length === 4 && info.outShape.every((length, axis) => length <= (dy.shape[axis] as number));
  if (!isLarger || dy.shape[3] !== info.outChannels) refuse('Conv2DBackpropInput', dy, info);
  const cropped = caller.call('Slice', { x: dy }, { begin: [0, 0, 0, 0], size: info.outShape });
  try {
    return use(cropped);
  } finally {
    caller.dispose(cropped);
  }
}

function refuse(kernel: string, dy: TensorInfo, { outShape }: Conv2DInfo): never {
  throw new Error(
    `${kernel}: dy ${shapeName(dy.shape)} is not the shape of what the convolution gives, ${shapeName(outShape)}`,
  );
}
