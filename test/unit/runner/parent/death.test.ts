import { describe, expect, test } from 'vitest';
import { explainDeath, reasonOf } from '../../../../src/runner/parent/death.js';
import { prose } from '../../../fixtures/prose.js';

describe('what a process died of', () => {
  test('is its exit code, with its last words', async () => {
    const output = 'no\nmore \u001b[31mmemory\u001b[0m\u0007\u202e\n';
    await expect(explainDeath({ code: 3, signal: null, output })).toMatchFileSnapshot(prose('death-by-code'));
  });
  test('is a signal in plain words', async () => {
    const [known, unknown] = (['SIGSEGV', 'SIGUSR1'] as const).map((signal) =>
      explainDeath({ code: null, signal, output: '' }),
    );
    await expect(`${known}\n${unknown}`).toMatchFileSnapshot(prose('death-by-signal'));
  });
  test('is what its exit code says on Windows', () => {
    const death = (code: number) => explainDeath({ code, signal: null, output: '' });
    expect(death(0xc0000005)).toContain('code 3221225477 (an access violation in native code)');
    expect(death(0xc00000fd)).toContain('(the stack is full)');
  });
  test('is a full heap, whatever stack V8 prints after saying so', async () => {
    const output = `GCs\nFATAL ERROR: Reached heap limit - JavaScript heap out of memory\n${'1: 0xb78db3 node::\n'.repeat(200)}`;
    await expect(explainDeath({ code: null, signal: 'SIGTRAP', output })).toMatchFileSnapshot(prose('death-by-heap'));
  });
  test('is bounded: the end of long words, the start of a long reason', () => {
    const words = explainDeath({ code: 1, signal: null, output: `${'x'.repeat(5000)} the end` });
    expect(words).toMatch(/its last words: … x+ the end$/);
    expect(words.length).toBeLessThan(1100);
    expect(reasonOf(`a\tb ${'c'.repeat(5000)}`)).toMatch(/^a b c{1995}…$/);
  });
});
