import { describe, expect, test } from 'vitest';
import { chanceSecondIsLarger, hedgesG } from '../../../../src/stats/inference/effect.js';
import { momentsOf, type Moments } from '../../../../src/stats/inference/interval.js';
import { mannWhitney } from '../../../../src/stats/inference/mann-whitney.js';

const moments = (values: readonly number[]) => momentsOf(values) as Moments;

describe('hedgesG', () => {
  // Means 4 and 2, both variances 1, df 4: d = 2, correction 1 - 3 / 15.
  test('is the corrected difference in standard deviations', () => {
    expect(hedgesG(moments([3, 4, 5]), moments([1, 2, 3]))).toBeCloseTo(1.6, 12);
    expect(hedgesG(moments([1, 2, 3]), moments([3, 4, 5]))).toBeCloseTo(-1.6, 12);
  });
  test('pools unequal sizes by their degrees of freedom', () => {
    // Variances 2 and 8, df 1 and 2: pooled (2 + 16) / 3 = 6; correction 1 - 3 / 11.
    expect(hedgesG(moments([1, 3]), moments([2, 5.65685424949238 + 2, 2.82842712474619 + 2]))).toBeCloseTo(
      ((2 - 4.82842712474619) / Math.sqrt(6)) * (8 / 11),
      9,
    );
  });
  test('is undefined where nothing varies', () => {
    expect(hedgesG(moments([1, 1]), moments([2, 2]))).toBeUndefined();
  });
});

describe('chanceSecondIsLarger', () => {
  const chance = (first: readonly number[], second: readonly number[]) => {
    const test = mannWhitney(first, second);
    return test && chanceSecondIsLarger(test, first.length, second.length);
  };
  test('is the share of pairs, ties counted half', () => {
    expect(chance([1, 2], [3, 4, 5])).toBe(1);
    expect(chance([3, 4, 5], [1, 2])).toBe(0);
    expect(chance([1, 2, 3], [2])).toBe(0.5);
    expect(chance([2, 2], [2, 3])).toBe(0.75);
  });
});
