import type { Pixels } from '../../core/dataset.js';
import type { RawImage } from './raw.js';

/** Bits behind the point of a weight of bytes, as in Pillow: the largest sum fits 32 bits. */
const PRECISION = 2 ** 22;

/** What one value of a row or column is made of. */
interface Window {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Weights of a triangle as wide as the step between two outputs, and at least two pixels (Pillow's precompute_coeffs in Resample.c): bilinear where
 * the picture grows, the same with antialiasing where it shrinks. Only + - * / and rounding, in one order: the same bits everywhere.
 */
function windowsOf(from: number, to: number): Window[] {
  const step = from / to;
  const support = Math.max(step, 1);
  const scale = 1 / support;
  return Array.from({ length: to }, (_, index) => {
    const centre = (index + 0.5) * step;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const weights = Array.from({ length: end - first }, (__, at) => {
      const distance = Math.abs((at + first - centre + 0.5) * scale);
      return distance < 1 ? 1 - distance : 0;
    });
    let sum = 0;
    for (const weight of weights) sum += weight;
    return { first, weights: weights.map((weight) => (sum === 0 ? weight : weight / sum)) };
  });
}

/** What an axis with `from` values, `stride` apart, becomes; `lines` says where each of its lines begins and goes. */
function resample(
  values: Pixels,
  target: Pixels,
  windows: readonly Window[],
  lines: Iterable<readonly [from: number, to: number]>,
  stride: { readonly from: number; readonly to: number },
): void {
  const bytes = values instanceof Uint8Array;
  const whole = windows.map(({ first, weights }) => ({
    first,
    weights: bytes ? weights.map((weight) => Math.trunc(weight * PRECISION + 0.5)) : weights,
  }));
  for (const [from, to] of lines) {
    for (const [index, { first, weights }] of whole.entries()) {
      let sum = bytes ? PRECISION / 2 : 0;
      for (let at = 0; at < weights.length; at++) {
        sum += (values[from + (first + at) * stride.from] as number) * (weights[at] as number);
      }
      target[to + index * stride.to] = bytes ? Math.min(255, Math.floor(sum / PRECISION)) : sum;
    }
  }
}

/**
 * A picture of another size: Pillow's `resize(size, BILINEAR)`, which torchvision's `Resize` of a picture is, first along the rows, then along
 * the columns, each rounded to bytes. The same bytes as Pillow's up to version 12; later ones may take the columns first, which changes single
 * bytes by one. Floats as Pillow's mode F.
 */
export function resize(image: RawImage, [height, width]: readonly [height: number, width: number]): RawImage {
  const { channels } = image;
  const room = (length: number): Pixels => new (image.values instanceof Uint8Array ? Uint8Array : Float32Array)(length);
  let { values } = image;
  if (width !== image.width) {
    const target = room(image.height * width * channels);
    const rows = function* (): Generator<[number, number]> {
      for (let row = 0; row < image.height; row++) {
        for (let channel = 0; channel < channels; channel++) {
          yield [row * image.width * channels + channel, row * width * channels + channel];
        }
      }
    };
    resample(values, target, windowsOf(image.width, width), rows(), { from: channels, to: channels });
    values = target;
  }
  if (height !== image.height) {
    const target = room(height * width * channels);
    const line = width * channels;
    const columns = function* (): Generator<[number, number]> {
      for (let at = 0; at < line; at++) yield [at, at];
    };
    resample(values, target, windowsOf(image.height, height), columns(), { from: line, to: line });
    values = target;
  }
  return { height, width, channels, values };
}
