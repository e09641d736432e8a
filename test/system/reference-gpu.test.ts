import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench } from './cnnbench.js';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const HAS_PYTORCH = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;
const REFERENCE = fileURLToPath(new URL('../../reference/pytorch/', import.meta.url));
const VALIDATION_EPOCHS = 3;
const FULL_EPOCHS = 9;

interface Results {
  readonly what: object;
  readonly experiments: readonly {
    readonly recipe: { readonly id: string; readonly epochs: number };
    readonly runs: readonly {
      readonly seed: number;
      readonly finalAccuracy: number;
      readonly curves: { readonly accuracy: readonly number[] };
    }[];
  }[];
}

const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as unknown;

/** The recipes, with a `full` of the CNNs that a processor trains in a second. */
async function writeTinyRecipes(path: string, trainImages: number): Promise<void> {
  const { experiments } = (await readJson(join(REFERENCE, 'recipes.json'))) as {
    experiments: { id: string; profiles: object }[];
  };
  const full = { epochs: FULL_EPOCHS, batchSize: 8, trainImages, testImages: 32 };
  const tiny = experiments.map((experiment) => ({ ...experiment, profiles: { ...experiment.profiles, full } }));
  await writeFile(path, JSON.stringify({ experiments: tiny }));
}

/** A folder that fills while the script is running: CIFAR-10 arrives once cnn-1 has begun. */
async function world(trainImages = 64): Promise<{ data: string; late: string; out: string; recipes: string }> {
  const folder = await temporaryFolder();
  const [data, late, out, recipes] = ['data', 'late', 'out', 'recipes.json'].map((name) => join(folder, name));
  await writeTinyRecipes(recipes as string, trainImages);
  await mkdir(data as string);
  expect(await cnnbench(['data', 'draw', 'fashion-mnist', '--out', data as string])).toMatchObject({ code: 0 });
  expect(await cnnbench(['data', 'draw', 'cifar-10', '--out', late as string])).toMatchObject({ code: 0 });
  return { data, late, out, recipes } as { data: string; late: string; out: string; recipes: string };
}

const CIFAR_FILES = [...[1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`), 'test_batch.bin'];

test(
  'on_gpu.py fixes the epochs by validation, then trains that many, seed by seed',
  { tags: 'slow' },
  async (context) => {
    if (!HAS_PYTORCH) return context.skip(`${PYTHON} cannot import torch`);
    const { data, late, out, recipes } = await world();
    const training = run(PYTHON, [
      join(REFERENCE, 'on_gpu.py'),
      ...['--data', data, '--out', out, '--recipes', recipes, '--device', 'cpu'],
      ...['--seconds', '200', '--seeds', '2', '--validation-epochs', String(VALIDATION_EPOCHS)],
    ]);
    for (const file of CIFAR_FILES) await rename(join(late, file), join(data, file));
    await training;

    const validation = (await readJson(join(out, 'validation-gpu.json'))) as Results;
    expect(validation.what).toEqual({ mode: 'validation', profile: 'full', validationFraction: 0.1, patience: 100 });
    const full = (await readJson(join(out, 'full-cnn-gpu.json'))) as Results;
    expect(full.experiments.map(({ recipe, runs }) => [recipe.id, runs.map(({ seed }) => seed)])).toEqual(
      expect.arrayContaining([
        ['cnn-1', [1, 2]],
        ['cnn-2', [1, 2]],
      ]),
    );
    for (const { recipe, runs } of full.experiments) {
      const chosen = validation.experiments.find((it) => it.recipe.id === recipe.id)?.runs[0]?.curves.accuracy ?? [];
      expect(chosen).toHaveLength(VALIDATION_EPOCHS);
      expect(recipe.epochs).toBe(chosen.indexOf(Math.max(...chosen)) + 1);
      for (const { curves, finalAccuracy } of runs) {
        expect(curves.accuracy).toHaveLength(recipe.epochs);
        expect(finalAccuracy).toBe(curves.accuracy.at(-1));
      }
    }
  },
);

test(
  'on_gpu.py takes the epochs of the recipe where validation fixed them before',
  { tags: 'slow' },
  async (context) => {
    if (!HAS_PYTORCH) return context.skip(`${PYTHON} cannot import torch`);
    const { data, out, recipes } = await world();
    await run(PYTHON, [
      join(REFERENCE, 'on_gpu.py'),
      ...['--data', data, '--out', out, '--recipes', recipes, '--device', 'cpu', '--experiment', 'cnn-1'],
      ...['--seconds', '200', '--seeds', '2', '--no-validation'],
    ]);
    const { experiments } = (await readJson(join(out, 'full-cnn-gpu.json'))) as Results;
    expect(experiments).toMatchObject([
      { recipe: { id: 'cnn-1', epochs: FULL_EPOCHS }, runs: [{ seed: 1 }, { seed: 2 }] },
    ]);
    await expect(readFile(join(out, 'validation-gpu.json'))).rejects.toThrow('ENOENT');
  },
);

test('on_gpu.py ends when it is told to, and keeps what it had of a seed apart', { tags: 'slow' }, async (context) => {
  if (!HAS_PYTORCH) return context.skip(`${PYTHON} cannot import torch`);
  const { data, out, recipes } = await world(160);
  const training = spawn(PYTHON, [
    join(REFERENCE, 'on_gpu.py'),
    ...['--data', data, '--out', out, '--recipes', recipes, '--device', 'cpu', '--experiment', 'cnn-1'],
    ...['--seconds', '250', '--validation-epochs', '100000'],
  ]);
  const ended = once(training, 'exit');
  for await (const line of createInterface({ input: training.stderr })) {
    if (line.includes('epoch 10:')) training.kill();
  }
  expect(await ended).toEqual([0, null]);
  const { runs } = (await readJson(join(out, 'unfinished.json'))) as {
    runs: { curves: { accuracy: number[] } }[];
  };
  expect(runs).toMatchObject([{ mode: 'validation', id: 'cnn-1', float32: false, seed: 1 }]);
  expect(runs[0]?.curves.accuracy.length).toBeGreaterThanOrEqual(10);
  await expect(readFile(join(out, 'validation-gpu.json'))).rejects.toThrow('ENOENT');
});
