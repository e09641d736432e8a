import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { throughputSchema } from '../../../src/core/record.js';
import { summarizeThroughput } from '../../../src/stats/throughput.js';

const steps = (count: number, seconds = 0.5) => Array.from({ length: count }, () => seconds);

describe('summarizeThroughput', () => {
  test('of constant steps is their speed with an interval of no width', () => {
    expect(summarizeThroughput(steps(40), 1024, 5)).toEqual({
      imagesPerSecond: 2048,
      low: 2048,
      high: 2048,
      blocks: 20,
      seconds: 20,
      warmupSteps: 5,
    });
  });
  test('drops the steps at the start that fill no block', () => {
    expect(summarizeThroughput([60, 60, ...steps(60)], 100, 0)?.imagesPerSecond).toBe(200);
  });
  test('is not moved by a single pause', () => {
    expect(summarizeThroughput([...steps(20), 30], 100, 0)).toMatchObject({ imagesPerSecond: 200, low: 200 });
  });
  test('has a block a step where there are few steps', () => {
    expect(summarizeThroughput(steps(12), 100, 0)?.blocks).toBe(12);
    expect(summarizeThroughput(steps(2), 100, 1)?.blocks).toBe(2);
  });
  test('has at least ten blocks as soon as there are ten steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 2000 }), (count) => {
        const found = summarizeThroughput(steps(count), 32, 0);
        expect(found?.blocks).toBeGreaterThanOrEqual(10);
        expect(found?.blocks).toBeLessThan(40);
      }),
    );
  });
  test.each([
    ['no steps', []],
    ['a clock that stands still', [0, 0, 0]],
  ])('is undefined for %s', (_case, seconds) => {
    expect(summarizeThroughput(seconds, 32, 3)).toBeUndefined();
  });
  test('always fits the record schema', () => {
    const seconds = fc.array(fc.double({ min: 1e-4, max: 100, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(seconds, (times) => {
        const found = throughputSchema.parse(summarizeThroughput(times, 64, 0));
        expect(found.low).toBeLessThanOrEqual(found.imagesPerSecond);
        expect(found.high).toBeGreaterThanOrEqual(found.imagesPerSecond);
      }),
    );
  });
});
