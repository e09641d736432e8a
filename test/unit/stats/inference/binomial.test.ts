import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wilsonInterval95 } from '../../../../src/stats/inference/binomial.js';

describe('wilsonInterval95', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is as published', (successes, trials, low, high) => {
    const interval = wilsonInterval95(successes / trials, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
  test('ends where the score test rejects: (p - q)^2 = z^2 q (1 - q) / n', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 1e5 }), (p, n) => {
        const { low, high } = wilsonInterval95(p, n);
        for (const q of [low, high]) {
          expect(Math.abs(p - q) / Math.sqrt((q * (1 - q)) / n)).toBeCloseTo(1.95996398454, 6);
        }
      }),
    );
  });
  test('has a width where all or none succeed, and stays a fraction', () => {
    // Without successes the upper end is z^2 / (n + z^2).
    const end = 1.959963984540054 ** 2 / (100 + 1.959963984540054 ** 2);
    const [none, all] = [wilsonInterval95(0, 100), wilsonInterval95(1, 100)];
    expect([none.low, none.high]).toEqual([0, end].map((value) => expect.closeTo(value, 12) as number));
    expect([all.low, all.high]).toEqual([1 - end, 1].map((value) => expect.closeTo(value, 12) as number));
    expect(Math.min(none.low, 1 - all.high)).toBeGreaterThanOrEqual(0);
  });
  test.each([
    [-0.1, 10],
    [1.1, 10],
    [NaN, 10],
    [0.5, 0],
  ])('refuses a proportion of %d in %d trials', (p, n) => expect(() => wilsonInterval95(p, n)).toThrow(RangeError));
});
