import type { Tf } from '../backends/tfjs.js';
import type { LayerSpec, ModelSpec } from '../core/model.js';

/** Kernels of the loop whatever the model: cross entropy and its gradient, Adam, the test after an epoch. */
const LOOP = [
  'Add',
  'ArgMax',
  'Cast',
  'Exp',
  'Identity',
  'Log',
  'Max',
  'Multiply',
  'Neg',
  'RealDiv',
  'Reshape',
  'Sqrt',
  'Square',
  'Sub',
  'Sum',
  'ZerosLike',
] as const;

/** Kernels that a layer adds to those of the loop, forward and backward, as tf.layers 4.22 runs them. */
const OF_LAYER: Readonly<Partial<Record<LayerSpec['kind'], readonly string[]>>> = {
  flatten: [],
  dense: ['_FusedMatMul', 'BatchMatMul'],
  conv2d: ['FusedConv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  'max-pool': ['MaxPool', 'MaxPoolGrad'],
  'average-pool': ['AvgPool', 'AvgPoolGrad'],
  'global-average-pool': ['Mean'],
  relu: ['Relu', 'Step'],
  sigmoid: ['Sigmoid'],
  tanh: ['Tanh'],
  softmax: ['Softmax'],
  dropout: [],
};

/** Padding in pixels is a layer of its own unless tf.layers' `same` is the same. */
const OF_PADDING = ['PadV2', 'Slice'] as const;

/**
 * Names of the tfjs kernels that training a model takes, forward and backward passes, sorted. A test holds the list to
 * what tfjs runs. Throws RangeError for layers that no recipe trains.
 */
export function kernelsForTraining({ id, layers }: ModelSpec): string[] {
  return [...new Set([...LOOP, ...layers.flatMap((layer) => kernelsOfLayer(id, layer))])].toSorted();
}

function kernelsOfLayer(model: string, layer: LayerSpec): readonly string[] {
  const kernels = OF_LAYER[layer.kind];
  if (kernels === undefined) throw new RangeError(`${model}: no training with a layer of kind ${layer.kind}`);
  const padded = 'padding' in layer && layer.padding !== undefined && layer.padding !== 0;
  return [...kernels, ...(padded ? OF_PADDING : [])];
}

/** Kernels that training the model takes and the current backend lacks, sorted. */
export function missingKernels(tf: Tf, model: ModelSpec): string[] {
  const backend = tf.getBackend();
  return kernelsForTraining(model).filter((name) => (tf.getKernel(name, backend) as unknown) === undefined);
}

/** Name of the kernel that tfjs did not find, where an error says so; else nothing. */
export function unregisteredKernel(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const said = /^(?:Kernel '([^']+)' not registered for backend|Cannot find registered kernel '([^']+)' for backend) '/;
  const found = said.exec(error.message);
  return found?.[1] ?? found?.[2];
}
