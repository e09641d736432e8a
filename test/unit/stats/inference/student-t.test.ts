import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { studentTQuantile, studentTUpperTail } from '../../../../src/stats/inference/student-t.js';

/** NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: upper critical values of Student's t. */
const PUBLISHED: readonly (readonly [
  degrees: number,
  p90: number,
  p95: number,
  p975: number,
  p99: number,
  p995: number,
])[] = [
  [1, 3.078, 6.314, 12.706, 31.821, 63.657],
  [2, 1.886, 2.92, 4.303, 6.965, 9.925],
  [3, 1.638, 2.353, 3.182, 4.541, 5.841],
  [4, 1.533, 2.132, 2.776, 3.747, 4.604],
  [5, 1.476, 2.015, 2.571, 3.365, 4.032],
  [9, 1.383, 1.833, 2.262, 2.821, 3.25],
  [10, 1.372, 1.812, 2.228, 2.764, 3.169],
  [19, 1.328, 1.729, 2.093, 2.539, 2.861],
  [29, 1.311, 1.699, 2.045, 2.462, 2.756],
  [60, 1.296, 1.671, 2, 2.39, 2.66],
  [100, 1.29, 1.66, 1.984, 2.364, 2.626],
];

/** scipy.stats.t.ppf(p, df) of scipy 1.17.1. */
const SCIPY: readonly (readonly [probability: number, degrees: number, t: number])[] = [
  [0.95, 1, 6.313751514675037],
  [0.95, 2, 2.9199855803537242],
  [0.95, 2.37, 2.6316615013793037],
  [0.95, 3, 2.3533634348018233],
  [0.95, 30.5, 1.6963751158527451],
  [0.95, 99, 1.6603911560169906],
  [0.95, 100_000, 1.6448688647849696],
  [0.975, 2.37, 3.7189208397974567],
  [0.995, 1, 63.656741162871526],
];

describe('studentTQuantile', () => {
  test.each(PUBLISHED)('agrees with the published table at %d degrees of freedom', (degrees, ...row) => {
    const computed = [0.9, 0.95, 0.975, 0.99, 0.995].map((p) => studentTQuantile(p, degrees));
    computed.forEach((t, column) => expect(Math.abs(t - (row[column] as number))).toBeLessThanOrEqual(0.0005001));
  });

  test.each(SCIPY)('agrees with scipy at p = %d and %d degrees of freedom', (probability, degrees, t) => {
    expect(studentTQuantile(probability, degrees) / t - 1).toBeCloseTo(0, 9);
  });

  test('has closed forms at one and two degrees of freedom', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (p) => {
        expect(studentTQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 8);
        expect(studentTQuantile(p, 2)).toBeCloseTo((2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 8);
      }),
    );
  });

  test('is odd around the median and undone by the distribution', () => {
    const probability = fc.double({ min: 0.501, max: 0.9999, noNaN: true });
    fc.assert(
      fc.property(probability, fc.double({ min: 0.5, max: 1000, noNaN: true }), (p, degrees) => {
        const t = studentTQuantile(p, degrees);
        expect(studentTQuantile(1 - p, degrees)).toBeCloseTo(-t, 6);
        expect(studentTUpperTail(t, degrees)).toBeCloseTo(1 - p, 10);
      }),
      { numRuns: 50 },
    );
    expect(studentTQuantile(0.5, 3)).toBe(0);
  });

  test.each([
    [0, 3],
    [1, 3],
    [NaN, 3],
    [0.95, 0],
    [0.95, -1],
    [0.95, NaN],
  ])('refuses p = %d with %d degrees of freedom', (probability, degrees) => {
    expect(() => studentTQuantile(probability, degrees)).toThrow(RangeError);
  });
});
