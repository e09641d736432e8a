import { describe, expect, test } from 'vitest';
import { cnnbench } from './cnnbench.js';
import { world } from './world.js';

describe('cnnbench claims', () => {
  test('says which slides of a deck are wrong, with the arithmetic, in seconds', async () => {
    const started = performance.now();
    const { code, stdout } = await cnnbench(['claims', '--deck', '004', '--verdict', 'erratum']);
    expect(code).toBe(0);
    expect(stdout).toContain('! The slide is wrong (erratum)');
    expect(stdout).toContain('f = 3, s = 1');
    expect(stdout).not.toContain('Reproduced');
    expect(performance.now() - started).toBeLessThan(60_000);
  });
  test('gives the same as JSON, and says what it did not run', async () => {
    const { call } = await world();
    const { stdout } = await call(['claims', '--suite', 'mlp', '--json']);
    const { claims } = JSON.parse(stdout) as { claims: object[] };
    expect(claims[0]).toMatchObject({
      id: '000/mlp-1/accuracy',
      verdict: 'not run',
      reason: 'needs training: cnnbench run mlp-1 --profile full',
    });
  });
  test('reads the records of a run with --from', async () => {
    const { call, given } = await world();
    await given(['run', 'ops-pooling', '--backend', 'fake', '--out', 'out']);
    const { stdout } = await call(['claims', '--from', 'out', '--json']);
    const { claims } = JSON.parse(stdout) as { claims: { id: string; verdict: string; backend: string }[] };
    expect(claims.length).toBeGreaterThan(5);
    expect(new Set(claims.map(({ backend }) => backend))).toEqual(new Set(['fake']));
    expect(claims.find(({ id }) => id === '004/max-pooling/output')?.verdict).toBe('erratum');
  });
});
