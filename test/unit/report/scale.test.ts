import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochScale, niceStep, spread, valueScale } from '../../../src/report/svg/scale.js';

describe('niceStep', () => {
  test.each([
    [1, 10, 0.1],
    [0.3, 6, 0.05],
    [30, 8, 5],
    [100, 8, 20],
  ])('cuts %d into about %d pieces of %d', (span, count, step) => expect(niceStep(span, count)).toBeCloseTo(step, 12));
});

describe('valueScale', () => {
  test('takes more values than a call takes arguments', () => {
    expect(
      valueScale(
        Array.from({ length: 300_000 }, (_, index) => index),
        0,
        100,
        4,
      ).ticks,
    ).toEqual([0, 100_000, 200_000, 300_000]);
  });
  test('ends on ticks around its values', () => {
    const { ticks, at } = valueScale([0.812, 0.894], 300, 100, 6);
    expect(ticks).toEqual([0.8, 0.82, 0.84, 0.86, 0.88, 0.9]);
    expect([at(0.8), at(0.9)]).toEqual([300, 100]);
  });
  test('has room around a single value and around zero', () => {
    for (const value of [0.5, 0]) {
      const { ticks, at } = valueScale([value], 100, 0, 4);
      expect(ticks.length).toBeGreaterThan(2);
      expect(at(value)).toBeGreaterThan(0);
      expect(at(value)).toBeLessThan(100);
    }
  });
  test('keeps values beyond its ends at the ends', () => {
    expect(valueScale([0, 1], 100, 0, 4).at(1e30)).toBe(0);
  });
});

describe('epochScale', () => {
  test('starts at the first epoch', () => {
    const { ticks, at } = epochScale(30, 0, 290);
    expect(ticks).toEqual([1, 5, 10, 15, 20, 25, 30]);
    expect([at(1), at(30)]).toEqual([0, 290]);
  });
  test('puts a single epoch in the middle', () => {
    expect(epochScale(1, 0, 100)).toMatchObject({ ticks: [1] });
    expect(epochScale(1, 0, 100).at(1)).toBe(50);
  });
});

describe('spread', () => {
  test('leaves positions alone that are far enough apart', () => {
    expect(spread([10, 50, 90], 18, 0, 100)).toEqual([10, 50, 90]);
  });
  test('moves two that coincide equally far', () => {
    expect(spread([50, 50], 18, 0, 100)).toEqual([41, 59]);
  });
  test('keeps the order, the gap and the bounds', () => {
    const positions = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(positions, (given) => {
        const placed = spread(given, 18, 0, 400);
        const sorted = [...placed].sort((a, b) => a - b);
        expect(sorted[0]).toBeGreaterThanOrEqual(-1e-9);
        expect(sorted.at(-1)).toBeLessThanOrEqual(400 + 1e-9);
        for (const [index, position] of sorted.entries()) {
          if (index > 0) expect(position - (sorted[index - 1] as number)).toBeGreaterThanOrEqual(18 - 1e-9);
        }
        given.forEach((a, i) =>
          given.forEach((b, j) => {
            if (a < b) expect(placed[i]).toBeLessThan(placed[j] as number);
          }),
        );
      }),
    );
  });
});
