import { describe, expect, test } from 'vitest';
import {
  differenceInterval90,
  intervalOf,
  meanEstimate,
  meanInterval90,
  medianInterval95,
  momentsOf,
  pAtLeast,
  pAtMost,
  pooledDifference,
  predictionInterval95,
} from '../../../../src/stats/inference/interval.js';
import type { Moments } from '../../../../src/stats/inference/interval.js';
import { normalStream } from '../../../fixtures/normal.js';

const moments = (values: readonly number[]) => momentsOf(values) as Moments;

describe('meanInterval90', () => {
  test('needs two values', () => {
    expect(momentsOf([])).toBeUndefined();
    expect(momentsOf([0.5])).toBeUndefined();
  });
  test('of identical values has no width', () => {
    expect(meanInterval90(moments([0.88, 0.88, 0.88]))).toEqual({ low: 0.88, high: 0.88 });
  });
  // Mean 2, sd 1, t(0.95, 2) = 2.919986: margin 2.919986 / sqrt(3).
  test('is m +- t s / sqrt(n)', () => {
    const { low, high } = meanInterval90(moments([1, 2, 3]));
    expect(low).toBeCloseTo(2 - 1.6858545, 6);
    expect(high).toBeCloseTo(2 + 1.6858545, 6);
  });
  test('covers the true mean of normal samples nine times in ten', () => {
    const normal = normalStream(1);
    const samples = Array.from({ length: 4000 }, () => Array.from({ length: 5 }, normal));
    const covered = samples.filter((sample) => {
      const { low, high } = meanInterval90(moments(sample));
      return low <= 0 && 0 <= high;
    });
    // Four standard errors of a proportion of 0.9 in 4000.
    expect(Math.abs(covered.length / 4000 - 0.9)).toBeLessThan(0.019);
  });
});

const SCIPY_WELCH = [-7.011855613796144, 3.651855613796137] as const;

describe('differenceInterval90', () => {
  test('of two constant samples has no width', () => {
    expect(differenceInterval90(moments([3, 3]), moments([1, 1, 1]))).toEqual({ low: 2, high: 2 });
  });
  test('of one constant sample has the degrees of freedom of the other', () => {
    const { low, high } = differenceInterval90(moments([1, 2, 3]), moments([0, 0]));
    expect(low).toBeCloseTo(2 - 1.6858545, 6);
    expect(high).toBeCloseTo(2 + 1.6858545, 6);
  });
  // scipy.stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9), scipy 1.17.1
  test('agrees with scipy on unequal sizes and variances', () => {
    const { low, high } = differenceInterval90(moments([27.5, 21, 19, 23.6, 17]), moments([27.1, 22, 20.8]));
    expect(low).toBeCloseTo(SCIPY_WELCH[0], 9);
    expect(high).toBeCloseTo(SCIPY_WELCH[1], 9);
  });
  test('changes sign with the order of the samples', () => {
    const [a, b] = [moments([1, 2, 4]), moments([2, 2.5, 7, 9])];
    const [forth, back] = [differenceInterval90(a, b), differenceInterval90(b, a)];
    expect(back.low).toBeCloseTo(-forth.high, 12);
    expect(back.high).toBeCloseTo(-forth.low, 12);
  });
});

describe('predictionInterval95', () => {
  // t(0.975, 2) = 4.302653: margin 4.302653 sqrt(4 / 3).
  test('is m +- t s sqrt(1 + 1 / n)', () => {
    const { low, high } = predictionInterval95(moments([1, 2, 3]));
    expect(low).toBeCloseTo(2 - 4.302653 * Math.sqrt(4 / 3), 5);
    expect(high).toBeCloseTo(2 + 4.302653 * Math.sqrt(4 / 3), 5);
  });
  test('of identical values is that value', () => {
    expect(predictionInterval95(moments([0.9, 0.9]))).toEqual({ low: 0.9, high: 0.9 });
  });
  test('holds the next draw nineteen times in twenty', () => {
    const normal = normalStream(2);
    const held = Array.from({ length: 4000 }, () => {
      const { low, high } = predictionInterval95(moments(Array.from({ length: 4 }, normal)));
      const next = normal();
      return low <= next && next <= high;
    }).filter(Boolean);
    // Four standard errors of a proportion of 0.95 in 4000.
    expect(Math.abs(held.length / 4000 - 0.95)).toBeLessThan(0.014);
  });
});

describe('pooledDifference', () => {
  // NIST/SEMATECH e-Handbook, 1.3.5.3, AUTO83B.DAT: T = -12.62059 with 326 degrees of freedom, pooled sd 6.34260.
  test('agrees with the published example', () => {
    const { value, standardError, degreesOfFreedom } = pooledDifference(
      { n: 249, mean: 20.14458, sd: 6.4147 },
      { n: 79, mean: 30.48101, sd: 6.10771 },
    );
    expect(value / standardError).toBeCloseTo(-12.62059, 4);
    expect(degreesOfFreedom).toBe(326);
    expect(standardError / Math.sqrt(1 / 249 + 1 / 79)).toBeCloseTo(6.3426, 4);
  });
  test('of a single value has the spread and the degrees of freedom of the other sample', () => {
    const other = moments([1, 2, 3, 6]);
    expect(pooledDifference({ n: 1, mean: 5, sd: 0 }, other)).toEqual({
      value: 2,
      standardError: expect.closeTo(other.sd * Math.sqrt(1 + 1 / 4), 12) as number,
      degreesOfFreedom: 3,
    });
  });
  test('without any spread is the difference alone', () => {
    const estimate = pooledDifference(moments([3, 3]), moments([1, 1, 1]));
    expect(intervalOf(estimate)).toEqual({ low: 2, high: 2 });
    expect([pAtMost(estimate, 0), pAtLeast(estimate, 0)]).toEqual([0, 1]);
    expect([pAtMost(estimate, 2), pAtLeast(estimate, 2)]).toEqual([1, 1]);
  });
});

describe('one-sided p-values', () => {
  test('of both sides add up to one', () => {
    const estimate = meanEstimate(moments([1, 2, 4]));
    expect(pAtMost(estimate, 1.5) + pAtLeast(estimate, 1.5)).toBeCloseTo(1, 14);
    expect(pAtMost(estimate, estimate.value)).toBe(0.5);
  });
  test('are 5 % at the ends of the 90 % interval, and the tail at those of any other', () => {
    const estimate = meanEstimate(moments([0.1, 0.5, 0.3, 0.2]));
    for (const tail of [0.05, 0.01, 0.0007]) {
      const { low, high } = intervalOf(estimate, tail);
      expect(pAtMost(estimate, low)).toBeCloseTo(tail, 12);
      expect(pAtLeast(estimate, high)).toBeCloseTo(tail, 12);
    }
  });
  test('are certain of a bound that is infinitely far', () => {
    const estimate = meanEstimate(moments([1, 2, 4]));
    expect([pAtMost(estimate, -Infinity), pAtLeast(estimate, Infinity)]).toEqual([0, 0]);
  });
});

describe('medianInterval95', () => {
  const ranks = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
  test('of nothing is undefined', () => expect(medianInterval95([])).toBeUndefined());
  test.each([1, 2, 5])('of %d values is the extremes', (n) => {
    expect(medianInterval95(ranks(n))).toEqual({ low: 1, high: n });
  });
  // Ranks of the sign-test interval: Conover, Practical Nonparametric Statistics, table A3 with p = 1/2.
  test.each([
    [6, 1],
    [8, 1],
    [9, 2],
    [10, 2],
    [12, 3],
    [20, 6],
    [30, 10],
    [100, 40],
  ])('of %d values leaves out all below rank %d', (n, rank) => {
    expect(medianInterval95(ranks(n))).toEqual({ low: rank, high: n + 1 - rank });
  });
  test('of thousands of values does not underflow', () => {
    // Normal approximation: 2500 - 1.96 sqrt(5000) / 2 = 2430.7.
    expect(medianInterval95(ranks(5000))?.low).toBe(2431);
  });
});
