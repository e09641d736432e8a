import type { AvgPoolAttrs, KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../../tfjs.js';
import { kernelCaller, newTensor, newZeros, type KernelCaller } from './call.js';
import { checkFloats, checkGradient } from './checks.js';
import { forwardPool, imagePooling, volumePooling, type Pooling } from './pooling.js';
import { eachCovered } from './windows.js';

/**
 * Average pooling, whose windows are divided by what they cover of the input, forward as in tfjs, and so in both gradients: tfjs's own,
 * on every backend, divide by the whole window, wrongly where that reaches into the padding. Those of tfjs stay for padding given as a list.
 */
export function averagePools(tf: Tf, stock: (name: string) => KernelFunc): KernelConfig[] {
  const gradient = (kernelName: string, poolingFrom: (tf: Tf, shape: readonly number[], attrs: never) => Pooling) => ({
    kernelName,
    backendName: 'wasm',
    kernelFunc: (({ inputs, attrs, backend }) => {
      const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
      checkFloats(kernelName, { dy });
      const { outShape, windows } = poolingFrom(tf, input.shape, attrs as never);
      checkGradient(tf, kernelName, dy, outShape);
      const { depth, height, width, channels } = windows;
      // A list of paddings is divided by the whole window, as one of tfjs-core's own tests wants it.
      const isListed = Array.isArray((attrs as unknown as AvgPoolAttrs).pad);
      const whole = isListed ? depth.window * height.window * width.window : undefined;
      const caller = kernelCaller(tf, backend);
      const dx = newZeros(caller, input.shape);
      const [from, to] = [caller.heap.typedArrayFromHeap(dy), caller.heap.typedArrayFromHeap(dx)];
      eachCovered(windows, (place, window, covered) => {
        const divisor = whole ?? covered;
        for (let channel = 0; channel < channels; channel++) {
          to[place + channel] = (to[place + channel] as number) + (from[window + channel] as number) / divisor;
        }
      });
      return dx;
    }) as KernelFunc,
  });
  return [
    forwardPool(tf, 'AvgPool', stock('AvgPool'), (caller, x, pooling) => averages(tf, caller, x, pooling)),
    gradient('AvgPoolGrad', imagePooling),
    gradient('AvgPool3DGrad', volumePooling),
  ];
}

function averages(tf: Tf, caller: KernelCaller, x: TensorInfo, { outShape, windows }: Pooling): TensorInfo {
  const { channels } = windows;
  const sums = new Float64Array(tf.util.sizeFromShape([...outShape]));
  const counts = new Int32Array(sums.length / channels);
  const from = caller.heap.typedArrayFromHeap(x);
  eachCovered(windows, (place, window, covered) => {
    counts[window / channels] = covered;
    for (let channel = 0; channel < channels; channel++) {
      sums[window + channel] = (sums[window + channel] as number) + (from[place + channel] as number);
    }
  });
  const quotients = sums.map((each, index) => each / (counts[Math.floor(index / channels)] as number));
  return newTensor(caller, outShape, (_, y) => caller.heap.typedArrayFromHeap(y).set(quotients));
}
