import { describe, expect, test } from 'vitest';
import { parseSeeds } from '../../../src/plan/seeds.js';

describe('seeds of the command line', () => {
  test('a number is a count: seeds 1 to n', () => {
    expect(parseSeeds('3')).toEqual([1, 2, 3]);
  });
  test('a list is itself, in its order', () => {
    expect(parseSeeds('7, 1,2')).toEqual([7, 1, 2]);
  });
  test('a trailing comma makes a list of one', () => {
    expect(parseSeeds('7,')).toEqual([7]);
  });
  test.each(['', '0', '-1', '1.5', 'x', '1,,2', '1,x', '1001', '99999999999'])('%j is refused with a code', (text) => {
    expect(() => parseSeeds(text)).toThrow(expect.objectContaining({ code: 'E_BAD_SEEDS', exitCode: 2 }));
  });
  test('a seed named twice is refused, because it would count one run double', () => {
    expect(() => parseSeeds('1,2,1')).toThrow(/twice/);
  });
});
