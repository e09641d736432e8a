import type { Shape } from './shapes.js';
import type { SmallRandom } from './random.js';

/** Sample points a pixel and axis: edges get five levels instead of two. */
const SAMPLES = 2;

/** How strongly things vary. Lengths are fractions of the image's side, brightness is 0 to 255. */
const VARIATION = {
  /** By number of channels. In colour an MLP has more to learn, so the shapes there are larger and move less. */
  radius: { 1: [0.15, 0.28], 3: [0.19, 0.34] },
  /** Largest tangent of half the rotation: 2 atan(0.1) is 11 degrees. Rows must not turn into columns. */
  halfTurn: 0.1,
  /** Largest distance between a shape's outline and the border that cuts it off. */
  overhang: 0.03,
  background: [70, 185],
  gradient: 50,
  contrast: [50, 105],
  clutter: { count: [2, 4], halfLength: [0.02, 0.16], halfWidth: 0.035, contrast: [25, 80] },
  noise: [4, 26],
} as const;

/** A canvas of [side, side, channels] brightness values, 0 to 255 before clipping. */
export interface Canvas {
  readonly side: number;
  readonly channels: 1 | 3;
  readonly values: Float64Array;
}

/** Where a shape lies: centre and half extents in pixels, and the tangent of half its rotation. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly halfTurn: number;
}

/** Adds `level` (one value a channel) to every pixel, as far as the shape, placed and turned, covers the pixel. */
function stamp({ side, channels, values }: Canvas, level: readonly number[], shape: Shape, place: Place): void {
  // The rational form of a rotation needs no sine: t = tan(angle / 2).
  const scale = 1 / (1 + place.halfTurn * place.halfTurn);
  const cosine = (1 - place.halfTurn * place.halfTurn) * scale;
  const sine = 2 * place.halfTurn * scale;
  // No corner of the shape's square is further away than this, whatever the turn.
  const reach = place.radiusX + place.radiusY;
  const top = Math.max(0, Math.floor(place.y - reach));
  const bottom = Math.min(side - 1, Math.ceil(place.y + reach));
  const left = Math.max(0, Math.floor(place.x - reach));
  const right = Math.min(side - 1, Math.ceil(place.x + reach));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      let hits = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const dx = column + ((sample % SAMPLES) + 0.5) / SAMPLES - place.x;
        const dy = row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - place.y;
        const u = (cosine * dx + sine * dy) / place.radiusX;
        const v = (cosine * dy - sine * dx) / place.radiusY;
        if (shape(u, v)) hits++;
      }
      if (hits === 0) continue;
      const coverage = hits / (SAMPLES * SAMPLES);
      const pixel = (row * side + column) * channels;
      for (let channel = 0; channel < channels; channel++) {
        values[pixel + channel] = (values[pixel + channel] as number) + coverage * (level[channel] as number);
      }
    }
  }
}

/** A contrast for each channel: of one sign in grey, and in colour of any sign but never weak in all channels. */
function contrastLevel(random: SmallRandom, channels: number, range: readonly [number, number]): number[] {
  const strong = random.below(channels);
  return Array.from({ length: channels }, (_, channel) =>
    channel === strong ? random.sign() * random.between(range[0], range[1]) : random.between(-range[1], range[1]),
  );
}

/** A flat background with a linear gradient of its own in every channel. */
function paintBackground({ side, channels, values }: Canvas, random: SmallRandom): void {
  for (let channel = 0; channel < channels; channel++) {
    const level = random.between(VARIATION.background[0], VARIATION.background[1]);
    const slopeX = random.between(-VARIATION.gradient, VARIATION.gradient) / side;
    const slopeY = random.between(-VARIATION.gradient, VARIATION.gradient) / side;
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        values[(row * side + column) * channels + channel] =
          level + slopeX * (column - side / 2) + slopeY * (row - side / 2);
      }
    }
  }
}

const bar: Shape = (u, v) => u > -1 && u < 1 && v > -1 && v < 1;

/** Short bars of any direction: edges that belong to no class. */
function paintClutter(canvas: Canvas, random: SmallRandom): void {
  const { side, channels } = canvas;
  const { count, halfLength, halfWidth, contrast } = VARIATION.clutter;
  const bars = count[0] + random.below(count[1] - count[0] + 1);
  for (let index = 0; index < bars; index++) {
    stamp(canvas, contrastLevel(random, channels, contrast), bar, {
      x: random.between(0, side),
      y: random.between(0, side),
      radiusX: side * random.between(halfLength[0], halfLength[1]),
      radiusY: side * halfWidth,
      halfTurn: random.between(-1, 1),
    });
  }
}

/** Paints a shape in column `column` of `columns` of one width. */
function paintShape(canvas: Canvas, random: SmallRandom, shape: Shape, column: number, columns: number): void {
  const { side, channels } = canvas;
  const [smallest, largest] = VARIATION.radius[channels];
  const width = side / columns;
  const radius = width * random.between(smallest, largest);
  const margin = radius - width * VARIATION.overhang;
  stamp(canvas, contrastLevel(random, channels, VARIATION.contrast), shape, {
    x: column * width + random.between(margin, width - margin),
    y: random.between(margin, side - margin),
    radiusX: radius,
    radiusY: radius,
    halfTurn: random.between(-VARIATION.halfTurn, VARIATION.halfTurn),
  });
}

/**
 * Draws one image of some shapes, side by side, on the canvas (what it held is overwritten) and writes it, one byte a value, to
 * `target` at `offset`.
 */
export function drawStandIn(
  canvas: Canvas,
  shapes: readonly { readonly shape: Shape }[],
  random: SmallRandom,
  target: Uint8Array,
  offset: number,
): void {
  paintBackground(canvas, random);
  paintClutter(canvas, random);
  for (const [column, { shape }] of shapes.entries()) paintShape(canvas, random, shape, column, shapes.length);
  const amplitude = random.between(VARIATION.noise[0], VARIATION.noise[1]);
  for (let at = 0; at < canvas.values.length; at++) {
    const bits = random.next();
    // The sum of two uniform numbers: triangular noise in (-amplitude, amplitude).
    const noise = amplitude * (((bits & 0xffff) + (bits >>> 16)) / 65535 - 1);
    const value = Math.floor((canvas.values[at] as number) + noise);
    target[offset + at] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}
