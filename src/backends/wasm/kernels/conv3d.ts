import type {
  Conv3DAttrs,
  Conv3DBackpropFilterV2Attrs,
  Conv3DBackpropInputV2Attrs,
  KernelConfig,
  KernelFunc,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller, newSum, newTensor, newZeros, withTemporary, type KernelCaller } from './call.js';
import { checkFloats, checkGradient, checkWhole, shapeName } from './checks.js';

type Conv3DInfo = ReturnType<Tf['backend_util']['computeConv3DInfo']>;

/** Attributes of a 2-D convolution of planes that have their padding already. */
const PLANES = { pad: 'valid', dataFormat: 'NHWC' } as const;

/**
 * 3-D convolutions: forward stock's, with checks, and both gradients, of which stock's are wrong. A volume is a stack of planes, and each
 * depth of the filter one 2-D convolution of planes, whose gradient has its kernel.
 *
 * x [N,D,H,W,C], filter [kd,kh,kw,C,K], dy [N,Do,Ho,Wo,K].
 */
export function convolutions3d(tf: Tf, stock: KernelFunc): KernelConfig[] {
  return [
    {
      kernelName: 'Conv3D',
      backendName: 'wasm',
      kernelFunc: (params) => {
        const { x, filter } = params.inputs as { x: TensorInfo; filter: TensorInfo };
        checkFloats('Conv3D', { x, filter });
        const info = infoOf(tf, 'Conv3D', params.attrs as unknown as Conv3DAttrs, x.shape, filter.shape);
        return isNothing(info) ? newZeros(kernelCaller(tf, params.backend), info.outShape) : stock(params);
      },
    },
    {
      kernelName: 'Conv3DBackpropFilterV2',
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
        const given = attrs as unknown as Conv3DBackpropFilterV2Attrs;
        checkFloats('Conv3DBackpropFilterV2', { x, dy });
        const info = infoOf(tf, 'Conv3DBackpropFilterV2', given, x.shape, given.filterShape);
        checkGradient(tf, 'Conv3DBackpropFilterV2', dy, info.outShape);
        const caller = kernelCaller(tf, backend);
        const strides = [info.strideHeight, info.strideWidth];
        const gradient = { ...PLANES, strides, filterShape: given.filterShape.slice(1) };
        return newSum(caller, given.filterShape, (dw) => {
          for (const { tap, planes } of tapsOf(info)) {
            withTemporary(caller, (keep) => {
              const input = keep(paddedPlanes(caller, info, x, planes));
              const output = keep(outputPlanes(caller, info, dy, planes));
              const slice = keep(caller.call('Conv2DBackpropFilter', { x: input, dy: output }, gradient));
              const values = caller.heap.typedArrayFromHeap(slice);
              caller.heap.typedArrayFromHeap(dw).set(values, tap * values.length);
            });
          }
        });
      },
    },
    {
      kernelName: 'Conv3DBackpropInputV2',
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo };
        const given = attrs as unknown as Conv3DBackpropInputV2Attrs;
        checkFloats('Conv3DBackpropInputV2', { dy, filter });
        const info = infoOf(tf, 'Conv3DBackpropInputV2', given, given.inputShape, filter.shape);
        checkGradient(tf, 'Conv3DBackpropInputV2', dy, info.outShape);
        const caller = kernelCaller(tf, backend);
        const tapShape = filter.shape.slice(1);
        const tapSize = tf.util.sizeFromShape(tapShape);
        const strides = [info.strideHeight, info.strideWidth];
        return newSum(caller, given.inputShape, (dx) => {
          for (const { tap, planes } of tapsOf(info)) {
            withTemporary(caller, (keep) => {
              const output = keep(outputPlanes(caller, info, dy, planes));
              const copyTap = (_: number, tensor: TensorInfo) => {
                const all = caller.heap.typedArrayFromHeap(filter);
                caller.heap.typedArrayFromHeap(tensor).set(all.subarray(tap * tapSize, (tap + 1) * tapSize));
              };
              const weights = keep(newTensor(caller, tapShape, copyTap));
              const inputShape = [planes.length, ...paddedPlane(info), info.inChannels];
              const attributes = { ...PLANES, strides, inputShape };
              const gradient = keep(caller.call('Conv2DBackpropInput', { dy: output, filter: weights }, attributes));
              const [from, to] = [caller.heap.typedArrayFromHeap(gradient), caller.heap.typedArrayFromHeap(dx)];
              eachLine(info, planes, (inside, padded, length) => {
                for (let index = 0; index < length; index++) {
                  to[inside + index] = (to[inside + index] as number) + (from[padded + index] as number);
                }
              });
            });
          }
        });
      },
    },
  ];
}

/** @throws Error where no convolution has these shapes: ranks, channels, fractions, negative sizes */
function infoOf(
  tf: Tf,
  kernel: string,
  { strides, pad, ...attrs }: Pick<Conv3DAttrs, 'strides' | 'pad'> & { readonly dilations?: Conv3DAttrs['dilations'] },
  input: readonly number[],
  filter: readonly number[],
): Conv3DInfo {
  if (input.length !== 5 || filter.length !== 5 || input[4] !== filter[3]) {
    throw new Error(`${kernel}: a filter ${shapeName(filter)} does not fit the volumes ${shapeName(input)}`);
  }
  const info = tf.backend_util.computeConv3DInfo(input as never, filter as never, strides, attrs.dilations ?? 1, pad);
  checkWhole(`${kernel}: strides`, [info.strideDepth, info.strideHeight, info.strideWidth], 1);
  checkWhole(`${kernel}: dilations`, [info.dilationDepth, info.dilationHeight, info.dilationWidth], 1);
  checkWhole(`${kernel}: the shape of the output`, info.outShape, 0);
  return info;
}

function isNothing({ inShape, outShape, filterShape }: Conv3DInfo): boolean {
  return [...inShape, ...outShape, ...filterShape].includes(0);
}

/** A plane of the input and that plane of the output which a depth of the filter makes of it, as indices over the batch. */
interface PlanePair {
  readonly input: number;
  readonly output: number;
}

/** For each depth of the filter the planes that it sees, none of them padding. Gradients have no dilation in tfjs. */
function tapsOf(info: Conv3DInfo): { tap: number; planes: PlanePair[] }[] {
  if (isNothing(info)) return [];
  const taps = Array.from({ length: info.filterDepth }, (_, tap) => {
    const planes: PlanePair[] = [];
    for (let image = 0; image < info.batchSize; image++) {
      for (let plane = 0; plane < info.outDepth; plane++) {
        const input = plane * info.strideDepth + tap - info.padInfo.front;
        if (input < 0 || input >= info.inDepth) continue;
        planes.push({ input: image * info.inDepth + input, output: image * info.outDepth + plane });
      }
    }
    return { tap, planes };
  });
  return taps.filter(({ planes }) => planes.length > 0);
}

/** Lines and columns that the windows cover, padding and all. */
function paddedPlane(info: Conv3DInfo): [number, number] {
  return [
    (info.outHeight - 1) * info.strideHeight + info.filterHeight,
    (info.outWidth - 1) * info.strideWidth + info.filterWidth,
  ];
}

/** Lines of the planes of the input, and where they lie in planes with their padding, which may cut them off. */
function eachLine(
  info: Conv3DInfo,
  planes: readonly PlanePair[],
  visit: (inside: number, padded: number, length: number) => void,
): void {
  const { inHeight, inWidth, inChannels, padInfo } = info;
  const [tall, wide] = paddedPlane(info);
  const left = Math.max(0, -padInfo.left);
  const right = Math.min(inWidth, wide - padInfo.left);
  if (right <= left) return;
  for (const [index, { input }] of planes.entries()) {
    for (let line = Math.max(0, -padInfo.top); line < Math.min(inHeight, tall - padInfo.top); line++) {
      visit(
        ((input * inHeight + line) * inWidth + left) * inChannels,
        ((index * tall + line + padInfo.top) * wide + left + padInfo.left) * inChannels,
        (right - left) * inChannels,
      );
    }
  }
}

function paddedPlanes(caller: KernelCaller, info: Conv3DInfo, x: TensorInfo, planes: readonly PlanePair[]): TensorInfo {
  const padded = newZeros(caller, [planes.length, ...paddedPlane(info), info.inChannels]);
  const [from, to] = [caller.heap.typedArrayFromHeap(x), caller.heap.typedArrayFromHeap(padded)];
  eachLine(info, planes, (inside, at, length) => to.set(from.subarray(inside, inside + length), at));
  return padded;
}

function outputPlanes(
  caller: KernelCaller,
  info: Conv3DInfo,
  dy: TensorInfo,
  planes: readonly PlanePair[],
): TensorInfo {
  const { outHeight, outWidth, outChannels } = info;
  return newTensor(caller, [planes.length, outHeight, outWidth, outChannels], (_, tensor) => {
    const [from, to] = [caller.heap.typedArrayFromHeap(dy), caller.heap.typedArrayFromHeap(tensor)];
    const plane = outHeight * outWidth * outChannels;
    for (const [index, { output }] of planes.entries()) {
      to.set(from.subarray(output * plane, (output + 1) * plane), index * plane);
    }
  });
}
