import type { NamedAttrMap, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from './tfjs.js';

type MatMul = Tf['fused']['matMul'];
type Conv2D = Tf['fused']['conv2d'];
type Gradients = Record<string, () => Tensor>;

/**
 * tfjs's fused products and convolutions, which its layers use, always compute the gradient of their input, also of the first
 * layer's, where nobody wants it: a third of the work of training an MLP. While a gradient is recorded, these compute what
 * is asked for, with the same kernels.
 *
 * In a bundle, tfjs's functions may be exports of an ES module, which nobody can replace. Then all stays as tfjs has it.
 *
 * @returns a function that puts tfjs's own back
 */
export function pruneFusedGradients(tf: Tf): () => void {
  const { matMul, conv2d } = tf.fused;
  const isOpen = Object.getOwnPropertyDescriptor(tf.fused, 'matMul')?.writable === true && !Object.isFrozen(tf.fused);
  if (!isOpen) return () => undefined;
  const isRecording = () => tf.engine().state.gradientDepth > 0;
  const isMatrix = (x: unknown): x is Tensor2D => x instanceof tf.Tensor && x.rank === 2 && x.dtype === 'float32';
  const isImages = (x: unknown): x is Tensor4D => x instanceof tf.Tensor && x.rank === 4 && x.dtype === 'float32';
  const isBias = (x: unknown, length: number): x is Tensor | null | undefined =>
    x === null || x === undefined || (x instanceof tf.Tensor && x.rank === 1 && x.size === length);
  const gradientsOf = (kernel: string, dy: Tensor, saved: Tensor[], attrs: NamedAttrMap): Gradients => {
    const config = tf.getGradient(kernel);
    return {
      ...config.gradFunc(dy, saved, attrs),
      bias: () =>
        tf.sum(
          dy,
          dy.shape.slice(1).map((_, axis) => axis),
        ),
    };
  };

  tf.registerGradient({
    kernelName: '_FusedMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attrs) => gradientsOf('BatchMatMul', dy as Tensor, saved, attrs),
  });
  tf.registerGradient({
    kernelName: 'FusedConv2D',
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attrs) => gradientsOf('Conv2D', dy as Tensor, saved, attrs),
  });

  const prunedMatMul = (options: Parameters<MatMul>[0]): Tensor => {
    const { a, b, transposeA = false, transposeB = false, bias, activation = 'linear' } = options;
    const isSimple = isRecording() && activation === 'linear' && isMatrix(a) && isMatrix(b);
    if (!isSimple) return matMul(options);
    const [inner, columns] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
    if (a.shape[transposeA ? 0 : 1] !== inner || !isBias(bias, columns)) return matMul(options);
    const attrs = { transposeA, transposeB, activation };
    return tf.engine().runKernel('_FusedMatMul', { a, b, ...(bias && { bias }) }, attrs);
  };
  const prunedConv2d = (options: Parameters<Conv2D>[0]): Tensor => {
    const { x, filter, strides, pad, bias, activation = 'linear' } = options;
    const { dataFormat = 'NHWC', dilations = [1, 1], dimRoundingMode } = options;
    const isSimple = isRecording() && activation === 'linear' && dataFormat === 'NHWC' && dimRoundingMode === undefined;
    if (!isSimple || !isImages(x) || !isImages(filter)) return conv2d(options);
    if (x.shape[3] !== filter.shape[2] || !isBias(bias, filter.shape[3])) return conv2d(options);
    const attrs = { strides, pad, dataFormat, dilations, activation };
    return tf.engine().runKernel('FusedConv2D', { x, filter, ...(bias && { bias }) }, attrs);
  };
  const fused = tf.fused as { matMul: MatMul; conv2d: Conv2D };
  fused.matMul = prunedMatMul;
  fused.conv2d = prunedConv2d as Conv2D;
  return () => {
    fused.matMul = matMul;
    fused.conv2d = conv2d;
    tf.unregisterGradient('_FusedMatMul');
    tf.unregisterGradient('FusedConv2D');
  };
}
