import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench } from './cnnbench.js';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const HAS_PYTORCH = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;
const FASHION_MNIST = '/usr/share/datasets/fashion-mnist';

const REFERENCE = fileURLToPath(new URL('../../reference/pytorch/', import.meta.url));

interface Results {
  readonly environment: object;
  readonly dataSha256: Readonly<Record<string, string>>;
  readonly experiments: readonly {
    readonly recipe: { readonly id: string };
    readonly runs: readonly { readonly seed: number; readonly curves: Readonly<Record<string, readonly number[]>> }[];
  }[];
}

const readResults = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as Results;

const curvesOf = ({ experiments }: Results, id: string) =>
  experiments.find(({ recipe }) => recipe.id === id)?.runs.find(({ seed }) => seed === 1)?.curves ?? {};

/** Trains seed 1 in PyTorch once more. */
async function again(id: string, options: readonly string[]): Promise<Results> {
  const out = join(await temporaryFolder(), 'again.json');
  const words = ['--recipes', join(REFERENCE, 'recipes.json'), '--experiment', id, '--seeds', '1', '--out', out];
  await run(PYTHON, [join(REFERENCE, 'train.py'), '--profile', 'smoke', ...words, ...options]);
  return readResults(out);
}

function expectSameCurves(actual: Results, committed: Results, id: string): void {
  expect(committed.dataSha256).toMatchObject(actual.dataSha256);
  const [curves, expected] = [curvesOf(actual, id), curvesOf(committed, id)];
  expect(Object.keys(curves)).toEqual(['trainLoss', 'loss', 'accuracy']);
  // Other processors and other versions round otherwise; a few steps carry that no further than this.
  for (const [name, values] of Object.entries(expected)) {
    expect(curves[name]).toHaveLength(values.length);
    for (const [epoch, value] of values.entries()) {
      expect(Math.abs(((curves[name] as number[])[epoch] as number) - value), name).toBeLessThan(0.003);
    }
  }
}

test('PyTorch trains mlp-1 again as the committed reference says', { tags: 'slow' }, async (context) => {
  if (!HAS_PYTORCH) return context.skip(`${PYTHON} cannot import torch`);
  if (!existsSync(FASHION_MNIST)) return context.skip(`${FASHION_MNIST} is not there`);
  const results = await again('mlp-1', ['--fashion-mnist', FASHION_MNIST]);
  expectSameCurves(results, await readResults(join(REFERENCE, 'results/smoke.json')), 'mlp-1');
});

test(
  'PyTorch trains mlp-2 on the stand-in again as the committed reference says',
  { tags: 'slow' },
  async (context) => {
    if (!HAS_PYTORCH) return context.skip(`${PYTHON} cannot import torch`);
    const folder = join(await temporaryFolder(), 'stand-in');
    expect(await cnnbench(['data', 'draw', 'cifar-10', '--out', folder])).toMatchObject({ code: 0 });
    const results = await again('mlp-2', ['--stand-in', '--cifar', folder]);
    expectSameCurves(results, await readResults(join(REFERENCE, 'results/smoke-stand-in.json')), 'mlp-2');
  },
);
