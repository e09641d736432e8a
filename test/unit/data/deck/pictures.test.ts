import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { pictureDecoder } from '../../../../src/data/deck/picture.js';
import { prepare } from '../../../../src/data/deck/prepare.js';
import type { RawImage } from '../../../../src/data/deck/raw.js';
import { resize } from '../../../../src/data/deck/resize.js';
import { DECK_DATA, EXPECTED, valuesOf } from '../../../fixtures/data/deck-data.js';

const bytesOf = (name: string) => readFile(`${DECK_DATA}/image-files/${name}`);

function imageOf(written: Parameters<typeof valuesOf>[0]): RawImage {
  const [height = 0, width = 0, channels = 0] = written.shape;
  return { height, width, channels: channels as 1 | 3, values: valuesOf(written) };
}

describe('pictures', () => {
  test.each(Object.entries(EXPECTED['image-files']))('%s has the pixels that Pillow reads', async (name, written) => {
    const decode = await pictureDecoder();
    const { values, ...form } = await decode(await bytesOf(name), name);
    const [height, width, channels] = written.shape;
    expect(form).toEqual({ height, width, channels });
    expect(new Uint8Array(values)).toEqual(valuesOf(written));
  });

  test.each([
    ['cmyk.jpg', 'has the colours CMYK'],
    ['sixteen-bits.png', 'has values of the type ushort'],
    ['not-a-png.gif', 'is neither a PNG nor a JPEG'],
  ])('%s is refused: it %s', async (name, reason) => {
    const decode = await pictureDecoder();
    await expect(decode(await bytesOf(name), name)).rejects.toMatchObject({
      code: 'E_DATA_IMAGE',
      message: expect.stringContaining(`${name} ${reason}`) as string,
    });
  });

  test.each(['colour.png', 'colour.jpg'])('%s is refused where its end is missing', async (name) => {
    const decode = await pictureDecoder();
    const whole = await bytesOf(name);
    for (const length of [10, 40, Math.floor(whole.length / 2), whole.length - 1]) {
      await expect(decode(whole.subarray(0, length), name)).rejects.toMatchObject({ code: 'E_DATA_IMAGE' });
    }
  });

  test('without sharp there is one clear message', async () => {
    const missing = () => Promise.reject(new Error("Cannot find package 'sharp'"));
    await expect(pictureDecoder(missing)).rejects.toMatchObject({
      code: 'E_DATA_DECODER',
      exitCode: 3,
      remedy: 'Run "npm install sharp" where cnnbench is installed, or save the images as arrays (npz) or CSV.',
    });
  });
});

describe('the preparation of a picture', () => {
  test('makes the greys of Pillow', () => {
    const { colour, grey } = EXPECTED.grey;
    expect(prepare(imageOf(colour), { channels: 1 }).values).toEqual(valuesOf(grey));
  });

  test.each(
    EXPECTED.resized.map(
      ({ from, to }) => [`${from.shape.join(' x ')} ${from.dtype}`, to.shape.join(' x '), from, to] as const,
    ),
  )('resizes %s to %s with the bits of Pillow', (_, __, from, to) => {
    const [height = 0, width = 0] = to.shape;
    expect(resize(imageOf(from), [height, width])).toEqual(imageOf(to));
  });

  test('makes three channels of one, then frames it with zeros', () => {
    const image: RawImage = { height: 1, width: 2, channels: 1, values: Uint8Array.of(7, 9) };
    const framed = prepare(image, { channels: 3, pad: [1, 0, 0, 1] });
    const black = [0, 0, 0];
    expect(framed).toEqual({
      height: 2,
      width: 3,
      channels: 3,
      values: Uint8Array.of(...black, ...black, ...black, 7, 7, 7, 9, 9, 9, ...black),
    });
  });
});
