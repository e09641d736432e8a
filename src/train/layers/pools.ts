import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerOf } from '../../model/layers/effect.js';
import { slidePool } from '../../model/layers/pools.js';
import type { Margin, Sliding } from '../../model/layers/windows.js';
import { padPositions } from './convolve.js';
import { ownLayer, type Layer } from './own-layer.js';
import { PADDING_SUFFIX, type Place } from './place.js';

type PoolSpec = LayerOf<'max-pool' | 'average-pool' | 'max-pool1d' | 'average-pool1d'>;

/** Below what any value is: a maximum does not see it. */
const LOWEST = -3.4028234663852886e38;

/** Layers of a pooling with any padding: room around the image where tf.layers has no padding like it, then the pooling. */
export function buildPool(place: Place, layer: PoolSpec): Layer[] {
  const { input } = place;
  const rank = layer.kind.endsWith('1d') ? 1 : 2;
  const isMaximum = layer.kind.startsWith('max');
  const window = slidePool(layer, input, rank);
  const room = window.positions.map((positions, axis): Margin => {
    const [before, behind] = window.margins[axis] as Margin;
    if (layer.padding === 'same') return [before, behind];
    const covered = (positions - 1) * (window.stride[axis] as number) + (window.size[axis] as number);
    return [before, Math.max(0, covered - (input[axis] as number) - before)];
  });
  if (room.every(([before, behind]) => before + behind === 0)) return [stock(place, layer, window, 'valid')];
  if (isMaximum) {
    if (window.positions.every((positions, axis) => isSame(window, room, positions, input[axis] as number, axis))) {
      return [stock(place, layer, window, 'same')];
    }
    return [makeRoom(place, room, LOWEST), stock(place, layer, window, 'valid')];
  }
  if (layer.padding === 'same') return [averageWithoutPadding(place, window, room, rank)];
  return [makeRoom(place, room, 0), stock(place, layer, window, 'valid')];
}

/** Whether tf.layers' `same` puts the same windows in the same places. */
function isSame({ size, stride }: Sliding, room: readonly Margin[], positions: number, length: number, axis: number) {
  const step = stride[axis] as number;
  const total = Math.max(0, (Math.ceil(length / step) - 1) * step + (size[axis] as number) - length);
  const [before, behind] = room[axis] as Margin;
  return positions === Math.ceil(length / step) && before === Math.floor(total / 2) && before + behind === total;
}

function stock(
  { backend, name }: Place,
  { kind }: PoolSpec,
  { size, stride }: Sliding,
  padding: 'valid' | 'same',
): Layer {
  const { layers } = backend.layers;
  const pool = { name, padding, poolSize: [...size], strides: [...stride] };
  const pool1d = { ...pool, poolSize: pool.poolSize as [number], strides: pool.strides as [number] };
  const pool2d = { ...pool, poolSize: pool.poolSize as [number, number], strides: pool.strides as [number, number] };
  switch (kind) {
    case 'max-pool':
      return layers.maxPooling2d(pool2d);
    case 'average-pool':
      return layers.averagePooling2d(pool2d);
    case 'max-pool1d':
      return layers.maxPooling1d(pool1d);
    case 'average-pool1d':
      return layers.averagePooling1d(pool1d);
  }
}

/** @param value of what is added: zeros for averages, and for maxima less than any value */
export function makeRoom({ backend, tf, name, input }: Place, margins: readonly Margin[], value: number): Layer {
  const outputShape = input.map((length, axis) => length + sum(margins[axis]));
  const padding = margins.map((margin) => [...margin]);
  return ownLayer(backend, {
    ...{
      name: `${name}${PADDING_SUFFIX}`,
      className: `ZeroPadding${margins.length}D`,
      outputShape,
      config: { padding },
    },
    compute: (x) => padPositions(tf, x, margins, value),
  });
}

function sum(margin: Margin | undefined): number {
  return margin === undefined ? 0 : margin[0] + margin[1];
}

/** Averages of what is under the window, the padding left out: tfjs's own has a wrong gradient in JavaScript. */
function averageWithoutPadding(place: Place, window: Sliding, room: readonly Margin[], rank: number): Layer {
  const { backend, tf, input, own } = place;
  const all = window.size.reduce((product, length) => product * length, 1);
  const counts = window.positions.map((positions, axis) =>
    Array.from({ length: positions }, (_, position) => {
      const start = position * (window.stride[axis] as number) - (room[axis] as Margin)[0];
      const end = Math.min(start + (window.size[axis] as number), input[axis] as number);
      return end - Math.max(0, start);
    }),
  );
  const [rows, columns] = rank === 1 ? [[1], counts[0] as number[]] : (counts as [number[], number[]]);
  const factors = rows.map((down) => columns.map((right) => [all / (down * right)]));
  const pair = (values: readonly number[]) => (rank === 1 ? [1, ...values] : [...values]) as [number, number];
  return ownLayer(backend, {
    ...own(rank === 1 ? 'AveragePooling1D' : 'AveragePooling2D'),
    compute(x) {
      const padded = padPositions(tf, x, room);
      const image = rank === 1 ? tf.expandDims(padded, 1) : padded;
      const sums = tf.avgPool(image as Tensor4D, pair(window.size), pair(window.stride), 'valid');
      const means: Tensor = tf.mul(sums, tf.tensor3d(factors));
      return rank === 1 ? tf.squeeze(means, [1]) : means;
    },
  });
}

/** Mean or largest value over all positions; of equal ones, the first. */
export function buildGlobalPool(place: Place, kind: LayerOf<'global-max-pool'>['kind']): Layer {
  const { backend, tf, name, own } = place;
  const { layers } = backend.layers;
  switch (kind) {
    case 'global-average-pool':
      return layers.globalAveragePooling2d({ name });
    case 'global-average-pool1d':
      return layers.globalAveragePooling1d({ name });
    case 'global-max-pool':
    case 'global-max-pool1d':
      return ownLayer(backend, {
        ...own(kind === 'global-max-pool' ? 'GlobalMaxPooling2D' : 'GlobalMaxPooling1D'),
        compute(x) {
          const image = kind === 'global-max-pool' ? x : tf.expandDims(x, 1);
          const [height, width] = image.shape.slice(1, 3) as [number, number];
          const largest = tf.maxPool(image as Tensor4D, [height, width], [height, width], 'valid');
          return tf.squeeze(largest, [1, 2]);
        },
      });
  }
}
