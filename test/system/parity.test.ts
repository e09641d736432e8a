import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import type { CliResult } from './cnnbench.js';
import { world } from './world.js';

/** A new draw each time; the ladder prints it. */
const SEED = String(process.env['CNNBENCH_TEST_SEED'] ?? Date.now() % 1_000_000);

async function parity(...args: readonly string[]): Promise<CliResult & { left: string[] }> {
  const [{ call }, temporary] = [await world(), await temporaryFolder()];
  const result = await call(['parity', ...args], { TMPDIR: temporary });
  return { ...result, left: await readdir(temporary) };
}

interface Parity {
  readonly oracle: string;
  readonly seed: number;
  readonly backends: readonly {
    readonly backend: string;
    readonly description: { readonly name: string; readonly version: string; readonly device: string };
    readonly verdict: string;
    readonly comparisons: number;
    readonly rungs: readonly { readonly rung: string; readonly outcome: string; readonly reason?: string }[];
  }[];
}

const STEPS = ['forward', 'gradients', 'steps'].flatMap((rung) => ['--rung', rung]);

describe('cnnbench parity', () => {
  test(`wasm agrees with js on ops, layers, gradients and steps (seed ${SEED})`, { tags: 'slow' }, async () => {
    const args = ['-b', 'wasm', '-e', 'mlp-2', '--rung', 'ops', ...STEPS, '--seed', SEED, '--json'];
    const { code, stdout, stderr, left } = await parity(...args);
    expect(stderr).toContain('[wasm] steps mlp-2: agrees');
    expect(code).toBe(0);
    expect(left).toEqual([]);
    const { oracle, seed, backends } = JSON.parse(stdout) as Parity;
    expect([oracle, seed]).toEqual(['js', Number(SEED)]);
    expect(backends).toMatchObject([{ backend: 'wasm', verdict: 'agrees', description: { name: 'wasm' } }]);
    expect(backends[0]?.description.version).toMatch(/^4\./);
    expect(backends[0]?.comparisons).toBeGreaterThan(150);
    expect(backends[0]?.rungs.map(({ rung }) => rung)).toEqual(['ops', 'forward', 'gradients', 'steps']);
  });

  test('wasm and the oracle take the steps that PyTorch took', { tags: 'slow' }, async () => {
    const args = ['-b', 'wasm', '-e', 'mlp-1,mlp-4', '--rung', 'golden', '--json', '--no-stand-in'];
    const { code, stdout, stderr, left } = await parity(...args);
    expect(stderr).toContain('[wasm] golden mlp-4, 20 steps: agrees (9)');
    expect([code, left]).toEqual([0, []]);
    const { backends } = JSON.parse(stdout) as Parity;
    expect(backends.map(({ backend, description, comparisons }) => [backend, description.name, comparisons])).toEqual([
      ['js', 'js', 9],
      ['wasm', 'wasm', 9],
    ]);
  });

  test('a kernel that is missing is said, and no divergence; one that is wrong is one', async () => {
    const { code, stdout } = await parity('-b', 'wasm-stock', '--rung', 'ops');
    expect(stdout).toContain('left out: there is no kernel Conv2DBackpropFilter (ops)');
    // tfjs's own finds no maximum in a window without a positive number.
    expect(stdout).toMatch(/^wasm-stock: FIRST divergence: ops: MaxPoolGrad /m);
    expect(code).toBe(1);
  });

  test('trains for the accuracy, and says what would take too long', { tags: 'slow' }, async () => {
    const { code, stdout, stderr } = await parity('-b', 'wasm', '-e', 'mlp-1,cnn-2', '--rung', 'accuracy');
    expect(stderr).toContain('using stand-in images');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^accuracy +mlp-1 +1 +test accuracy .* agrees$/m);
    expect(stdout).toMatch(/^accuracy +cnn-2 .* skipped$/m);
    expect(stdout).toMatch(/skipped: js: it would take about \d+h/);
    expect(stdout).toContain('CIFAR-10 (STAND-IN).');
  });

  test.each([
    [['-b', 'nonsense'], 'E_UNKNOWN_BACKEND'],
    [['-b', 'fake'], 'E_UNKNOWN_BACKEND'],
    [['-e', 'nonsense'], 'E_UNKNOWN_EXPERIMENT'],
    [['-e', 'vgg-16'], 'E_USAGE'],
    [['--rung', 'nonsense'], 'E_USAGE'],
  ])('%j is an error', async (args, expected) => {
    const { code, stderr } = await parity(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`[${expected}]`)]);
  });
});
