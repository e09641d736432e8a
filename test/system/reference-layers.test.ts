import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { recipes } from '../../src/app/list/recipes.js';
import { wasmBackend } from '../../src/backends/wasm/index.js';
import { trainingExperimentSchema } from '../../src/core/experiment.js';
import { resolveLayers, resolveRecipe } from '../../src/core/framework.js';
import type { LayerSpec } from '../../src/core/model.js';
import { drawStandInDataset } from '../../src/data/stand-in/stand-in.js';
import { train } from '../../src/train/train.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench } from './cnnbench.js';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const HAS_PYTORCH = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;
const SCRIPT = fileURLToPath(new URL('../../reference/pytorch/train.py', import.meta.url));

/** A tutorial's net with what the decks' nets have not. */
const LAYERS: readonly LayerSpec[] = [
  { kind: 'conv2d', filters: 8, kernel: 3, padding: 'same', stride: 2, bias: false },
  { kind: 'batch-norm' },
  { kind: 'leaky-relu' },
  { kind: 'separable-conv2d', filters: 16, kernel: 3 },
  { kind: 'batch-norm' },
  { kind: 'silu' },
  { kind: 'average-pool', size: 2, padding: 'same' },
  { kind: 'flatten' },
  { kind: 'dropout', rate: 0.2 },
  { kind: 'dense', units: 10 },
  { kind: 'log-softmax' },
];

const IMAGES = { trainImages: 3000, testImages: 1000 };
const SETTINGS = { epochs: 3, ...IMAGES, basis: 'a test' };
const experiment = trainingExperimentSchema.parse({
  ...{ kind: 'training', id: 'tutorial', title: 'a tutorial', suite: 'tutorial', dataset: 'fashion-mnist' },
  model: { id: 'tutorial', title: 'a net', input: [28, 28, 1], layers: resolveLayers('pytorch', LAYERS) },
  ...resolveRecipe(
    {
      like: 'pytorch',
      optimizer: { name: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
      schedule: { kind: 'cosine', unit: 'step', over: 280, minimum: 0.001 },
      batchSize: 32,
    },
    LAYERS,
  ),
  profiles: { smoke: SETTINGS, quick: SETTINGS, full: SETTINGS },
});

test('train.py trains other layers and optimizers to what cnnbench comes to', { tags: 'slow' }, async ({ skip }) => {
  if (!HAS_PYTORCH) skip(`${PYTHON} cannot import torch`);
  const folder = await temporaryFolder();
  expect(await cnnbench(['data', 'draw', 'fashion-mnist', '--out', join(folder, 'data')])).toMatchObject({ code: 0 });
  const files = { recipes: join(folder, 'recipes.json'), out: join(folder, 'out.json') };
  await writeFile(files.recipes, JSON.stringify(recipes([experiment])));
  const options = ['--recipes', files.recipes, '--experiment', 'tutorial', '--profile', 'smoke', '--seeds', '1,2,3'];
  const data = ['--stand-in', '--fashion-mnist', join(folder, 'data'), '--out', files.out];
  await run(PYTHON, [SCRIPT, ...options, ...data]);
  const { experiments } = JSON.parse(await readFile(files.out, 'utf8')) as {
    experiments: { runs: { finalAccuracy: number; curves: { trainLoss: number[] } }[] }[];
  };
  const theirs = experiments[0]?.runs.map(({ finalAccuracy, curves }) => [
    finalAccuracy,
    curves.trainLoss[0] as number,
  ]);

  const backend = await wasmBackend.activate({});
  const dataset = drawStandInDataset('fashion-mnist', IMAGES);
  const observer = { onStep: async () => undefined, onEpoch: async () => undefined };
  const ours = [];
  for (const seed of [1, 2, 3]) {
    const outcome = await train(backend, { experiment, settings: SETTINGS, dataset, seed }, observer, () => 0);
    if (outcome.outcome !== 'completed') throw new Error(outcome.reason);
    ours.push([outcome.testAccuracy, outcome.curve[0]?.trainLoss as number]);
  }
  const meanOf = (runs: readonly (readonly number[])[], part: number) =>
    runs.reduce((sum, values) => sum + (values[part] as number), 0) / runs.length;
  // Other weights and another order: three seeds of each, whose accuracies have a standard deviation of about 0.04.
  expect(Math.abs(meanOf(ours, 0) - meanOf(theirs ?? [], 0))).toBeLessThan(0.12);
  expect(Math.abs(meanOf(ours, 1) / meanOf(theirs ?? [], 1) - 1)).toBeLessThan(0.1);
});
