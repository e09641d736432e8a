import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  KernelConfig,
  KernelFunc,
  Tensor,
  TensorInfo,
  _FusedMatMulAttrs,
} from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../../native/load.js';
import type { Tf } from '../tfjs.js';
import { explicitPadding } from '../padding.js';
import { operationsOf, type OpAttributes, type RunOperation } from './operations.js';

/** The backend as tfjs-node names it. */
const BACKEND = 'tensorflow';

/**
 * Replaces kernels of tfjs-node: convolutions, which refuse a padding in pixels, and biases, which it adds by a general sum
 * of tensors.
 *
 * @returns the names of the kernels
 */
export function registerKernels(tf: Tf, backend: NativeBackend): string[] {
  const run = operationsOf(backend);
  const stock = (name: string): KernelFunc => {
    const kernel = tf.getKernel(name, BACKEND) as KernelConfig | undefined;
    if (kernel === undefined) throw new Error(`tfjs-node has no kernel ${name}; is it version 4.22.0?`);
    return kernel.kernelFunc;
  };
  const kernels = [
    conv2d(tf, run),
    fusedConv2d(tf, run, backend),
    ...conv2dGradients(tf, run),
    fusedMatMul(tf, run, stock('_FusedMatMul')),
  ];
  for (const kernel of kernels) {
    tf.unregisterKernel(kernel.kernelName, BACKEND);
    tf.registerKernel(kernel);
  }
  replaceReluGradient(tf, run);
  return kernels.map(({ kernelName }) => kernelName);
}

/** tfjs's own makes five tensors as large as x. Another backend of the same tfjs, the oracle of the tests, keeps that. */
function replaceReluGradient(tf: Tf, run: RunOperation): void {
  const stock = tf.getGradient('Relu');
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attrs) =>
      tf.getBackend() === BACKEND
        ? { x: () => run('ReluGrad', [dy as Tensor, saved[0] as Tensor]) }
        : stock.gradFunc(dy, saved, attrs),
  });
}

type Convolution = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dilations' | 'dataFormat' | 'dimRoundingMode'>;

/** Sizes, strides and padding of a convolution, NHWC. */
function convolutionInfo(tf: Tf, attrs: Convolution, image: readonly number[], filter: readonly number[]) {
  if (attrs.dataFormat !== 'NHWC') throw new Error(`convolutions take NHWC only, not ${attrs.dataFormat}`);
  return tf.backend_util.computeConv2DInfo(
    image as [number, number, number, number],
    filter as [number, number, number, number],
    attrs.strides,
    attrs.dilations,
    explicitPadding(attrs.pad),
    attrs.dimRoundingMode,
  );
}
type ConvolutionInfo = ReturnType<typeof convolutionInfo>;

/** Attributes of TensorFlow's convolutions. */
function attributesOf({ padInfo, ...info }: ConvolutionInfo): OpAttributes {
  const { type, top, bottom, left, right } = padInfo;
  const isExplicit = type !== 'VALID' && type !== 'SAME';
  return {
    strings: { padding: isExplicit ? 'EXPLICIT' : type, data_format: 'NHWC' },
    bools: { use_cudnn_on_gpu: true },
    ints: {
      strides: [1, info.strideHeight, info.strideWidth, 1],
      dilations: [1, info.dilationHeight, info.dilationWidth, 1],
      ...(isExplicit && { explicit_paddings: [0, 0, top, bottom, left, right, 0, 0] }),
    },
  };
}

/**
 * x [N,H,W,C], filter [kh,kw,C,K] -> [N,Ho,Wo,K]
 *
 * oneDNN, as libtensorflow 2.18.1 has it, reads memory that is none of the image's where there is one channel, the result is one
 * column wide and the stride of the columns is the larger one. A single column does not depend on that stride: with equal
 * strides it is the first of what may be several.
 */
function convolve(tf: Tf, run: RunOperation, x: TensorInfo, filter: TensorInfo, attrs: Convolution): Tensor {
  const info = convolutionInfo(tf, attrs, x.shape, filter.shape);
  const { inChannels, outWidth, strideHeight, strideWidth, padInfo } = info;
  if (inChannels !== 1 || outWidth !== 1 || strideWidth <= strideHeight) {
    return run('Conv2D', [x, filter], attributesOf(info));
  }
  // SAME would pad otherwise with another stride.
  const equalStrides = { ...info, strideWidth: strideHeight, padInfo: { ...padInfo, type: 'EXPLICIT' as const } };
  const wider = run('Conv2D', [x, filter], attributesOf(equalStrides));
  const column = tf.slice(wider, [0, 0, 0, 0], [-1, -1, 1, -1]);
  wider.dispose();
  return column;
}

function conv2d(tf: Tf, run: RunOperation): KernelConfig {
  return {
    kernelName: 'Conv2D',
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, filter } = inputs as { x: TensorInfo; filter: TensorInfo };
      return convolve(tf, run, x, filter, attrs as unknown as Conv2DAttrs);
    },
  };
}

/** The same with a bias, [K] or what broadcasts, and an activation. */
function fusedConv2d(tf: Tf, run: RunOperation, backend: NativeBackend): KernelConfig {
  return {
    kernelName: 'FusedConv2D',
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, filter, bias, preluActivationWeights } = inputs as unknown as Record<'x' | 'filter', Tensor> &
        Partial<Record<'bias' | 'preluActivationWeights', Tensor>>;
      const { activation, leakyreluAlpha, ...convolution } = attrs as unknown as FusedConv2DAttrs;
      return tf.tidy(() => {
        const y = convolve(tf, run, x, filter, convolution);
        const isPlain = bias?.shape.length === 1;
        const biased = bias === undefined ? y : isPlain ? addBias(run, y, bias) : tf.add(y, bias);
        return backend.applyActivation(biased, activation, preluActivationWeights, leakyreluAlpha);
      });
    },
  };
}

/** a [M,K], b [K,N], bias [N] -> [M,N]; everything else goes to `stock`. */
function fusedMatMul(tf: Tf, run: RunOperation, stock: KernelFunc): KernelConfig {
  return {
    kernelName: '_FusedMatMul',
    backendName: BACKEND,
    kernelFunc: (params) => {
      const { a, b, bias } = params.inputs as { a: TensorInfo; b: TensorInfo; bias?: TensorInfo };
      const { transposeA, transposeB, activation } = params.attrs as unknown as _FusedMatMulAttrs;
      const isSimple = a.shape.length === 2 && b.shape.length === 2 && bias?.shape.length === 1;
      if (!isSimple || activation !== 'linear') return stock(params);
      const product = run('MatMul', [a, b], { bools: { transpose_a: transposeA, transpose_b: transposeB } });
      const biased = addBias(run, product, bias);
      product.dispose();
      return biased;
    },
  };
}

function addBias(run: RunOperation, x: TensorInfo, bias: TensorInfo) {
  return run('BiasAdd', [x, bias], { strings: { data_format: 'NHWC' } });
}

/**
 * Whether a convolution is one of every n-th pixel by itself: a filter of one pixel, strides, no padding. The gradient of its filter is the same
 * without strides on the pixels that it sees, and libtensorflow 2.18.1 now and then ends the process when it computes it with strides.
 */
function skipsPixels({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: ConvolutionInfo): boolean {
  const { top, bottom, left, right } = padInfo;
  const isPadded = [top, bottom, left, right].some((pixels) => pixels > 0);
  return filterHeight === 1 && filterWidth === 1 && strideHeight * strideWidth > 1 && !isPadded;
}

/** dy [N,Ho,Wo,K] -> dx [N,H,W,C] and dw [kh,kw,C,K] */
function conv2dGradients(tf: Tf, run: RunOperation): KernelConfig[] {
  const withShape = (shape: readonly number[], compute: (sizes: TensorInfo) => TensorInfo) => {
    const sizes = tf.tensor1d([...shape], 'int32');
    const result = compute(sizes);
    sizes.dispose();
    return result;
  };
  return [
    {
      kernelName: 'Conv2DBackpropInput',
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
        const { inputShape, ...convolution } = attrs as unknown as Conv2DBackpropInputAttrs;
        const attributes = attributesOf(
          convolutionInfo(tf, { ...convolution, dilations: 1 }, inputShape, filter.shape),
        );
        return withShape(inputShape, (sizes) => run('Conv2DBackpropInput', [sizes, filter, dy], attributes));
      },
    },
    {
      kernelName: 'Conv2DBackpropFilter',
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
        const { filterShape, ...settings } = attrs as unknown as Conv2DBackpropFilterAttrs;
        const info = convolutionInfo(tf, { ...settings, dilations: 1 }, x.shape, filterShape);
        const gradient = (images: TensorInfo, attributes: OpAttributes) =>
          withShape(filterShape, (sizes) => run('Conv2DBackpropFilter', [images, sizes, dy], attributes));
        if (!skipsPixels(info)) return gradient(x, attributesOf(info));
        const { strideHeight, strideWidth } = info;
        const seen = tf.stridedSlice(x as Tensor, [0, 0, 0, 0], x.shape, [1, strideHeight, strideWidth, 1]);
        const result = gradient(seen, attributesOf({ ...info, strideHeight: 1, strideWidth: 1 }));
        seen.dispose();
        return result;
      },
    },
  ];
}
