import type { OperationOf, Values } from '../core/operation.js';
import { constant, rows, upTo } from './draw.js';
import type { LayerQuestion, Primitives } from './primitives.js';

/** Ones by ones, so that the sum of the output counts the taps that met a pixel and not the padding. */
export async function convolutionGrid(
  { conv2d }: Primitives,
  last: OperationOf<'convolution-grid'>['upTo'],
): Promise<Values> {
  const table: number[][] = [];
  for (const height of upTo(last.i)) {
    const width = height + 1;
    for (const k of upTo(last.k)) {
      const filter = constant([k, k, 1, 1], 1);
      for (const s of upTo(last.s)) {
        for (const d of upTo(s > 1 || k === 1 ? 1 : last.d)) {
          for (const p of upTo(last.p, 0)) {
            if (height + 2 * p < (k - 1) * d + 1) continue;
            const geometry = { stride: s, padding: p, dilation: d };
            const { shape, values } = await conv2d(constant([1, height, width, 1], 1), filter, geometry);
            const [, outHeight = 0, outWidth = 0] = shape;
            const sum = values.reduce((total, value) => total + value, 0);
            table.push([height, width, k, s, p, d, outHeight, outWidth, sum]);
          }
        }
      }
    }
  }
  return rows(table);
}

export async function poolGrid(
  { pool }: Primitives,
  kind: 'max' | 'average',
  last: OperationOf<'max-pool-grid'>['upTo'],
): Promise<Values> {
  const table: number[][] = [];
  const channels = 2;
  for (const height of upTo(last.i)) {
    const width = height + 1;
    for (const size of upTo(Math.min(last.f, height))) {
      for (const stride of upTo(last.s)) {
        const { shape } = await pool(kind, constant([1, height, width, channels], 1), { size, stride });
        table.push([height, width, size, stride, channels, ...shape.slice(1)]);
      }
    }
  }
  return rows(table);
}

const LAYER_KINDS: readonly LayerQuestion['kind'][] = ['conv2d', 'dense', 'max-pool', 'average-pool'];

export async function layerGrid({ layer }: Primitives, last: number): Promise<Values> {
  const table = LAYER_KINDS.flatMap((kind, index) =>
    upTo(last).flatMap((inputs) =>
      upTo(kind === 'dense' ? 1 : last).flatMap((extent) =>
        upTo(kind === 'conv2d' || kind === 'dense' ? last : 1).map((out) => {
          const { weights, biases, outputs } = layer(question(kind, inputs, extent, out));
          const isPool = kind !== 'conv2d' && kind !== 'dense';
          return [index, inputs, kind === 'dense' ? 0 : extent, isPool ? 0 : out, weights, biases, outputs];
        }),
      ),
    ),
  );
  return rows(table);
}

function question(kind: LayerQuestion['kind'], inputs: number, extent: number, out: number): LayerQuestion {
  switch (kind) {
    case 'conv2d':
      return { kind, channels: inputs, kernel: extent, filters: out };
    case 'dense':
      return { kind, inputs, units: out };
    case 'max-pool':
    case 'average-pool':
      return { kind, channels: inputs, size: extent };
  }
}

export async function channelGrid({ conv2d }: Primitives, last: number): Promise<Values> {
  const table: number[][] = [];
  for (const data of upTo(last)) {
    for (const kernel of upTo(last)) {
      const geometry = { stride: 1, padding: 0, dilation: 1 };
      const accepted = await conv2d(constant([1, 3, 3, data], 1), constant([2, 2, kernel, 1], 1), geometry).then(
        () => 1,
        () => 0,
      );
      table.push([data, kernel, accepted]);
    }
  }
  return rows(table);
}
