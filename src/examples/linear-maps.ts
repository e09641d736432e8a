import type { OperationOf, Values } from '../core/operation.js';
import { drawDigits, largestDifference, rows, sizeOf, upTo } from './draw.js';
import type { Primitives } from './primitives.js';

export async function unitResponses(
  { conv2d }: Primitives,
  { input, kernel, as }: OperationOf<'unit-responses'>,
): Promise<Values> {
  const [height, width, channels] = input;
  const [kernelHeight, kernelWidth] = kernel;
  const [pixels, taps] = [sizeOf(input), kernelHeight * kernelWidth * channels];
  const spatialTaps = kernelHeight * kernelWidth;
  // Tap t of the kernel is the place t of [H, W, C]; turned by 180 degrees, its channel stays.
  const placeOf = (tap: number) => {
    if (as === 'correlation') return tap;
    const [spatial, channel] = [Math.floor(tap / channels), tap % channels];
    return (spatialTaps - 1 - spatial) * channels + channel;
  };
  const filterValues = new Array<number>(taps * taps).fill(0);
  for (let tap = 0; tap < taps; tap++) filterValues[placeOf(tap) * taps + tap] = 1;
  const { shape, values } = await conv2d(
    { shape: [pixels, height, width, channels], values: identity(pixels) },
    { shape: [kernelHeight, kernelWidth, channels, taps], values: filterValues },
    { stride: 1, padding: as === 'correlation' ? 0 : kernelHeight - 1, dilation: 1 },
  );
  return { shape, values };
}

function identity(size: number): number[] {
  return Array.from({ length: size * size }, (_, place) => (place % (size + 1) === 0 ? 1 : 0));
}

export async function convolutionMatrix(
  { conv2d, conv2dTranspose, matMul }: Primitives,
  last: OperationOf<'convolution-matrix'>['upTo'],
): Promise<Values> {
  const table: number[][] = [];
  for (const i of upTo(last.i)) {
    for (const k of upTo(Math.min(last.k, i))) {
      for (const s of upTo(last.s)) {
        for (const p of upTo(Math.min(last.p, k - 1), 0)) {
          const image = drawDigits([1, i, i, 1], 10, 100 * i + k);
          const kernel = drawDigits([k, k, 1, 1], 10, 1000 + 10 * k + s);
          const convolved = await conv2d(image, kernel, { stride: s, padding: p, dilation: 1 });
          const side = convolved.shape[1] as number;
          const c = matrixOf(kernel, { i, k, s, p, side });
          const product = await matMul(c, { shape: [i * i, 1], values: image.values });

          const back = drawDigits([1, side, side, 1], 10, 5000 + i);
          const inputShape = [1, i, i, 1];
          const transposed = await conv2dTranspose(back, kernel, inputShape, { stride: s, padding: p });
          const transposedProduct = await matMul(transpose(c), { shape: [side * side, 1], values: back.values });
          const differences = [largestDifference(convolved, product), largestDifference(transposed, transposedProduct)];
          table.push([i, k, s, p, side, ...differences]);
        }
      }
    }
  }
  return rows(table);
}

/**
 * C of a kernel, [side^2, i^2] (Dumoulin and Visin 2016, section 4.1): row o holds the kernel's elements where output
 * o reads the flattened image.
 */
function matrixOf(
  kernel: Values,
  { i, k, s, p, side }: { i: number; k: number; s: number; p: number; side: number },
): Values {
  const values = new Array<number>(side * side * i * i).fill(0);
  for (let output = 0; output < side * side; output++) {
    const [y, x] = [Math.floor(output / side) * s - p, (output % side) * s - p];
    for (let tap = 0; tap < k * k; tap++) {
      const [row, column] = [y + Math.floor(tap / k), x + (tap % k)];
      if (row < 0 || column < 0 || row >= i || column >= i) continue;
      values[output * i * i + row * i + column] = kernel.values[tap] as number;
    }
  }
  return { shape: [side * side, i * i], values };
}

function transpose({ shape, values }: Values): Values {
  const [height, width] = shape as [number, number];
  const swapped = Array.from({ length: height * width }, (_, place) => {
    const [row, column] = [Math.floor(place / height), place % height];
    return values[column * width + row] as number;
  });
  return { shape: [width, height], values: swapped };
}
