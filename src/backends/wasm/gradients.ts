import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../tfjs.js';

/** Methods of tensors that tfjs-layers and tfjs's gradients call, and that tfjs-core does not have in Node. */
const METHODS = ['flatten', 'reshape', 'sign', 'slice', 'split', 'stridedSlice', 'transpose'] as const;

/** What is compared or counted changes in steps: its derivative is zero. */
const STEPS = ['Any', 'Greater', 'NotEqual'];

/** Kernels with a list of outputs, whose gradients in tfjs fail where the list has one entry: a recurrent layer of one time step. */
const LISTS = ['SplitV', 'Unpack'];

/** Gradients that are mended already. */
const MENDED = new WeakSet<GradConfig>();

/**
 * What tfjs-layers needs to train all of its layers and Node's build of tfjs-core leaves out: gradients, of which tfjs-layers brings most
 * (those of tfjs-core's own files cannot be loaded in Node), and methods of tensors. What is there and right stays.
 */
export async function registerGradients(tf: Tf): Promise<void> {
  const has = (kernel: string) => (tf.getGradient(kernel) as GradConfig | undefined) !== undefined;
  if (!has('Sum')) await import('@tensorflow/tfjs-layers');
  for (const kernelName of STEPS) if (!has(kernelName)) tf.registerGradient(step(tf, kernelName));
  if (!has('Conv3DBackpropInputV2')) tf.registerGradient(convolution3dTransposed(tf));
  for (const kernelName of LISTS) mendListOfOne(tf, kernelName);
  addMethods(tf);
}

function step(tf: Tf, kernelName: string): GradConfig {
  const names = kernelName === 'Any' ? ['x'] : ['a', 'b'];
  return {
    kernelName,
    inputsToSave: names,
    gradFunc: (_, saved) =>
      Object.fromEntries(names.map((name, index) => [name, () => tf.zeros((saved[index] as Tensor).shape)])),
  };
}

/** tfjs's gradient asks for a list of gradients, but is given the only one itself. */
function mendListOfOne(tf: Tf, kernelName: string): void {
  const config = tf.getGradient(kernelName);
  if (MENDED.has(config)) return;
  const mended: GradConfig = {
    ...config,
    gradFunc: (dy, saved, attrs) => config.gradFunc(Array.isArray(dy) ? dy : [dy], saved, attrs),
  };
  MENDED.add(mended);
  tf.unregisterGradient(kernelName);
  tf.registerGradient(mended);
}

/** Of the layer Conv3DTranspose: dy [N,Do,Ho,Wo,K] and filter -> dx, linear in both. */
function convolution3dTransposed(tf: Tf): GradConfig {
  return {
    kernelName: 'Conv3DBackpropInputV2',
    inputsToSave: ['dy', 'filter'],
    gradFunc: (upstream, saved, attrs) => {
      const [dy, filter] = saved as [Tensor, Tensor];
      const { strides, pad } = attrs as { strides: NamedAttrMap[string]; pad: NamedAttrMap[string] };
      const x = upstream as Tensor;
      const forward = { strides, pad, dataFormat: 'NDHWC', dilations: [1, 1, 1] };
      return {
        dy: () => tf.engine().runKernel<Tensor>('Conv3D', { x, filter }, forward),
        filter: () =>
          tf
            .engine()
            .runKernel<Tensor>('Conv3DBackpropFilterV2', { x, dy }, { strides, pad, filterShape: filter.shape }),
      };
    },
  };
}

/** As `@tensorflow/tfjs` adds them: a function of tfjs with the tensor as its first argument. */
function addMethods(tf: Tf): void {
  const prototype = tf.Tensor.prototype as unknown as Record<string, unknown>;
  const functions = tf as unknown as Record<string, (x: Tensor, ...rest: unknown[]) => unknown>;
  for (const name of METHODS) {
    if (name in prototype) continue;
    prototype[name] = function (this: Tensor, ...rest: unknown[]) {
      this.throwIfDisposed();
      return name === 'flatten' ? tf.reshape(this, [this.size]) : functions[name]?.(this, ...rest);
    };
  }
}
