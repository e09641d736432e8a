import { describe, expect, test } from 'vitest';
import { agreesWithGrid, parseGrid } from '../../../src/core/printed-grid.js';

describe('a printed grid', () => {
  test('has rows by slashes and numbers by blanks; integers are exact', () => {
    const grid = [
      [19, 25],
      [37, 43],
    ];
    expect(parseGrid('19 25 / 37 43')).toEqual({ values: grid, low: grid, high: grid });
  });
  test('gives every decimal half a unit of its last digit', () => {
    const grid = parseGrid('4.25 \u22123.5');
    expect(grid?.low[0]?.map((value) => value.toFixed(3))).toEqual(['4.245', '-3.550']);
    expect(agreesWithGrid(grid as NonNullable<typeof grid>, [[4.2549, -3.4501]])).toBe(true);
    expect(agreesWithGrid(grid as NonNullable<typeof grid>, [[4.2551, -3.5]])).toBe(false);
  });
  test.each(['7', '0.5', '1 2 / 3', 'K biases', '(1,28,28)', '54x54', '', '1 / x'])('is not "%s"', (printed) => {
    expect(parseGrid(printed)).toBeUndefined();
  });
  test('does not agree with a grid of another shape', () => {
    const grid = parseGrid('1 2 / 3 4') as NonNullable<ReturnType<typeof parseGrid>>;
    expect(agreesWithGrid(grid, [[1, 2]])).toBe(false);
    expect(agreesWithGrid(grid, [[1], [3]])).toBe(false);
    expect(agreesWithGrid(grid, [[1, 2], [3, 4], [5, 6]])).toBe(false); // prettier-ignore
    expect(agreesWithGrid(grid, [[1, NaN], [3, 4]])).toBe(false); // prettier-ignore
  });
});
