import { expect, test } from 'vitest';
import { z } from 'zod';
import { list } from '../../../src/core/list.js';
import { recordSchema } from '../../../src/core/record.js';
import { looksSchema, summarySchema } from '../../../src/core/summary.js';
import { sweepGridSchema } from '../../../src/core/sweep.js';

const numbers = list(z.number(), { least: 1, most: 3 });

test('takes what z.array takes, within its bounds', () => {
  expect(numbers.parse([1, 2, 3])).toEqual([1, 2, 3]);
  expect(numbers.safeParse([]).error?.issues[0]?.message).toBe('has 0 elements; the least is 1');
  expect(numbers.safeParse([1, 2, 3, 4]).error?.issues[0]?.message).toBe('has 4 elements; the most is 3');
  expect(numbers.safeParse('1').success).toBe(false);
});

test('names the first element that is wrong, down to its field, and looks no further', () => {
  const cells = list(z.strictObject({ seed: z.number() }));
  const { error } = cells.safeParse([{ seed: 1 }, { seed: 'x', y: 1 }, ...Array.from({ length: 40_000 }, () => ({}))]);
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['1.seed', '1']);
});

test('a summary of a hundred thousand empty claims has one problem', () => {
  const { error } = summarySchema.safeParse({ claims: Array.from({ length: 100_000 }, () => ({})) });
  expect(error?.issues.filter(({ path }) => path[0] === 'claims')).toHaveLength(1);
  const result = { kind: 'training', curve: Array.from({ length: 40_000 }, () => 1) };
  expect(recordSchema.safeParse({ outcome: 'completed', result }).error?.issues.length).toBeLessThan(40);
});

test('rules about a whole list see none that is wrong', () => {
  expect(looksSchema.parse([3, 5])).toEqual([3, 5]);
  for (const wrong of [[5, 3], [1], [3, 2 ** 53 - 1], [], 'x', ['x']])
    expect(looksSchema.safeParse(wrong).success).toBe(false);
});

test('a grid of a sweep has bounds, whatever its axes have', () => {
  const axis = Array.from({ length: 101 }, (_, index) => index + 1);
  const grid = { experiment: 'mlp-1', backend: 'wasm', profile: 'quick', seeds: [1], batchSize: axis };
  expect(sweepGridSchema.safeParse(grid).success).toBe(true);
  expect(sweepGridSchema.safeParse({ ...grid, epochs: axis }).error?.issues[0]?.message).toMatch(
    /more than 10,000 trainings/,
  );
});
