import { describe, expect, test } from 'vitest';
import { randomStream, type RandomStream } from '../../../../src/core/random.js';
import { ratioOfMediansInterval95 } from '../../../../src/stats/inference/bootstrap.js';

const stream = (seed: number) => randomStream('test/bootstrap', seed, 'resample');

/** A speed around 100 with a relative spread of 5 %: Box and Muller (1958). */
function speed(draw: RandomStream): number {
  return 100 * (1 + 0.05 * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw()));
}

describe('ratioOfMediansInterval95', () => {
  test('of an empty sample is undefined', () => {
    expect(ratioOfMediansInterval95([], [1], stream(1))).toBeUndefined();
    expect(ratioOfMediansInterval95([1], [], stream(1))).toBeUndefined();
  });

  test('is none where a side has one value, and has no width where all are identical', () => {
    expect(ratioOfMediansInterval95([3], [2, 2], stream(1))).toBeUndefined();
    expect(ratioOfMediansInterval95([3, 3], [2], stream(1))).toBeUndefined();
    expect(ratioOfMediansInterval95([3, 3, 3], [2, 2], stream(1))).toEqual({ low: 1.5, high: 1.5 });
  });

  test('is the same for the same stream', () => {
    const draw = stream(2);
    const [a, b] = [Array.from({ length: 8 }, () => speed(draw)), Array.from({ length: 8 }, () => speed(draw))];
    const interval = ratioOfMediansInterval95(a, b, stream(3));
    expect(ratioOfMediansInterval95(a, b, stream(3))).toEqual(interval);
    expect(ratioOfMediansInterval95(a, b, stream(4))).not.toEqual(interval);
  });

  // Three values: a resample has the median x(1) where it takes x(1) twice or more, 7 of 27 times; so each of the five
  // ratios of {1, 2, 4} to the constant 1 is drawn so often that the interval spans the extremes.
  test('of three values spans all of them', () => {
    expect(ratioOfMediansInterval95([1, 2, 4], [1, 1, 1], stream(5))).toEqual({ low: 1, high: 4 });
  });

  // Percentile intervals of medians are known to be close to the level, and not exact: Efron and Tibshirani, 13.3 and 14.
  test('covers the true ratio about 95 times in 100', () => {
    const draw = stream(6);
    const trials = 400;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const [a, b] = [
        Array.from({ length: 12 }, () => speed(draw)),
        Array.from({ length: 12 }, () => 0.8 * speed(draw)),
      ];
      const { low, high } = ratioOfMediansInterval95(a, b, draw, 999) ?? { low: NaN, high: NaN };
      if (low <= 1.25 && 1.25 <= high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.9);
    expect(covered / trials).toBeLessThan(0.995);
  }, 60_000);
});
