import { describe, expect, test } from 'vitest';
import {
  changeThreshold,
  isTimedLongEnough,
  judgeSpeeds,
  relativeNoise,
} from '../../../../src/stats/compare/speed-rule.js';

const seven = (from: number) => Array.from({ length: 7 }, (_, index) => from + index);

describe('relativeNoise', () => {
  test('of nothing is undefined', () => expect(relativeNoise([])).toBeUndefined());
  test('of one value, or of identical values, is none', () => {
    expect(relativeNoise([5])).toBe(0);
    expect(relativeNoise([5, 5, 5])).toBe(0);
  });
  // Median 100, deviations 10, 5, 0, 5, 900: their median is 5.
  test('is the scaled deviation, which an outlier does not move', () => {
    expect(relativeNoise([90, 95, 100, 105, 1000])).toBeCloseTo(0.07413, 12);
  });
});

describe('changeThreshold', () => {
  test('is a tenth on a quiet machine, and without a calibration', () => {
    expect([changeThreshold(undefined), changeThreshold(0), changeThreshold(0.03)]).toEqual([0.1, 0.1, 0.1]);
  });
  test('is three times the noise of a noisy one', () => expect(changeThreshold(0.07)).toBeCloseTo(0.21, 12));
});

describe('judgeSpeeds', () => {
  test('of an empty sample is undefined', () => {
    expect(judgeSpeeds([], [1], 0.1)).toBeUndefined();
    expect(judgeSpeeds([1], [], 0.1)).toBeUndefined();
  });

  test('finds a slow-down that is certain and large, and the speed-up that it is the other way round', () => {
    expect(judgeSpeeds(seven(100), seven(80), 0.1)).toMatchObject({ verdict: 'slower', ratio: 83 / 103 });
    expect(judgeSpeeds(seven(80), seven(100), 0.1)).toMatchObject({ verdict: 'faster', ratio: 103 / 83 });
    expect(judgeSpeeds(seven(100), seven(80), 0.1)?.change).toBe(judgeSpeeds(seven(80), seven(100), 0.1)?.change);
  });

  test('lets a change pass that is certain and small', () => {
    const small = judgeSpeeds(seven(1000), seven(980), 0.1);
    expect(small?.test.p).toBeLessThan(0.002);
    expect(small?.verdict).toBe('no difference shown');
  });

  test('lets a change pass that is large and may be chance', () => {
    const six = (from: number) => seven(from).slice(1);
    expect(judgeSpeeds(six(100), six(50), 0.1)).toMatchObject({ verdict: 'no difference shown' });
  });

  test('asks for more on a noisy machine', () => {
    expect(judgeSpeeds(seven(100), seven(80), 0.3)?.verdict).toBe('no difference shown');
  });

  test('of identical speeds finds nothing', () => {
    const same = new Array<number>(7).fill(3);
    expect(judgeSpeeds(same, same, 0.1)).toMatchObject({ ratio: 1, change: 0, verdict: 'no difference shown' });
  });
});

test.each([
  [10, 3, true],
  [9, 30, false],
  [39, 2.99, false],
])('%d blocks and %d s are long enough: %s', (blocks, seconds, expected) => {
  expect(isTimedLongEnough({ blocks, seconds })).toBe(expected);
});
