import { describe, expect, test } from 'vitest';
import { parseMemory } from '../../../src/plan/memory.js';

describe('--memory', () => {
  test.each([
    ['4GiB', 4 * 2 ** 30],
    ['4G', 4 * 2 ** 30],
    ['1.5 gib', 1.5 * 2 ** 30],
    ['512MiB', 512 * 2 ** 20],
    ['512m', 512 * 2 ** 20],
  ])('%s is %d bytes', (text, bytes) => expect(parseMemory(text)).toBe(bytes));
  test.each(['', '4', '4GB', '-1GiB', 'many', '1e3M', '255MiB', '0G', '99999999999999G'])('refuses "%s"', (text) => {
    expect(() => parseMemory(text)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });
});
