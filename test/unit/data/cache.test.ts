import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDirectory } from '../../../src/data/cache.js';

test.each([
  ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/x/cache', HOME: '/home/me' }, '/x/cache/cnnbench'],
  ['the home folder', { HOME: '/home/me' }, '/home/me/.cache/cnnbench'],
  ['the home folder when XDG_CACHE_HOME is relative', { XDG_CACHE_HOME: 'x', HOME: '/h' }, '/h/.cache/cnnbench'],
  ['the home folder when XDG_CACHE_HOME is empty', { XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/cnnbench'],
  ['the home folder of the account when HOME is not set', {}, join(homedir(), '.cache', 'cnnbench')],
])('the cache follows %s', (_, env, expected) => {
  expect(cacheDirectory(env)).toBe(expected);
});
