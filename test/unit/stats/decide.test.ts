import { describe, expect, test } from 'vitest';
import { decide, moreSeedsToDecide } from '../../../src/stats/decide.js';

const printed = { low: 0.88, high: 0.9, closed: true };
const above = { low: 0, high: Infinity, closed: false };

describe('decide', () => {
  test.each([
    ['inside', 0.885, 0.895, 'reproduced'],
    ['as wide as the claim', 0.88, 0.9, 'reproduced'],
    ['below', 0.85, 0.87, 'not reproduced'],
    ['above', 0.91, 0.92, 'not reproduced'],
    ['across the lower bound', 0.87, 0.89, 'inconclusive'],
    ['around everything', 0.5, 1, 'inconclusive'],
    ['touching from outside', 0.9, 0.92, 'inconclusive'],
  ])('calls an interval that is %s of a printed number by its name', (_case, low, high, verdict) => {
    expect(decide({ low, high }, printed)).toBe(verdict);
  });
  test.each([
    ['above', 0.1, 2, 'reproduced'],
    ['below', -2, -0.1, 'not reproduced'],
    ['exactly zero', 0, 0, 'not reproduced'],
    ['across', -1, 1, 'inconclusive'],
  ])('calls a difference that is %s zero by its name', (_case, low, high, verdict) => {
    expect(decide({ low, high }, above)).toBe(verdict);
  });
});

describe('moreSeedsToDecide', () => {
  const shrinking = (n: number) => ({ low: 1 - 5 / n, high: 1 + 5 / n });
  test('finds the fewest seeds', () => expect(moreSeedsToDecide(3, above, shrinking)).toBe(3));
  test('gives up after a hundred', () => {
    expect(moreSeedsToDecide(3, above, () => ({ low: -1, high: 1 }))).toBeUndefined();
    expect(moreSeedsToDecide(100, above, shrinking)).toBeUndefined();
  });
});
