import { explicitPadding } from '../../src/backends/padding.js';
import type { Tf } from '../../src/backends/tfjs.js';
import { GEOMETRIES, type Geometry } from '../../src/parity/problems/convolutions.js';
import type { randomNumbers } from './numbers.js';

type Pair = [number, number];

/** A convolution of images [batch, height, width, channels] with as many filters. */
export interface Problem {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernel: Pair;
  readonly filters: number;
  readonly strides: Pair;
  /** Zeros in pixels as a number, or as [NHWC axis][before, after]. */
  readonly pad: 'valid' | 'same' | number | [Pair, Pair, Pair, Pair];
  /** tfjs has no gradients where it is not 1. */
  readonly dilations?: Pair;
}

const valid = { strides: [1, 1] as Pair, pad: 'valid' as const };

/** A problem of the parity ladder. */
function problemOf({ image, kernel, filters, stride = 1, pad = 0 }: Geometry): Problem {
  const [batch, height, width, channels] = image;
  const size = { kernel: [kernel, kernel], strides: [stride, stride] } satisfies Partial<Problem>;
  return { batch, height, width, channels, filters, ...size, pad: pad === 0 ? 'valid' : pad };
}

/** What `parity` computes, as far as the oracle's own sums are short enough for these bounds, and what kernels get wrong. */
export const CHOSEN: readonly Problem[] = [
  ...GEOMETRIES.map(problemOf).filter((problem) => !hasLongSums(problem)),
  { ...valid, batch: 2, height: 9, width: 8, channels: 3, kernel: [3, 2], filters: 4, strides: [2, 3], pad: 'same' },
  { ...valid, batch: 1, height: 9, width: 8, channels: 43, kernel: [5, 3], filters: 35 },
  { ...valid, batch: 1, height: 5, width: 6, channels: 7, kernel: [2, 3], filters: 300 },
  // One channel and one column, which oneDNN gets wrong where the stride of the columns is the larger one.
  { ...valid, batch: 3, height: 12, width: 7, channels: 1, kernel: [1, 7], filters: 9, strides: [1, 3], pad: 0 },
  { ...valid, batch: 2, height: 4, width: 4, channels: 1, kernel: [2, 3], filters: 5, strides: [1, 2] },
  { ...valid, batch: 2, height: 6, width: 3, channels: 1, kernel: [3, 3], filters: 5, strides: [1, 3], pad: 'same' },
  // One pixel and strides: the gradient of such a filter ends libtensorflow now and then.
  { ...valid, batch: 1, height: 14, width: 8, channels: 4, kernel: [1, 1], filters: 4, strides: [1, 2] },
  { ...valid, batch: 2, height: 7, width: 9, channels: 3, kernel: [1, 1], filters: 5, strides: [3, 2], pad: 'same' },
  // Stock computes these wrongly: a padding in pixels around what is not square, and `same` with a filter shorter than the stride.
  { ...valid, batch: 2, height: 9, width: 11, channels: 3, kernel: [5, 2], filters: 4, pad: 1 },
  { ...valid, batch: 2, height: 9, width: 11, channels: 3, kernel: [2, 5], filters: 4, pad: 3 },
  { ...valid, batch: 2, height: 11, width: 11, channels: 8, kernel: [7, 3], filters: 8, pad: 1 },
  { ...valid, batch: 2, height: 9, width: 10, channels: 3, kernel: [3, 3], filters: 4, strides: [1, 3], pad: 1 },
  { ...valid, batch: 2, height: 9, width: 10, channels: 3, kernel: [1, 2], filters: 4, strides: [3, 3], pad: 'same' },
  // Wide enough for transforms: images in odd numbers, circles of odd length, more than one panel of channels.
  { ...valid, batch: 1, height: 16, width: 16, channels: 8, kernel: [7, 7], filters: 8 },
  { ...valid, batch: 5, height: 15, width: 16, channels: 16, kernel: [7, 7], filters: 8, pad: 'same' },
  { ...valid, batch: 3, height: 17, width: 15, channels: 8, kernel: [7, 9], filters: 24, pad: 'same' },
  { ...valid, batch: 2, height: 8, width: 8, channels: 16, kernel: [7, 7], filters: 16, pad: 6 },
  { ...valid, batch: 9, height: 16, width: 18, channels: 3, kernel: [7, 7], filters: 20 },
  { ...valid, batch: 2, height: 20, width: 16, channels: 12, kernel: [7, 7], filters: 9, pad: 1 },
  // Padding beyond the filter: whole windows of zeros.
  {
    ...{ ...valid, batch: 2, height: 12, width: 12, channels: 8, kernel: [9, 9], filters: 16 },
    pad: [
      [0, 0],
      [10, 1],
      [0, 9],
      [0, 0],
    ],
  },
];

export const DILATED: readonly Problem[] = [
  { ...valid, batch: 2, height: 11, width: 12, channels: 3, kernel: [3, 2], filters: 5, dilations: [2, 3] },
  { ...valid, batch: 1, height: 9, width: 9, channels: 1, kernel: [3, 3], filters: 4, dilations: [2, 2], pad: 'same' },
  { ...valid, batch: 3, height: 9, width: 10, channels: 4, kernel: [2, 2], filters: 9, dilations: [3, 1], pad: 2 },
  { ...valid, batch: 5, height: 25, width: 25, channels: 16, kernel: [7, 7], filters: 16, dilations: [2, 2] },
  {
    ...valid,
    batch: 5,
    height: 25,
    width: 18,
    channels: 16,
    kernel: [7, 9],
    filters: 8,
    dilations: [3, 1],
    pad: 'same',
  },
];

/**
 * XNNPACK and libtensorflow add up their products one after the other, so that rounding errors of long sums come near the
 * bound; our module adds up parts.
 */
export function hasLongSums({ kernel, channels, filters }: Problem): boolean {
  return kernel[0] * kernel[1] * Math.max(channels, filters) > 800;
}

type Random = ReturnType<typeof randomNumbers>;

/** Small, with any stride and number of channels. */
export function randomProblem(random: Random): Problem {
  const { integer } = random;
  const common = {
    batch: integer(1, 4),
    height: integer(7, 14),
    width: integer(7, 14),
    channels: integer(1, 9),
    filters: integer(1, 9),
    kernel: [integer(1, 7), integer(1, 7)] as Pair,
    strides: [integer(1, 3), integer(1, 3)] as Pair,
  };
  return { ...common, pad: randomPad(random, Math.min(...common.kernel) - 1) };
}

/**
 * Stride 1, large filters, channels that fill a panel or do not: what transforms are for. Few channels, because the oracle's forward
 * convolution adds up float32 numbers one after the other: over a thousand of them it is off by 1.4e-6 itself.
 */
export function randomWideProblem(random: Random): Problem {
  const { integer } = random;
  const side = integer(7, 9);
  return {
    batch: integer(2, 5),
    height: integer(15, 18),
    width: integer(15, 18),
    channels: integer(3, 9),
    filters: integer(9, 24),
    kernel: [side, integer(7, 9)],
    strides: [1, 1],
    pad: randomPad(random, side - 1),
  };
}

export function randomDilatedProblem(random: Random): Problem {
  const { integer } = random;
  const kernel: Pair = [integer(1, 4), integer(1, 4)];
  return {
    ...{ batch: integer(1, 3), height: integer(10, 14), width: integer(10, 14) },
    ...{ channels: integer(1, 9), filters: integer(1, 9), kernel, strides: [1, 1] },
    dilations: [integer(1, 3), integer(1, 3)],
    pad: (['valid', 'same'] as const)[integer(0, 1)] as 'valid' | 'same',
  };
}

function randomPad({ integer }: Random, most: number): Problem['pad'] {
  const pair = (): Pair => [integer(0, most), integer(0, most)];
  return (['valid', 'same', integer(0, most), [[0, 0], pair(), pair(), [0, 0]]] as const)[
    integer(0, 3)
  ] as Problem['pad'];
}

/** Shapes of the problem's tensors. */
export function shapesOf(tf: Tf, { batch, height, width, channels, kernel, filters, ...rest }: Problem) {
  const x: [number, number, number, number] = [batch, height, width, channels];
  const filter: [number, number, number, number] = [...kernel, channels, filters];
  const { outShape } = tf.backend_util.computeConv2DInfo(
    x,
    filter,
    rest.strides,
    rest.dilations ?? 1,
    explicitPadding(rest.pad),
  );
  return { x, filter, y: outShape };
}
