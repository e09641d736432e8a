import { expect, test } from 'vitest';
import { matches, matchesPath } from '../../../src/core/pattern.js';

test.each([
  ['mlp-1', 'mlp-1', true],
  ['mlp-1', 'mlp-10', false],
  ['mlp-*', 'mlp-10', true],
  ['*-1', 'mlp-1', true],
  ['m*p*1', 'mlp-1', true],
  ['a*a', 'a', false],
  ['*', '', true],
])('%s against %s: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test('takes no longer for a pattern that almost matches', () => {
  expect(matches('*a'.repeat(100), `${'a'.repeat(10_000)}b`)).toBe(false);
});

test.each([
  ['conv*', 'conv1', true],
  ['conv*', 'block/conv1', false],
  ['**/conv*', 'conv1', true],
  ['**/conv*', 'block/branch1/conv1', true],
  ['**/conv*', 'conv1/relu', false],
  ['**/*', 'a/b/c', true],
  ['**/*/a', 'a', false],
  ['block/*/conv1', 'block/branch1/conv1', true],
  ['block/*', 'block', false],
])('%s against the path %s: %s', (pattern, path, expected) => {
  expect(matchesPath(pattern, path)).toBe(expected);
});
