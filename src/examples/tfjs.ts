import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Tf } from '../backends/tfjs.js';
import type { TfLayers } from '../backends/tfjs-layers.js';
import type { Values } from '../core/operation.js';
import type { LayerQuestion, Primitives, VectorFunction } from './primitives.js';

const VECTOR_FUNCTIONS: Readonly<Record<VectorFunction, (tf: Tf) => (input: Tensor1D) => Tensor>> = {
  sigmoid: (tf) => tf.sigmoid,
  tanh: (tf) => tf.tanh,
  softmax: (tf) => tf.softmax,
  'log-softmax': (tf) => tf.logSoftmax,
  log: (tf) => tf.log,
};

/** The primitives as tfjs computes them on its current backend. */
export function tfjsPrimitives(tf: Tf, { input, layers }: TfLayers): Primitives {
  const tensor4d = ({ shape, values }: Values) =>
    tf.tensor4d([...values], [...shape] as [number, number, number, number]);
  const matrix = ({ shape, values }: Values) => tf.tensor2d([...values], [...shape] as [number, number]);

  /** Runs an operation, reads its result and leaves no tensor behind. */
  const read = async (compute: () => Tensor): Promise<Values> => {
    const result = tf.tidy(compute);
    try {
      return { shape: [...result.shape], values: [...(await result.data())] };
    } finally {
      result.dispose();
    }
  };

  return {
    conv2d: (input, filter, { stride, padding, dilation }) =>
      read(() => tf.conv2d(tensor4d(input), tensor4d(filter), stride, padding, 'NHWC', dilation, 'floor')),
    conv2dTranspose: (output, filter, inputShape, { stride, padding }) =>
      read(() =>
        tf.conv2dTranspose(
          tensor4d(output),
          tensor4d(filter),
          [...inputShape] as [number, number, number, number],
          stride,
          padding,
        ),
      ),
    pool: (kind, input, { size, stride }) =>
      read((): Tensor4D => {
        const pool = kind === 'max' ? tf.maxPool : tf.avgPool;
        return pool(tensor4d(input), size, stride, 'valid');
      }),
    addBias: (input, bias) => read(() => tf.add(tensor4d(input), tf.tensor1d([...bias]))),
    matMul: (left, right) => read(() => tf.matMul(matrix(left), matrix(right))),
    async dense(image, weights, bias) {
      const [inputs = 0, units = 0] = weights.shape;
      const layer = layers.dense({ units });
      layer.apply(input({ shape: [inputs] })); // Builds it; one that was not used cannot be disposed of.
      tf.tidy(() => layer.setWeights([matrix(weights), tf.tensor1d([...bias])]));
      try {
        return await read(() => layer.apply(matrix(image)) as Tensor);
      } finally {
        layer.dispose();
      }
    },
    relu: (input) => read(() => tf.relu(tf.tensor([...input.values], [...input.shape]))),
    apply: (what, { values }) => read(() => VECTOR_FUNCTIONS[what](tf)(tf.tensor1d([...values]))),
    layer(question) {
      const { layer, shape: inputShape } = built(question);
      const { shape: outputShape } = layer.apply(input({ shape: inputShape })) as SymbolicTensor;
      const [weights = 0, biases = 0] = layer.weights.map(({ shape }) =>
        shape.reduce<number>((product, length) => product * (length ?? 1), 1),
      );
      layer.dispose();
      return { outputs: outputShape.at(-1) ?? 0, weights, biases };
    },
  };

  function built(question: LayerQuestion) {
    switch (question.kind) {
      case 'conv2d': {
        const { kernel, filters, channels } = question;
        return { layer: layers.conv2d({ kernelSize: kernel, filters }), shape: [kernel, kernel, channels] };
      }
      case 'dense':
        return { layer: layers.dense({ units: question.units }), shape: [question.inputs] };
      case 'max-pool':
      case 'average-pool': {
        const { size, channels } = question;
        const pool = question.kind === 'max-pool' ? layers.maxPooling2d : layers.averagePooling2d;
        return { layer: pool({ poolSize: size, strides: size }), shape: [2 * size, 2 * size, channels] };
      }
    }
  }
}
