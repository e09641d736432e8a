import type { Pixels } from '../core/dataset.js';
import type { PixelScale } from '../core/deck-data.js';

/** torchvision's ToTensor and Normalize(0.5, 0.5): 0 -> -1, 255 -> 1. What the built-in decks train on. */
export const TO_MINUS_ONE_TO_ONE: PixelScale = { divide: 255, mean: [0.5], sd: [0.5] };

/** Whether a scaling of bytes is the one that backends have a kernel for. */
export function isToMinusOneToOne({ divide, mean, sd }: PixelScale): boolean {
  const halves = (values: readonly number[] | undefined) => values?.every((value) => value === 0.5) === true;
  return divide === 255 && halves(mean) && halves(sd);
}

/** Writes scaled values of one image, or of several, to a place in `target`. Both are channels last. */
export type ScalePixels = (values: Pixels, target: Float32Array, at: number) => void;

/**
 * ((value / divide) - mean) / sd, all in float32, each step rounded: the division is torchvision's ToTensor (and NumPy's of float32), mean
 * and standard deviation are its Normalize.
 *
 * @param channels of an image: the mean and the standard deviation change from value to value
 */
export function pixelScaler({ divide, mean = [0], sd = [1] }: PixelScale, channels: number): ScalePixels {
  const { fround } = Math;
  const divisor = fround(divide);
  const means = Float32Array.from({ length: channels }, (_, channel) => mean[channel % mean.length] as number);
  const deviations = Float32Array.from({ length: channels }, (_, channel) => sd[channel % sd.length] as number);
  const scaled = (value: number, channel: number) =>
    fround(fround(fround(value / divisor) - (means[channel] as number)) / (deviations[channel] as number));
  // A byte has 256 values: each is scaled once, for each channel.
  const table = Float32Array.from({ length: 256 * channels }, (_, index) =>
    scaled(Math.floor(index / channels), index % channels),
  );
  return (values, target, at) => {
    if (values instanceof Uint8Array) {
      for (let index = 0, channel = 0; index < values.length; index++) {
        target[at + index] = table[(values[index] as number) * channels + channel] as number;
        if (++channel === channels) channel = 0;
      }
    } else {
      for (let index = 0; index < values.length; index++) {
        target[at + index] = scaled(values[index] as number, index % channels);
      }
    }
  };
}
