import { describe, expect, test } from 'vitest';
import type { NamedTensor } from '../../../src/core/safetensors.js';
import { EXACT, ulps } from '../../../src/parity/bounds.js';
import { compare, differenceOf } from '../../../src/parity/difference.js';

function tensor(values: readonly number[], shape: readonly number[] = [values.length]): NamedTensor {
  return { name: 't', shape, values: Float32Array.from(values) };
}

describe('the difference of two tensors', () => {
  test('is relative to the largest value, to each value, to the 2-norm, or to nothing', () => {
    const [actual, oracle] = [tensor([3, 0.5, 4]), tensor([3, 1, 5])];
    expect(differenceOf(actual, oracle, 'normwise').error).toBe(1 / 5);
    expect(differenceOf(actual, oracle, 'elementwise')).toEqual({
      error: 0.5,
      place: { index: [1], actual: 0.5, oracle: 1 },
    });
    expect(differenceOf(actual, oracle, 'euclidean').error).toBe(Math.sqrt(1.25) / Math.sqrt(35));
    expect(differenceOf(actual, oracle, 'absolute').error).toBe(1);
  });

  test('is nothing where all values are equal, zeros and empty tensors among them', () => {
    for (const values of [[1, -2], [0, 0], []]) {
      for (const measure of ['normwise', 'elementwise', 'euclidean', 'absolute'] as const) {
        expect(differenceOf(tensor(values), tensor(values), measure)).toEqual({ error: 0 });
      }
    }
  });

  test('names the place by its index along each axis', () => {
    const oracle = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    const actual = tensor([1, 2, 3, 4, 5.5, 6], [2, 3]);
    expect(differenceOf(actual, oracle, 'normwise').place).toEqual({ index: [1, 1], actual: 5.5, oracle: 5 });
  });

  test('of a number to a zero has no size', () => {
    expect(differenceOf(tensor([0, 1]), tensor([0, 0]), 'normwise')).toEqual({
      place: { index: [1], actual: 1, oracle: 0 },
      reason: 'the oracle has zeros there',
    });
  });

  test.each([
    [tensor([1, NaN]), tensor([1, NaN]), 'it has NaN at [1]'],
    [tensor([Infinity]), tensor([Infinity]), 'it has Infinity at [0]'],
    [tensor([1]), tensor([-Infinity]), 'the oracle has -Infinity at [0]'],
    [tensor([1, 2]), tensor([1, 2], [2, 1]), 'its shape is [2] instead of [2, 1]'],
  ])('is no number for %o and %o', (actual, oracle, reason) => {
    for (const measure of ['normwise', 'elementwise', 'euclidean'] as const) {
      expect(differenceOf(actual, oracle, measure)).toEqual({ reason });
    }
  });
});

describe('a comparison', () => {
  test('agrees up to its bound, and not beyond', () => {
    const bound = ulps(1, 'one rounding');
    const oracle = tensor([1, 1]);
    expect(compare('x', tensor([1, 1 + 2 ** -23]), oracle, bound)).toMatchObject({ agrees: true, error: 2 ** -23 });
    expect(compare('x', tensor([1, 1 + 2 ** -22]), oracle, bound)).toMatchObject({ agrees: false, error: 2 ** -22 });
  });

  test('never agrees with what is missing, or is no number', () => {
    expect(compare('x', undefined, tensor([1]), EXACT)).toMatchObject({ agrees: false, reason: 'it is missing' });
    expect(compare('x', tensor([NaN]), tensor([NaN]), EXACT)).toMatchObject({ agrees: false });
  });

  test('takes integers as they are', () => {
    const oracle = { name: 't', shape: [2], values: Int32Array.of(2 ** 30, 7) };
    expect(compare('x', oracle, oracle, EXACT).agrees).toBe(true);
    expect(compare('x', { ...oracle, values: Int32Array.of(2 ** 30 + 1, 7) }, oracle, EXACT).agrees).toBe(false);
  });
});
