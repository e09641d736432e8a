import type { KernelFunc, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { withTemporary, type KernelCaller } from './call.js';

type Params = Parameters<KernelFunc>[0];

/** What comes after the bias, as kernels of their own. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  prelu: 'Prelu',
  leakyrelu: 'LeakyRelu',
};

/**
 * Whether a stock fused kernel cannot add this bias: it knows a number for each column and no other, but tfjs-core allows what broadcasts. So
 * with the slopes of a PReLU.
 */
export function needsParts(
  { bias, preluActivationWeights: alpha }: NamedTensorInfoMap,
  result: readonly number[],
): boolean {
  const isRow = bias === undefined || (bias.shape.length === 1 && bias.shape[0] === result.at(-1));
  return !isRow || (alpha !== undefined && !isTail(alpha.shape, result));
}

/** Whether a shape is the end of another one, but for leading ones: then its numbers are taken in turn. */
export function isTail(shape: readonly number[], of: readonly number[]): boolean {
  const first = shape.findIndex((length) => length !== 1);
  const lengths = first < 0 ? [] : shape.slice(first);
  return lengths.every((length, index) => length === of[of.length - lengths.length + index]);
}

/** A fused product or convolution, its bias and its activation one after the other. */
export function inParts(
  caller: KernelCaller,
  kernel: 'BatchMatMul' | 'Conv2D' | 'DepthwiseConv2dNative',
  { inputs, attrs }: Params,
): TensorInfo {
  const { bias, preluActivationWeights: alpha, ...operands } = inputs;
  const { activation, leakyreluAlpha } = attrs as unknown as { activation: string; leakyreluAlpha?: number };
  const name = ACTIVATIONS[activation];
  if (name === undefined && activation !== 'linear') {
    throw new Error(`${activation} activation not yet supported for fused kernels on wasm`);
  }
  const then: ((x: TensorInfo) => TensorInfo)[] = [];
  if (bias !== undefined) then.push((a) => caller.call('Add', { a, b: bias }, {}));
  if (name !== undefined) {
    const more = name === 'Prelu' && alpha !== undefined ? { alpha } : {};
    then.push((x) => caller.call(name, { x, ...more }, { alpha: leakyreluAlpha ?? 0 }));
  }
  return withTemporary(caller, (keep) =>
    then.reduce((x, step) => step(keep(x)), caller.call(kernel, operands, attrs ?? {})),
  );
}
