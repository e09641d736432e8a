import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intervalOf } from '../../../../src/stats/inference/interval.js';
import { decide, moreSeedsToDecide, pOfDecision } from '../../../../src/stats/judge/decide.js';

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

describe('pOfDecision', () => {
  test('is at most 5 % exactly where the 90 % interval decides, and nothing else', () => {
    const estimates = fc.record({
      value: fc.double({ min: 0.8, max: 1, noNaN: true }),
      standardError: fc.double({ min: 1e-5, max: 0.05, noNaN: true }),
      degreesOfFreedom: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(estimates, (estimate) => {
        const verdict = decide(intervalOf(estimate), printed);
        const [inside, outside] = (['reproduced', 'not reproduced'] as const).map((each) =>
          pOfDecision(estimate, printed, each),
        ) as [number, number];
        expect(inside <= 0.05).toBe(verdict === 'reproduced');
        if (verdict === 'not reproduced') expect(outside).toBeLessThanOrEqual(0.05);
      }),
    );
  });
  test('of a difference has one side only', () => {
    const estimate = { value: 2, standardError: 1, degreesOfFreedom: 1 };
    // P(T > 2) of Cauchy's distribution: 1 / 2 - atan(2) / pi.
    expect(pOfDecision(estimate, above, 'reproduced')).toBeCloseTo(0.5 - Math.atan(2) / Math.PI, 12);
    expect(pOfDecision({ ...estimate, value: -2 }, above, 'not reproduced')).toBeCloseTo(
      0.5 - Math.atan(2) / Math.PI,
      12,
    );
  });
  test('is 0 where nothing varied, and absent without a decision', () => {
    const constant = { value: 0.89, standardError: 0, degreesOfFreedom: 2 };
    expect(pOfDecision(constant, printed, 'reproduced')).toBe(0);
    expect(pOfDecision({ ...constant, standardError: 0.1 }, printed, 'inconclusive')).toBeUndefined();
  });
});

describe('moreSeedsToDecide', () => {
  const fromSix = (n: number) => n >= 6;
  test('finds the fewest seeds', () => expect(moreSeedsToDecide(3, fromSix)).toBe(3));
  test('gives up after a hundred', () => {
    expect(moreSeedsToDecide(3, () => false)).toBeUndefined();
    expect(moreSeedsToDecide(100, fromSix)).toBeUndefined();
  });
});
