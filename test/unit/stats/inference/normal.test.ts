import { expect, test } from 'vitest';
import { normalUpperTail } from '../../../../src/stats/inference/normal.js';

// Abramowitz and Stegun, Handbook of Mathematical Functions (1964), table 26.1: P(x) to 15 decimals; table 26.2: -log Q(x).
test.each([
  [0, 0.5],
  [0.5, 1 - 0.691462461274013],
  [1, 1 - 0.841344746068543],
  [1.96, 1 - 0.97500210485178],
  [2, 1 - 0.977249868051821],
  [3, 1 - 0.99865010196837],
])('P(Z > %d) is that of the table', (z, expected) => {
  expect(normalUpperTail(z)).toBeCloseTo(expected, 14);
});

test.each([
  [5, 6.54265],
  [10, 23.11805],
  [20, 88.5601],
])('-log10 P(Z > %d) is that of the table', (z, expected) => {
  expect(-Math.log10(normalUpperTail(z))).toBeCloseTo(expected, 5);
});

test('both tails make one', () => {
  for (const z of [0.001, 1.3, 1.999, 2.001, 7]) expect(normalUpperTail(z) + normalUpperTail(-z)).toBe(1);
});

test('the two formulas meet', () => {
  expect(normalUpperTail(2 - 1e-9) / normalUpperTail(2)).toBeCloseTo(1, 8);
});

test('agrees with the integral of the density', () => {
  const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  // Simpson's rule from z to z + 40, beyond which nothing is left.
  for (const z of [0, 0.3, 1.7, 2.5, 4]) {
    const [steps, width] = [40_000, 40 / 40_000];
    let sum = density(z) + density(z + 40);
    for (let step = 1; step < steps; step++) sum += (step % 2 === 1 ? 4 : 2) * density(z + step * width);
    expect(normalUpperTail(z) / ((sum * width) / 3)).toBeCloseTo(1, 10);
  }
});
