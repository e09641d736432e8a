import type { Tf } from '../backends/tfjs.js';
import type { LayerSpec, ModelSpec } from '../core/model.js';
import { evaluationOrder, type EvaluatedLayer } from '../model/summary.js';

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

const CONVOLUTION = ['Conv2DBackpropInput', 'Conv2DBackpropFilter'] as const;
const DEPTHWISE = [
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
] as const;
const ROOM = ['PadV2', 'Slice'] as const;
const PARTS = ['SplitV', 'Concat'] as const;
/** Of a layer on a sequence, which becomes an image of one row. */
const ROW = ['ExpandDims', 'Transpose'] as const;
const CHOICE = ['Greater', 'Select'] as const;
const RECURRENT = [...ROOM, ...PARTS, 'Tanh', 'Transpose'] as const;

/** Kernels that a layer adds to those of the loop, forward and backward, as tf.layers 4.22 and our own layers run them. */
const OF_LAYER: Readonly<Record<LayerSpec['kind'], readonly string[]>> = {
  flatten: [],
  reshape: [],
  rescaling: [],
  dense: ['_FusedMatMul', 'BatchMatMul'],
  conv1d: ['Conv2D', ...CONVOLUTION, ...ROW],
  conv2d: ['FusedConv2D', ...CONVOLUTION],
  'conv2d-transpose': ['Conv2D', ...CONVOLUTION, ...ROOM],
  'depthwise-conv2d': [...DEPTHWISE, 'GatherV2', 'Transpose', 'UnsortedSegmentSum'],
  'separable-conv2d': ['Conv2D', ...CONVOLUTION, ...DEPTHWISE, 'GatherV2', 'Transpose', 'UnsortedSegmentSum'],
  'max-pool': ['MaxPool', 'MaxPoolGrad'],
  'average-pool': ['AvgPool', 'AvgPoolGrad'],
  'max-pool1d': ['MaxPool', 'MaxPoolGrad', ...ROW],
  'average-pool1d': ['AvgPool', 'AvgPoolGrad', ...ROW],
  'global-average-pool': ['Mean'],
  'global-max-pool': ['MaxPool', 'MaxPoolGrad'],
  'global-average-pool1d': ['Mean', 'Transpose'],
  'global-max-pool1d': ['MaxPool', 'MaxPoolGrad', ...ROW],
  'batch-norm': ['Mean'],
  'layer-norm': ['Mean'],
  relu: ['Relu', 'Step'],
  sigmoid: ['Sigmoid'],
  tanh: ['Tanh'],
  softmax: ['Softmax'],
  'log-softmax': [],
  relu6: ['LessEqual', 'Relu6', 'Step'],
  selu: [...CHOICE, 'Selu'],
  silu: ['Sigmoid'],
  softplus: ['Sigmoid', 'Softplus'],
  'leaky-relu': [...CHOICE, 'LeakyRelu'],
  elu: ['Elu', 'EluGrad', 'Relu', 'Step'],
  gelu: ['Erf', 'Tanh'],
  dropout: [],
  'zero-padding': ROOM,
  'zero-padding1d': ROOM,
  upsampling: ['BatchMatMul'],
  upsampling1d: [],
  embedding: ['GatherV2', 'Transpose', 'UnsortedSegmentSum'],
  'simple-rnn': ['BatchMatMul', ...RECURRENT],
  lstm: ['BatchMatMul', 'Sigmoid', ...RECURRENT],
  gru: ['BatchMatMul', 'Sigmoid', ...RECURRENT],
  add: [],
  concat: PARTS,
};

/**
 * Names of the tfjs kernels that training a model takes, forward and backward passes, sorted; of layers with many options, those
 * that it may take. A test holds the list to what tfjs runs.
 */
export function kernelsForTraining(model: ModelSpec): string[] {
  return [...new Set([...LOOP, ...evaluationOrder(model).flatMap(kernelsOfLayer)])].toSorted();
}

function kernelsOfLayer({ layer, summary }: EvaluatedLayer): readonly string[] {
  const kernels = OF_LAYER[layer.kind];
  // Padding in pixels is a layer of its own unless tf.layers' `same` is the same.
  const isPadded = 'padding' in layer && layer.padding !== undefined && layer.padding !== 0;
  const isSpread = 'dilation' in layer && layer.dilation !== undefined && layer.dilation !== 1;
  const isGrouped = 'groups' in layer && layer.groups !== undefined && layer.groups > 1;
  return [
    ...kernels,
    ...(layer.kind === 'dense' && summary.inputShape.length > 1 ? ['Transpose'] : []),
    ...(isPadded || isSpread ? ROOM : []),
    ...(isSpread || isGrouped ? ['Conv2D'] : []),
    ...(isGrouped ? [...PARTS, ...DEPTHWISE] : []),
  ];
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
