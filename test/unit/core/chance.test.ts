import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atChanceSince, binomialTail, isAtChance } from '../../../src/core/chance.js';

/** P(X >= successes) for p = 1/q by counting, in integers: the sum of C(n, k) (q - 1)^(n - k), over q^n. */
function tailByCounting(successes: number, trials: number, q: number): number {
  const [n, others] = [BigInt(trials), BigInt(q - 1)];
  let ways = others ** n;
  let sum = 0n;
  for (let k = 0n; k <= n; k++) {
    if (k >= successes) sum += ways;
    ways = (ways * (n - k)) / ((k + 1n) * others);
  }
  // All bits of a quotient that may be near the smallest double.
  const quotient = (sum << 1200n) / BigInt(q) ** n;
  const excess = Math.max(0, quotient.toString(16).length * 4 - 64);
  return (Number(quotient >> BigInt(excess)) * 2 ** (excess - 600)) / 2 ** 600;
}

describe('binomialTail', () => {
  test('is the quotient of two integers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }).chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: -2, max: n + 2 }))),
        fc.integer({ min: 2, max: 20 }),
        ([trials, successes], q) => {
          const expected = tailByCounting(successes, trials, q);
          const error = Math.abs(binomialTail(successes, trials, 1 / q) - expected);
          // Below 1e-290 the terms lose bits.
          expect(error).toBeLessThanOrEqual(1e-11 * expected + 1e-290);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('is what it is by hand', () => {
    // Three dice: at least one six, 1 - (5/6)^3; three sixes, 1/216.
    expect(binomialTail(1, 3, 1 / 6)).toBeCloseTo(91 / 216, 14);
    expect(binomialTail(3, 3, 1 / 6)).toBeCloseTo(1 / 216, 14);
    expect([binomialTail(0, 3, 0.5), binomialTail(4, 3, 0.5), binomialTail(0, 0, 0.5)]).toEqual([1, 0, 1]);
  });

  test('does not underflow in a large test set', () => {
    // Both sides of the mean of 10,000 guesses among ten; 0.9^10000 is below the smallest double.
    expect(binomialTail(1, 10_000, 0.1)).toBe(1);
    expect(binomialTail(1000, 10_000, 0.1)).toBeCloseTo(tailByCounting(1000, 10_000, 10), 10);
    expect(binomialTail(1100, 10_000, 0.1) / tailByCounting(1100, 10_000, 10)).toBeCloseTo(1, 9);
    expect(binomialTail(10_000, 10_000, 0.1)).toBe(0);
  });

  test.each([
    [0.5, 3, 0.1],
    [1, -1, 0.1],
    [1, 2.5, 0.1],
    [1, 3, 0],
    [1, 3, 1],
    [1, 3, Number.NaN],
  ])('refuses %d of %d with probability %d', (successes, trials, p) => {
    expect(() => binomialTail(successes, trials, p)).toThrow(RangeError);
  });
});

describe('accuracy at chance', () => {
  test('guessing passes for knowledge once in a thousand test sets at most, and the bound is sharp', () => {
    for (const [images, classes] of [
      [100, 10],
      [1000, 10],
      [11, 4],
    ] as const) {
      const least = Array.from({ length: images + 1 }, (_, right) => right).find(
        (right) => !isAtChance(right / images, images, classes),
      ) as number;
      expect(tailByCounting(least, images, classes)).toBeLessThanOrEqual(0.001);
      expect(tailByCounting(least - 1, images, classes)).toBeGreaterThan(0.001);
    }
  });

  test('no answer right and an accuracy below chance are at chance, all answers right are not', () => {
    expect([0, 0.05, 0.1, 1].map((accuracy) => isAtChance(accuracy, 100, 10))).toEqual([true, true, true, false]);
  });

  test('where there is one class, or one image of two, nothing is told from chance but by its number', () => {
    expect(isAtChance(1, 100, 1)).toBe(false);
    expect(isAtChance(1, 1, 2)).toBe(true);
  });

  test('counts from the epoch after the last one above chance', () => {
    const curve = (...accuracies: number[]) =>
      accuracies.map((testAccuracy, index) => ({ epoch: index + 1, testAccuracy }));
    expect(atChanceSince(curve(0.1, 0.5, 0.1, 0.1), 1000, 10)).toBe(3);
    expect(atChanceSince(curve(0.1, 0.1), 1000, 10)).toBe(1);
    expect(atChanceSince(curve(0.1, 0.1, 0.5), 1000, 10)).toBeUndefined();
    expect(atChanceSince([], 1000, 10)).toBeUndefined();
  });
});
