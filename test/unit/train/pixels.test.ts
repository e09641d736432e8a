import { describe, expect, test } from 'vitest';
import { isToMinusOneToOne, pixelScaler, TO_MINUS_ONE_TO_ONE } from '../../../src/train/pixels.js';
import { EXPECTED, valuesOf } from '../../fixtures/data/deck-data.js';

const bitsOf = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];

describe('values as the network sees them', () => {
  test.each(
    EXPECTED.scaled.map(({ scale, ...arrays }) => [JSON.stringify(scale), arrays.values.dtype, scale, arrays] as const),
  )('have the bits of torchvision: %s of %s', (_, __, scale, { values, scaled }) => {
    const expected = valuesOf(scaled) as Float32Array;
    const target = new Float32Array(expected.length + 3);
    pixelScaler(scale, values.shape[2] as number)(valuesOf(values), target, 3);
    expect(bitsOf(target.slice(3))).toEqual(bitsOf(expected));
    expect([...target.slice(0, 3)]).toEqual([0, 0, 0]);
  });

  test('take one mean and standard deviation for all channels', () => {
    const bytes = Uint8Array.of(0, 100, 255, 1, 2, 3);
    const [one, three] = [new Float32Array(6), new Float32Array(6)];
    pixelScaler({ divide: 255, mean: [0.3], sd: [0.2] }, 3)(bytes, one, 0);
    pixelScaler({ divide: 255, mean: [0.3, 0.3, 0.3], sd: [0.2, 0.2, 0.2] }, 3)(bytes, three, 0);
    expect(one).toEqual(three);
  });

  test('know the scaling that backends have a kernel for', () => {
    expect(isToMinusOneToOne(TO_MINUS_ONE_TO_ONE)).toBe(true);
    expect(isToMinusOneToOne({ divide: 255, mean: [0.5, 0.5, 0.5], sd: [0.5] })).toBe(true);
    expect(isToMinusOneToOne({ divide: 255 })).toBe(false);
    expect(isToMinusOneToOne({ divide: 255, mean: [0.5] })).toBe(false);
    expect(isToMinusOneToOne({ divide: 1, mean: [0.5], sd: [0.5] })).toBe(false);
  });
});
