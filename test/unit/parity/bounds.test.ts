import { describe, expect, test } from 'vitest';
import {
  accuracyBound,
  changeBound,
  forwardBounds,
  gradientBounds,
  lossBound,
  sums,
} from '../../../src/parity/bounds.js';
import { LEDGER } from '../../fixtures/ledger.js';

const MLP = LEDGER.model('mlp-cifar-3');

describe('bounds', () => {
  test('of sums grow with the square root of the number of terms', () => {
    expect(sums(1).limit).toBe(4 * 2 ** -24);
    expect(sums(400).limit).toBe(20 * sums(1).limit);
    expect(sums(9, 16).limit).toBe(7 * sums(1).limit);
  });

  test('of layers grow forward, those of gradients backward, the loss in between', () => {
    const forward = [...forwardBounds(MLP)]
      .filter(([name]) => name.startsWith('dense'))
      .map(([, bound]) => bound.limit);
    expect(forward).toEqual(forward.toSorted((a, b) => a - b));
    expect(new Set(forward).size).toBe(4);
    const backward = [...gradientBounds(MLP, 32)];
    expect(backward.map(([name]) => name)).toEqual(['dense4', 'dense3', 'dense2', 'dense1']);
    const limits = backward.map(([, { limit }]) => limit);
    expect(limits).toEqual(limits.toSorted((a, b) => a - b));
    expect(lossBound(MLP, 32).limit).toBeGreaterThan(forward.at(-1)!);
    expect(lossBound(MLP, 32).limit).toBeLessThan(limits[0]!);
    // An error of a tenth of a percent is found in every gradient.
    expect(limits.at(-1)).toBeLessThan(1e-4);
    expect(changeBound(gradientBounds(MLP, 32).get('dense1')!).limit).toBe(Math.sqrt(limits.at(-1)!));
  });

  test('of an accuracy are those of chance, and leave room where all images are right', () => {
    expect(accuracyBound(0.5, 10_000).limit).toBeCloseTo(2 * Math.sqrt(0.5 / 10_000), 6);
    expect(accuracyBound(1, 100).limit).toBeGreaterThan(0.01);
    expect(accuracyBound(1, 100).limit).toBeLessThan(0.05);
  });
});
