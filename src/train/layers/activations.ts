import type { Tensor } from '@tensorflow/tfjs-core';
import type { SingleLayer } from '../../core/model.js';
import { ownLayer, type Layer } from './own-layer.js';
import type { Place } from './place.js';

/** Keras's class, and the function, of what tf.layers has not or not exactly. */
function functionOf({ tf }: Place, layer: SingleLayer): readonly [className: string, of: (x: Tensor) => Tensor] {
  switch (layer.kind) {
    case 'log-softmax':
      return ['Activation', (x) => tf.logSoftmax(x)];
    case 'relu6':
      return ['ReLU', (x) => tf.relu6(x)];
    case 'selu':
      return ['Activation', (x) => tf.selu(x)];
    case 'silu':
      return ['Activation', (x) => tf.mul(x, tf.sigmoid(x))];
    case 'softplus':
      return ['Activation', (x) => tf.softplus(x)];
    case 'leaky-relu':
      return ['LeakyReLU', (x) => tf.leakyRelu(x, layer.slope ?? 0.01)];
    case 'elu': {
      const { alpha = 1 } = layer;
      if (alpha === 1) return ['ELU', (x) => tf.elu(x)];
      return [
        'ELU',
        (x) => {
          const positive = tf.relu(x);
          return tf.add(positive, tf.mul(tf.elu(tf.sub<Tensor>(x, positive)), alpha));
        },
      ];
    }
    case 'gelu': {
      // Hendrycks and Gimpel 2016: x times the normal distribution function, or its approximation by a tanh.
      const half = (x: Tensor, part: Tensor) => tf.mul<Tensor>(tf.mul(x, 0.5), tf.add(part, 1));
      if (layer.approximate !== true) return ['Activation', (x) => half(x, tf.erf(tf.mul(x, Math.SQRT1_2)))];
      const cubic = (x: Tensor) => tf.add<Tensor>(x, tf.mul(tf.mul(tf.square(x), x), 0.044715));
      return ['Activation', (x) => half(x, tf.tanh(tf.mul(cubic(x), Math.sqrt(2 / Math.PI))))];
    }
    case 'rescaling': {
      const { scale, offset = 0 } = layer;
      return ['Rescaling', (x) => tf.add(tf.mul(x, scale), offset)];
    }
    default:
      throw new Error(`no function of kind ${layer.kind}`);
  }
}

/** A function of each value, or of all along the last axis. */
export function buildFunction(place: Place, layer: SingleLayer): Layer {
  const [className, of] = functionOf(place, layer);
  return ownLayer(place.backend, { ...place.own(className), compute: (x) => of(x) });
}

/** While training, drops values at random and scales the others by 1 / (1 - rate), so that the mean stays. */
export function buildDropout({ backend, tf, name, masks, own }: Place, rate: number): Layer {
  return ownLayer(backend, {
    ...own('Dropout'),
    compute(x, _, training) {
      if (!training || rate === 0) return x;
      const scale = rate === 1 ? 0 : 1 / (1 - rate);
      const mask = Float32Array.from(masks(name, x.size, rate), (kept) => kept * scale);
      return tf.mul(x, tf.tensor(mask, x.shape));
    },
  });
}
