import { describe, expect, test } from 'vitest';
import { differenceInterval90, meanInterval90, medianInterval95, momentsOf } from '../../../src/stats/interval.js';
import type { Moments } from '../../../src/stats/interval.js';

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
    const normal = normals(20_000, 1);
    const samples = Array.from({ length: 4000 }, (_, index) => normal.slice(5 * index, 5 * index + 5));
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

/** Standard normal draws from a fixed linear congruential generator (Numerical Recipes) and Box and Muller 1958. */
function normals(count: number, seed: number): number[] {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 + 2 ** -33;
  return Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}
