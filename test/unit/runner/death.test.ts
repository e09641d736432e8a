import { describe, expect, test } from 'vitest';
import { explainDeath, reasonOf } from '../../../src/runner/death.js';

describe('what a process died of', () => {
  test('is its exit code, with its last words', () => {
    expect(explainDeath({ code: 3, signal: null, output: 'no\nmore \u001b[31mmemory\u001b[0m\u0007\u202e\n' })).toBe(
      'its process ended with code 3 and gave no answer; its last words: no more memory',
    );
  });
  test('is a signal in plain words', () => {
    expect(explainDeath({ code: null, signal: 'SIGSEGV', output: '' })).toBe(
      'its process was ended by SIGSEGV (a segmentation fault in native code)',
    );
    expect(explainDeath({ code: null, signal: 'SIGUSR1', output: '' })).toBe('its process was ended by SIGUSR1');
  });
  test('is a full heap, whatever stack V8 prints after saying so', () => {
    const output = `GCs\nFATAL ERROR: Reached heap limit - JavaScript heap out of memory\n${'1: 0xb78db3 node::\n'.repeat(200)}`;
    expect(explainDeath({ code: null, signal: 'SIGTRAP', output })).toBe(
      'its process was ended by SIGTRAP (the heap of JavaScript is full); its last words: Reached heap limit - JavaScript heap out of memory',
    );
  });
  test('is bounded: the end of long words, the start of a long reason', () => {
    const words = explainDeath({ code: 1, signal: null, output: `${'x'.repeat(5000)} the end` });
    expect(words).toMatch(/its last words: … x+ the end$/);
    expect(words.length).toBeLessThan(1100);
    expect(reasonOf(`a\tb ${'c'.repeat(5000)}`)).toMatch(/^a b c{1995}…$/);
  });
});
