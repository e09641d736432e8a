import type { OperationOf, Values } from '../core/operation.js';
import { constant, drawDigits, largestDifference, rows, turned, upTo } from './draw.js';
import type { Primitives } from './primitives.js';

/**
 * The points that deck 002's three tables are about: every padding below the kernel with stride 1, and strides above 1
 * without padding. The transposed convolution is tfjs's own, the gradient of the convolution from the smallest image
 * that gives i' without a remainder; the direct convolutions run on the same backend.
 */
export async function transposedGrid(
  primitives: Primitives,
  last: OperationOf<'transposed-grid'>['upTo'],
): Promise<Values> {
  const table: number[][] = [];
  for (const i of upTo(last.i)) {
    for (const k of upTo(last.k)) {
      for (const s of upTo(last.s)) {
        for (const p of upTo(s === 1 ? k - 1 : 0, 0)) {
          const image = smallestImage(i, k, s, p);
          if (image < 1) continue;
          const input = drawPositive([1, i, i, 1], 10 * i + k);
          const kernel = drawPositive([k, k, 1, 1], 100 * k + s);
          const shape = [1, image, image, 1];
          const result = await primitives.conv2dTranspose(input, kernel, shape, { stride: s, padding: p });
          const found = await equalDirect(primitives, input, turned(kernel), result, s);
          table.push([i, k, s, p, await extent(primitives, kernel, s, p), ...found, result.shape[1] as number]);
        }
      }
    }
  }
  return rows(table);
}

/** Side of the smallest image whose convolution has side i, found by trying: the definition of the transposed size. */
function smallestImage(i: number, k: number, s: number, p: number): number {
  for (let image = 1; image <= s * i + k; image++) {
    const room = image + 2 * p - k;
    if (room >= 0 && Math.floor(room / s) + 1 === i) return image;
  }
  return 0;
}

/** [s', p', zeros] of the direct convolutions that return the same size and values; -1 where they differ, -2 without any. */
async function equalDirect(
  { conv2d }: Primitives,
  input: Values,
  kernel: Values,
  result: Values,
  s: number,
): Promise<readonly number[]> {
  const k = kernel.shape[0] as number;
  const equal: number[][] = [];
  for (const stride of [1, 2]) {
    for (const padding of upTo(k, 0)) {
      for (const zeros of upTo(s, 0)) {
        const spread = withZeros(input, zeros);
        const side = spread.shape[1] as number;
        const room = side + 2 * padding - k;
        if (room < 0 || Math.floor(room / stride) + 1 !== result.shape[1]) continue;
        const direct = await conv2d(spread, kernel, { stride, padding, dilation: 1 });
        if (largestDifference(direct, result) === 0) equal.push([stride, padding, zeros]);
      }
    }
  }
  const [first] = equal;
  if (first === undefined) return [-2, -2, -2];
  // An image of one pixel has no gaps to fill, so that any number of zeros is right there.
  return first.map((value, index) => (equal.every((each) => each[index] === value) ? value : -1));
}

/** Zeros between the pixels of [1, H, H, 1]. */
function withZeros({ shape, values }: Values, zeros: number): Values {
  const side = shape[1] as number;
  const spread = (side - 1) * (zeros + 1) + 1;
  const { shape: spreadShape, values: filled } = constant([1, spread, spread, 1], 0);
  const result = [...filled];
  values.forEach((value, place) => {
    const [row, column] = [Math.floor(place / side), place % side];
    result[row * (zeros + 1) * spread + column * (zeros + 1)] = value;
  });
  return { shape: spreadShape, values: result };
}

/** Side of the square that one unit, far from the border, spreads to: the extent of the transposed kernel. */
async function extent({ conv2dTranspose }: Primitives, kernel: Values, s: number, p: number): Promise<number> {
  const k = kernel.shape[0] as number;
  const side = 2 * k + 1;
  const unit = constant([1, side, side, 1], 0);
  const values = unit.values.map((_, place) => (place === k * side + k ? 1 : 0));
  const image = smallestImage(side, k, s, p);
  const response = await conv2dTranspose({ ...unit, values }, kernel, [1, image, image, 1], { stride: s, padding: p });
  const touched = upTo(image - 1, 0).filter((row) =>
    response.values.slice(row * image, (row + 1) * image).some((value) => value !== 0),
  );
  return touched.length;
}

/** Digits 1 to 9: a zero in a kernel would hide where it lies. */
function drawPositive(shape: readonly number[], seed: number): Values {
  const { values } = drawDigits(shape, 9, seed);
  return { shape, values: values.map((value) => value + 1) };
}
