import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mean, median, standardDeviation } from '../../../../src/stats/inference/sample.js';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 });

describe('mean', () => {
  test('of nothing is undefined', () => expect(mean([])).toBeUndefined());
  test('of one value is that value', () => expect(mean([0.1])).toBe(0.1));
  test('of identical values is exactly that value', () => expect(mean(Array.from({ length: 7 }, () => 0.1))).toBe(0.1));
  test('lies between the extremes', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const center = mean(sample) as number;
        expect(center).toBeGreaterThanOrEqual(Math.min(...sample) - 1e-6);
        expect(center).toBeLessThanOrEqual(Math.max(...sample) + 1e-6);
      }),
    );
  });
});

describe('standardDeviation', () => {
  test('needs two values', () => {
    expect(standardDeviation([])).toBeUndefined();
    expect(standardDeviation([1])).toBeUndefined();
  });
  test('of identical values is exactly zero', () => expect(standardDeviation([0.1, 0.1, 0.1])).toBe(0));
  // Mean 5, squared deviations add up to 32, divisor 7.
  test('divides by n - 1', () =>
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 14));
  test('does not change with an offset', () => {
    expect(standardDeviation([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBeCloseTo(1, 9);
  });
});

describe('median', () => {
  test('of nothing is undefined', () => expect(median([])).toBeUndefined());
  test('is the middle value of an odd sample', () => expect(median([9, 1, 5])).toBe(5));
  test('is the mean of the two middle values of an even sample', () => expect(median([9, 1, 5, 2])).toBe(3.5));
  test('has as many values below it as above', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const middle = median(sample) as number;
        expect(sample.filter((value) => value < middle).length).toBeLessThanOrEqual(sample.length / 2);
        expect(sample.filter((value) => value > middle).length).toBeLessThanOrEqual(sample.length / 2);
      }),
    );
  });
});
