import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerOf } from '../../model/layers/effect.js';
import { ownLayer, type KeptTensor, type Layer } from './own-layer.js';
import type { Place } from './place.js';

const KERAS = { momentum: 0.99, epsilon: 1e-3 };
const PYTORCH = { momentum: 0.1, epsilon: 1e-5 };

/** (x - mean) / sqrt(variance + epsilon) scale + shift */
function normalise(
  { tf }: Place,
  x: Tensor,
  mean: Tensor,
  variance: Tensor,
  epsilon: number,
  kept: readonly KeptTensor[],
) {
  const [scale, shift] = kept as [KeptTensor, KeptTensor];
  const deviation = tf.sqrt(tf.add(variance, epsilon));
  return tf.add<Tensor>(tf.mul(tf.div(tf.sub(x, mean), deviation), scale.read()), shift.read());
}

/** Mean and population variance, their axes kept. */
function momentsOf({ tf }: Place, x: Tensor, axes: number[]): { mean: Tensor; variance: Tensor } {
  const mean = tf.mean<Tensor>(x, axes, true);
  return { mean, variance: tf.mean(tf.square(tf.sub(x, mean)), axes, true) };
}

export function buildBatchNorm(place: Place, layer: LayerOf<'batch-norm'>): Layer {
  const { backend, tf, own } = place;
  const { convention = 'keras' } = layer;
  const { momentum, epsilon } = { ...(convention === 'keras' ? KERAS : PYTORCH), ...defined(layer) };
  const kept = convention === 'keras' ? momentum : 1 - momentum;
  return ownLayer(backend, {
    ...own('BatchNormalization'),
    compute(x, tensors, training) {
      const [, , runningMean, runningVariance] = tensors as [KeptTensor, KeptTensor, KeptTensor, KeptTensor];
      if (!training) return normalise(place, x, runningMean.read(), runningVariance.read(), epsilon, tensors);
      const { mean, variance } = momentsOf(place, x, [...x.shape.slice(0, -1).keys()]);
      const values = x.size / (x.shape.at(-1) as number);
      const unbiased = convention === 'pytorch' && values > 1 ? values / (values - 1) : 1;
      const average = (running: KeptTensor, now: Tensor) => {
        const flat = tf.reshape(now, [-1]);
        running.write(tf.add(tf.mul(running.read(), kept), tf.mul(flat, 1 - kept)));
      };
      tf.tidy(() => {
        average(runningMean, mean);
        average(runningVariance, tf.mul(variance, unbiased));
      });
      return normalise(place, x, mean, variance, epsilon, tensors);
    },
  });
}

function defined({ momentum, epsilon }: LayerOf<'batch-norm'>) {
  return { ...(momentum !== undefined && { momentum }), ...(epsilon !== undefined && { epsilon }) };
}

export function buildLayerNorm(place: Place, { epsilon = KERAS.epsilon }: LayerOf<'layer-norm'>): Layer {
  return ownLayer(place.backend, {
    ...place.own('LayerNormalization'),
    compute(x, tensors) {
      const { mean, variance } = momentsOf(place, x, [x.rank - 1]);
      return normalise(place, x, mean, variance, epsilon, tensors);
    },
  });
}
