import type { Initialisation } from '../core/experiment.js';
import { sizeOfScheme } from '../core/initialisation.js';
import type { ModelSpec } from '../core/model.js';
import type { RandomStream } from '../core/random.js';
import type { HostTensor } from '../core/tensor.js';
import { sizeOf, type Kind, type TensorSpec } from '../model/layers/effect.js';
import { evaluationOrder, type EvaluatedLayer } from '../model/summary.js';
import { normal, orthogonal, truncatedNormal } from './distributions.js';

/** A tensor of a layer. */
export interface LayerTensor extends HostTensor {
  /** `kernel`, `bias`. */
  readonly part: string;
  /** Whether a step changes it; running means and variances are not trained. */
  readonly trained: boolean;
}

/** Start weights of one layer, drawn on the host so that every backend starts from the same bits. */
export interface LayerWeights {
  readonly layer: string;
  /** In the order of tf.layers. Dense: kernel [fanIn, units], bias [units]. Convolution: kernel [kernel, kernel, channels, filters]. */
  readonly tensors: readonly LayerTensor[];
}

/** In the order of tf.layers. */
export function tensorsOf({ tensors }: LayerWeights): HostTensor[] {
  return tensors.map(({ shape, values }) => ({ shape, values }));
}

/** Names of the tensors of `tensorsOf` for all layers, e.g. `conv1.kernel`. @param separator of layer and part */
export function weightNames(start: readonly LayerWeights[], separator: string): string[] {
  return start.flatMap(({ layer, tensors }) => tensors.map(({ part }) => `${layer}${separator}${part}`));
}

/** The layers with those of their tensors that are trained. */
export function trainedOnly(start: readonly LayerWeights[]): LayerWeights[] {
  return start.map(({ layer, tensors }) => ({ layer, tensors: tensors.filter(({ trained }) => trained) }));
}

/**
 * Draws the start weights of a model, layer by layer in the order of evaluation, tensor by tensor in the order of tf.layers, in
 * row-major order of their shapes. What each scheme draws: see `initialisationSchema`.
 */
export function initialWeights(model: ModelSpec, scheme: Initialisation, stream: RandomStream): LayerWeights[] {
  return keptLayers(model).map(({ summary, layer, tensors }) => ({
    layer: summary.name,
    tensors: tensors.map((tensor) => {
      const { part, shape, role } = tensor;
      const values = valuesOf(layer.kind as Kind, tensors, tensor, scheme, stream);
      return { part, trained: role !== 'statistic', shape: [...shape], values };
    }),
  }));
}

/** Names and shapes of the tensors of `initialWeights`, e.g. `conv1.kernel`, in the order of tf.layers. */
export function weightShapes(
  model: ModelSpec,
): { readonly name: string; readonly shape: readonly number[]; readonly trained: boolean }[] {
  return keptLayers(model).flatMap(({ summary, tensors }) =>
    tensors.map(({ part, shape, role }) => ({ name: `${summary.name}.${part}`, shape, trained: role !== 'statistic' })),
  );
}

/** The layers that keep tensors. */
function keptLayers(model: ModelSpec): EvaluatedLayer[] {
  return evaluationOrder(model).filter(({ tensors }) => tensors.length > 0);
}

const RECURRENT: readonly Kind[] = ['simple-rnn', 'lstm', 'gru'];

function valuesOf(
  kind: Kind,
  all: readonly TensorSpec[],
  tensor: TensorSpec,
  scheme: Initialisation,
  stream: RandomStream,
): Float32Array {
  const { part, shape, role } = tensor;
  const size = sizeOf(shape);
  const values = new Float32Array(size);
  if (part === 'gamma' || part === 'moving_variance') return values.fill(1);
  if (part === 'beta' || role === 'statistic') return values;
  const fill = (draw: () => number) => {
    for (let index = 0; index < size; index++) values[index] = draw();
    return values;
  };
  const uniform = (limit: number) => fill(() => (2 * stream() - 1) * limit);
  if (scheme === 'pytorch-default') {
    if (kind === 'embedding') return fill(() => normal(stream));
    if (RECURRENT.includes(kind)) return uniform(1 / Math.sqrt(unitsOf(all)));
    // Of the biases, those of the kernel before them.
    const kernel = role === 'bias' ? (all.at(-2) as TensorSpec) : tensor;
    return uniform(1 / Math.sqrt(fansOf(kind, kernel, 'pytorch').fanIn));
  }
  if (role === 'bias') {
    if (scheme === 'keras-default' && kind === 'lstm') values.fill(1, unitsOf(all), 2 * unitsOf(all));
    return values;
  }
  const keras = fansOf(kind, tensor, 'keras');
  const pytorch = fansOf(kind, tensor, 'pytorch');
  const glorot = () => uniform(Math.sqrt(6 / (keras.fanIn + keras.fanOut)));
  const cutOff = (variance: number) => fill(() => truncatedNormal(stream) * (Math.sqrt(variance) / CUT_OFF_DEVIATION));
  switch (scheme) {
    case 'keras-default':
      if (kind === 'embedding') return uniform(0.05);
      return part === 'recurrent_kernel' ? values.fill(0).map(valueOf(orthogonal(shape, stream))) : glorot();
    case 'glorot-uniform':
      return glorot();
    case 'glorot-normal':
      return cutOff(2 / (keras.fanIn + keras.fanOut));
    case 'he-normal':
      return cutOff(2 / keras.fanIn);
    case 'lecun-uniform':
      return uniform(Math.sqrt(3 / keras.fanIn));
    case 'lecun-normal':
      return cutOff(1 / keras.fanIn);
    case 'he-uniform':
      return uniform(Math.sqrt(6 / pytorch.fanIn));
    case 'xavier-uniform':
      return uniform(Math.sqrt(6 / (pytorch.fanIn + pytorch.fanOut)));
    case 'xavier-normal':
      return fill(() => normal(stream) * Math.sqrt(2 / (pytorch.fanIn + pytorch.fanOut)));
    case 'kaiming-normal':
      return fill(() => normal(stream) * Math.sqrt(2 / pytorch.fanIn));
    case 'zeros':
      return values;
    default: {
      const number = sizeOfScheme(scheme);
      return scheme.startsWith('normal') ? fill(() => normal(stream) * number) : uniform(number);
    }
  }
}

/** Standard deviation of a standard normal distribution that is cut off at two of them (keras.initializers.VarianceScaling). */
const CUT_OFF_DEVIATION = 0.87962566103423978;

function valueOf(values: readonly number[]): (value: number, index: number) => number {
  return (_, index) => values[index] as number;
}

/** Units of a recurrent layer: rows of its recurrent kernel. */
function unitsOf(tensors: readonly TensorSpec[]): number {
  return tensors.find(({ part }) => part === 'recurrent_kernel')?.shape[0] as number;
}

/**
 * Inputs and outputs of each place of a kernel, as Keras (compute_fans) and PyTorch (_calculate_fan_in_and_fan_out) count them:
 * the same but for depthwise kernels, which Keras counts as if each output had all channels.
 */
function fansOf(
  kind: Kind,
  { part, shape }: TensorSpec,
  framework: 'keras' | 'pytorch',
): { readonly fanIn: number; readonly fanOut: number } {
  const field = sizeOf(shape.slice(0, -2));
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  if (part === 'depthwise_kernel' && framework === 'pytorch') return { fanIn: field, fanOut: field * inputs * outputs };
  return { fanIn: field * inputs, fanOut: field * outputs };
}
