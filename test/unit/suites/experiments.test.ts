import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { recipes } from '../../../src/cli/recipes.js';
import { EXPERIMENTS } from '../../../src/suites/experiments.js';
import { modelOf } from '../../../src/suites/recipe.js';

const REFERENCE = new URL('../../../reference/pytorch/', import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, REFERENCE), 'utf8'));

const training = EXPERIMENTS.flatMap((experiment) => (experiment.kind === 'training' ? [experiment] : []));

describe('the training experiments', () => {
  test('train models that end in one logit a class, not in a softmax', () => {
    for (const experiment of training)
      expect(modelOf(experiment).layers.at(-1)).toMatchObject({ kind: 'dense', units: 10 });
  });

  test('take the input shape of their data set', () => {
    const shapes = { 'fashion-mnist': [28, 28, 1], 'cifar-10': [32, 32, 3] };
    for (const experiment of training) expect(modelOf(experiment).input).toEqual(shapes[experiment.dataset]);
  });

  test("keep the deck's optimizer and batch size in the full profile", () => {
    for (const { optimizer, batchSize, profiles } of training) {
      expect(optimizer).toMatchObject({ name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
      expect(batchSize).toBe(1024);
      expect(Object.keys(profiles.full).sort()).not.toContain('batchSize');
      expect(profiles.full).not.toHaveProperty('trainImages');
      expect(profiles.full).not.toHaveProperty('testImages');
    }
  });
});

describe.runIf(existsSync(REFERENCE))('the PyTorch reference', () => {
  test('chose the epochs of the full profile of every MLP', () => {
    const { experiments } = json('results/epochs.json') as { experiments: { id: string; epoch: number }[] };
    const chosen = Object.fromEntries(experiments.map(({ id, epoch }) => [id, epoch]));
    const used = training.filter(({ suite }) => suite === 'mlp').map(({ id, profiles }) => [id, profiles.full.epochs]);
    expect(Object.fromEntries(used)).toEqual(chosen);
  });

  test('trains the recipes of this version', () => {
    expect(json('recipes.json')).toEqual(recipes());
  });
});
