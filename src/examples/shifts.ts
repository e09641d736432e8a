import type { Values } from '../core/operation.js';
import { drawDigits, rows } from './draw.js';
import type { Primitives } from './primitives.js';

/** Digits of an image: enough that two neighbours are rarely equal by chance. */
const LEVELS = 100;

/** [f, s]: nothing, the deck's most common form, and the one of Goodfellow et al. 2016, figure 9.8. */
const POOLS = [
  [1, 1],
  [2, 2],
  [3, 1],
] as const;

/** Both images are cut from one that is a pixel wider, so that nothing comes in from a border. */
export async function poolingOfShifted({ pool }: Primitives, side: number): Promise<Values> {
  const [image, shifted] = pairOf(side);
  const unchanged = (left: Values, right: Values) =>
    left.values.filter((value, index) => value === right.values[index]).length;
  const table: number[][] = [];
  for (const [size, stride] of POOLS) {
    const pooled = await pool('max', image, { size, stride });
    const pooledShifted = await pool('max', shifted, { size, stride });
    const counts = [pooled.values.length, unchanged(pooled, pooledShifted)];
    table.push([size, stride, ...counts, image.values.length, unchanged(image, shifted)]);
  }
  return rows(table);
}

export async function convolutionOfShifted({ conv2d }: Primitives, side: number): Promise<Values> {
  const [image, shifted] = pairOf(side);
  const table: number[][] = [];
  for (const kernelSide of [2, 3, 5]) {
    const kernel = drawDigits([kernelSide, kernelSide, 1, 1], 10, kernelSide);
    const geometry = { stride: 1, padding: 0, dilation: 1 };
    const [first, second] = [await conv2d(image, kernel, geometry), await conv2d(shifted, kernel, geometry)];
    const [, height = 0, width = 0] = first.shape;
    let differing = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 1; x < width; x++) {
        if (first.values[y * width + x] !== second.values[y * width + x - 1]) differing++;
      }
    }
    table.push([kernelSide, height * (width - 1), differing]);
  }
  return rows(table);
}

export async function denseOfShuffled({ matMul }: Primitives, side: number): Promise<Values> {
  const [pixels, units] = [side * side, 8];
  const image = drawDigits([1, pixels], 10, 1);
  const weights = drawDigits([pixels, units], 10, 2);
  // Any order will do; 7 shares no factor with a power of two, so that this one meets every pixel once.
  const order = Array.from({ length: pixels }, (_, index) => (7 * index + 3) % pixels);
  const shuffled = { shape: image.shape, values: order.map((place) => image.values[place] as number) };
  const shuffledWeights = {
    shape: weights.shape,
    values: order.flatMap((place) => weights.values.slice(place * units, (place + 1) * units)),
  };
  const [straight, mixed] = [await matMul(image, weights), await matMul(shuffled, shuffledWeights)];
  const differing = straight.values.filter((value, index) => value !== mixed.values[index]).length;
  return rows([[units, differing]]);
}

/** An image and itself one pixel to the left. */
function pairOf(side: number): [image: Values, shifted: Values] {
  const wide = drawDigits([side, side + 1], LEVELS, side);
  const cut = (from: number) => ({
    shape: [1, side, side, 1],
    values: wide.values.filter((_, place) => {
      const column = place % (side + 1);
      return column >= from && column < from + side;
    }),
  });
  return [cut(0), cut(1)];
}
