import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from '../../backends/tfjs.js';
import { perAxis, type LayerOf } from '../../model/layers/effect.js';
import { ownLayer, type Layer } from './own-layer.js';
import type { Place } from './place.js';

export function buildUpsampling(place: Place, layer: LayerOf<'upsampling'>): Layer {
  const { backend, tf, own } = place;
  const { size, interpolation = 'nearest' } = layer;
  const [down, right] = perAxis(size, 2) as [number, number];
  return ownLayer(backend, {
    ...own('UpSampling2D'),
    compute: (x) =>
      interpolation === 'nearest'
        ? repeat(tf, repeat(tf, x, 1, down), 2, right)
        : interpolate(tf, interpolate(tf, x, 1, down), 2, right),
  });
}

export function buildUpsampling1d({ backend, tf, own }: Place, { size }: LayerOf<'upsampling1d'>): Layer {
  return ownLayer(backend, { ...own('UpSampling1D'), compute: (x) => repeat(tf, x, 1, size) });
}

/** Each position of an axis `times` times. As a product with ones, whose gradient every backend has right. */
function repeat(tf: Tf, x: Tensor, axis: number, times: number): Tensor {
  if (times === 1) return x;
  const { shape } = x;
  const [before, behind] = [sizeOf(shape.slice(0, axis + 1)), sizeOf(shape.slice(axis + 1))];
  const repeated: Tensor = tf.mul(tf.reshape(x, [before, 1, behind]), tf.ones([1, times, 1]));
  return tf.reshape(repeated, withLength(shape, axis, (shape[axis] as number) * times));
}

/** Linear interpolation along an axis, a product with the matrix of its coefficients. */
function interpolate(tf: Tf, x: Tensor, axis: number, times: number): Tensor {
  if (times === 1) return x;
  const { shape } = x;
  const length = shape[axis] as number;
  const [before, behind] = [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis + 1))];
  const coefficients = tf.tensor3d([interpolation(length, times)]);
  const result = tf.matMul(coefficients, tf.reshape(x, [before, length, behind]));
  return tf.reshape(result, withLength(shape, axis, length * times));
}

/**
 * Coefficients of the old positions in each new one: the new position's centre lies between those of two old ones, or beyond the
 * first or last one.
 */
function interpolation(length: number, times: number): number[][] {
  return Array.from({ length: length * times }, (_, position) => {
    const place = Math.min(Math.max((position + 0.5) / times - 0.5, 0), length - 1);
    const first = Math.floor(place);
    const row = Array<number>(length).fill(0);
    row[first] = 1 - (place - first);
    if (first + 1 < length) row[first + 1] = place - first;
    return row;
  });
}

function withLength(shape: readonly number[], axis: number, length: number): number[] {
  return shape.map((each, index) => (index === axis ? length : each));
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
