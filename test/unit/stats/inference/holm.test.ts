import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holmAdjusted } from '../../../../src/stats/inference/holm.js';

/**
 * Holm's procedure is the closed test with Bonferroni on every intersection (Marcus, Peritz and Gabriel 1976): the
 * adjusted value of a hypothesis is the largest Bonferroni value over all sets that it is in.
 */
function closedTest(pValues: readonly number[]): number[] {
  return pValues.map((_, own) => {
    let worst = 0;
    for (let set = 1; set < 2 ** pValues.length; set++) {
      const members = pValues.filter((__, index) => (set >> index) & 1);
      if ((set >> own) & 1) worst = Math.max(worst, Math.min(1, members.length * Math.min(...members)));
    }
    return worst;
  });
}

describe('holmAdjusted', () => {
  test('of one value is the value', () => expect(holmAdjusted([0.03])).toEqual([0.03]));
  test('of nothing is nothing', () => expect(holmAdjusted([])).toEqual([]));
  // R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
  test('keeps the order of its input and never falls below a smaller one', () => {
    expect(holmAdjusted([0.01, 0.04, 0.03, 0.005])).toEqual(
      [0.03, 0.06, 0.06, 0.02].map((p) => expect.closeTo(p, 12) as number),
    );
  });
  test('stops at one', () => expect(holmAdjusted([0.5, 0.9, 1])).toEqual([1, 1, 1]));
  test('gives ties the same value', () => expect(holmAdjusted([0.02, 0.02, 0.02])).toEqual([0.06, 0.06, 0.06]));
  test('is the closed test with Bonferroni', () => {
    const p = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.01, 0.05, 1));
    fc.assert(
      fc.property(fc.array(p, { maxLength: 7 }), (pValues) => {
        const expected = closedTest(pValues);
        holmAdjusted(pValues).forEach((adjusted, index) => expect(adjusted).toBeCloseTo(expected[index] as number, 12));
      }),
    );
  });
  test.each([-0.1, 1.1, NaN])('refuses %d', (p) => expect(() => holmAdjusted([0.5, p])).toThrow(RangeError));
});
