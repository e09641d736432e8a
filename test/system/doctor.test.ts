import { describe, expect, test } from 'vitest';
import { cnnbench } from './cnnbench.js';

describe('cnnbench doctor', () => {
  test(
    'finds every backend that needs no driver working, with its speed and what it lacks for training',
    { tags: 'slow' },
    async () => {
      const { code, stdout } = await cnnbench(['doctor', '--json']);
      expect(code).toBe(0);
      const { backends } = JSON.parse(stdout) as { backends: { name: string; works: boolean; gigaflops: number }[] };
      const everywhere = ['wasm', 'wasm-stock', 'js'];
      expect(backends.filter(({ name }) => everywhere.includes(name))).toMatchObject([
        { name: 'wasm', works: true, description: { variant: 'SIMD' }, missingKernels: [] },
        {
          name: 'wasm-stock',
          works: true,
          description: { variant: 'SIMD', ownKernels: [] },
          missingKernels: ['cnn', 'pooling'].map((suite) => ({ suite, kernels: ['Conv2DBackpropFilter'] })),
        },
        { name: 'js', works: true, missingKernels: [] },
      ]);
      for (const { works, ...rest } of backends) {
        if (works) expect(rest.gigaflops).toBeGreaterThan(0);
        else expect(rest).toMatchObject({ reason: expect.stringMatching(/./), remedy: expect.stringMatching(/./) });
      }
    },
  );
  test('looks at the named backends only, and says on stderr which one it starts', async () => {
    const { code, stdout, stderr } = await cnnbench(['doctor', '-b', 'fake']);
    expect(stdout).toMatch(/^fake +yes +0 +scripted +1 +1\.0 +mlp, cnn, pooling +script$/m);
    expect(stderr).toBe('starting fake\n');
    expect(code).toBe(0);
  });
  test.each([
    ['segfault', 'its process was killed by SIGSEGV (a segmentation fault in native code)'],
    ['malformed', 'it sent an invalid message'],
  ])('survives a backend that does "%s", says so and exits with 3', async (behaviour, reason) => {
    const { code, stdout } = await cnnbench(['doctor', '-b', 'fake'], { env: { CNNBENCH_FAKE: `probe=${behaviour}` } });
    expect(stdout).toMatch(/^fake +no$/m);
    const said = stdout.replaceAll(/\s+/g, ' ');
    expect(said).toContain(`does not work ${reason}`);
    expect(said).toContain(
      'Reinstall with "npm ci"; if it dies again, report it with the output of "cnnbench doctor --json".',
    );
    expect(code).toBe(3);
  });
  test('refuses a backend that does not exist', async () => {
    const { code, stderr } = await cnnbench(['doctor', '-b', 'tpu']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('[E_UNKNOWN_BACKEND]')]);
  });
});
