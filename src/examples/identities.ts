import type { OperationOf, Values } from '../core/operation.js';
import { drawDigits, rows, upTo } from './draw.js';
import type { Primitives } from './primitives.js';

/**
 * Each dilated convolution beside the ordinary one with the inflated kernel. A backend that refuses a stride and a dilation
 * at once leaves the size of the second.
 */
export async function dilatedGrid({ conv2d }: Primitives, last: OperationOf<'dilated-grid'>['upTo']): Promise<Values> {
  const table: number[][] = [];
  for (const height of upTo(last.i)) {
    const width = height + 1;
    for (const k of upTo(last.k, 2)) {
      for (const s of upTo(last.s)) {
        for (const p of upTo(last.p, 0)) {
          for (const d of upTo(last.d, 2)) {
            if (height + 2 * p < (k - 1) * d + 1) continue;
            const image = drawDigits([1, height, width, 1], 10, 10 * height + k);
            const kernel = drawDigits([k, k, 1, 1], 10, 100 * k + d);
            const inflated = await conv2d(image, inflate(kernel, d), { stride: s, padding: p, dilation: 1 });
            const dilated = await conv2d(image, kernel, { stride: s, padding: p, dilation: d }).catch(() => undefined);
            const [, outHeight = 0, outWidth = 0] = (dilated ?? inflated).shape;
            const differing = dilated === undefined ? 0 : differences(dilated, inflated);
            table.push([height, width, k, s, p, d, outHeight, outWidth, dilated === undefined ? 1 : 0, differing]);
          }
        }
      }
    }
  }
  return rows(table);
}

/** [k, k, 1, 1] with d - 1 zeros between its elements. */
function inflate({ shape, values }: Values, d: number): Values {
  const [k = 0] = shape;
  const side = (k - 1) * d + 1;
  const spread = new Array<number>(side * side).fill(0);
  values.forEach((value, place) => {
    spread[Math.floor(place / k) * d * side + (place % k) * d] = value;
  });
  return { shape: [side, side, 1, 1], values: spread };
}

/** A dense layer beside W x + b, and beside a 1x1 convolution of one pixel whose channels are its inputs. */
export async function denseGrid({ conv2d, addBias, dense, matMul }: Primitives, last: number): Promise<Values> {
  const table: number[][] = [];
  for (const inputs of upTo(last)) {
    for (const units of upTo(last)) {
      const { values } = drawDigits([inputs], 10, inputs);
      const weights = drawDigits([inputs, units], 10, 100 * inputs + units);
      const bias = drawDigits([units], 10, 1000 + units).values;
      const layer = await dense({ shape: [1, inputs], values }, weights, bias);
      const product = await matMul({ shape: [1, inputs], values }, weights);
      const filter = { shape: [1, 1, inputs, units], values: weights.values };
      const geometry = { stride: 1, padding: 0, dilation: 1 };
      const convolved = await conv2d({ shape: [1, 1, 1, inputs], values }, filter, geometry);
      const sums = [product, convolved].map((result) => ({ ...result, shape: [1, 1, 1, units] }));
      const differing: number[] = [];
      for (const each of sums) differing.push(differences(layer, await addBias(each, bias)));
      table.push([inputs, units, ...differing]);
    }
  }
  return rows(table);
}

/** w x + b of each point, for each parameter alone: [points, parameters], the offset last. */
export async function affineScores({ matMul }: Primitives, { points }: OperationOf<'affine-scores'>): Promise<Values> {
  const parameters = (points[0]?.length ?? 0) + 1;
  const units = Array.from({ length: parameters ** 2 }, (_, place) => (place % (parameters + 1) === 0 ? 1 : 0));
  const inputs = points.flatMap((point) => [...point, 1]);
  return matMul(
    { shape: [points.length, parameters], values: inputs },
    { shape: [parameters, parameters], values: units },
  );
}

/** How many values differ; all of them where their number does. */
function differences(left: Values, right: Values): number {
  const same = left.values.length === right.values.length;
  return left.values.filter((value, place) => !same || value !== right.values[place]).length;
}
