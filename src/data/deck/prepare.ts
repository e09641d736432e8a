import type { Pixels } from '../../core/dataset.js';
import type { Preparation } from '../../core/deck-data.js';
import type { RawImage } from './raw.js';
import { resize } from './resize.js';

/** What a deck does with each picture, in the order of the fields: colours, size, frame. */
export function prepare(image: RawImage, { channels, resize: size, pad }: Preparation): RawImage {
  const coloured = channels === undefined || channels === image.channels ? image : recolour(image, channels);
  const sized = size === undefined ? coloured : resize(coloured, size);
  return pad === undefined ? sized : frame(sized, pad);
}

const sameKind = (values: Pixels, length: number): Pixels =>
  new (values instanceof Uint8Array ? Uint8Array : Float32Array)(length);

/** Weights of red, green and blue in 65,536ths: ITU-R 601-2 as Pillow's mode L has it. */
const LUMA = [19595, 38470, 7471] as const;

function recolour({ height, width, values }: RawImage, channels: 1 | 3): RawImage {
  const pixels = height * width;
  const target = sameKind(values, pixels * channels);
  const bytes = values instanceof Uint8Array;
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (channels === 3) {
      target.fill(values[pixel] as number, 3 * pixel, 3 * pixel + 3);
    } else {
      const [red, green, blue] = [0, 1, 2].map((channel) => values[3 * pixel + channel] as number) as [
        number,
        number,
        number,
      ];
      const sum = red * LUMA[0] + green * LUMA[1] + blue * LUMA[2];
      target[pixel] = bytes ? Math.floor((sum + 0x8000) / 0x10000) : sum / 0x10000;
    }
  }
  return { height, width, channels, values: target };
}

/** Zeros around: values as in the files, so that they are black before they are scaled. */
function frame({ height, width, channels, values }: RawImage, pad: readonly number[]): RawImage {
  const [above = 0, below = 0, left = 0, right = 0] = pad;
  const wide = width + left + right;
  const high = height + above + below;
  const target = sameKind(values, high * wide * channels);
  for (let row = 0; row < height; row++) {
    const line = values.subarray(row * width * channels, (row + 1) * width * channels);
    target.set(line, ((above + row) * wide + left) * channels);
  }
  return { height: high, width: wide, channels, values: target };
}
