import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { recipes } from '../../../src/app/list/recipes.js';
import { publishedText } from '../../../scripts/write-published.js';
import { referencesText } from '../../../scripts/write-references.js';
import { LEDGER } from '../../fixtures/ledger.js';

const REFERENCE = new URL('../../../reference/pytorch/', import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, REFERENCE), 'utf8'));

const training = LEDGER.experiments.flatMap((experiment) => (experiment.kind === 'training' ? [experiment] : []));

describe('the training experiments', () => {
  test('train models that end in one logit a class, not in a softmax', () => {
    for (const experiment of training)
      expect(experiment.model.layers.at(-1)).toMatchObject({ kind: 'dense', units: 10 });
  });

  test('take the input shape of their data set', () => {
    const shapes: Record<string, readonly number[]> = { 'fashion-mnist': [28, 28, 1], 'cifar-10': [32, 32, 3] };
    for (const experiment of training) expect(experiment.model.input).toEqual(shapes[experiment.dataset]);
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
  test('chose the epochs of the full profile of every training', () => {
    const { experiments } = json('results/epochs.json') as { experiments: { id: string; epoch: number }[] };
    const chosen = Object.fromEntries(experiments.map(({ id, epoch }) => [id, epoch]));
    // No deck gives a net or a recipe for the comparison of poolings.
    const used = training
      .filter(({ suite }) => suite !== 'pooling')
      .map(({ id, profiles }) => [id, profiles.full.epochs]);
    expect(Object.fromEntries(used)).toEqual(chosen);
  });

  test.each([
    ['smoke', 'smoke.json'],
    ['quick', 'quick.json'],
    ['full', 'full-mlp.json'],
  ] as const)('trained the recipes of the profile %s with ten seeds each', (profile, file) => {
    interface Entry {
      recipe: { id: string; epochs: number; trainImages: number | null };
      runs: { seed: number }[];
    }
    for (const { recipe, runs } of (json(`results/${file}`) as { experiments: Entry[] }).experiments) {
      const settings = training.find(({ id }) => id === recipe.id)?.profiles[profile];
      expect([recipe.epochs, recipe.trainImages]).toEqual([settings?.epochs, settings?.trainImages ?? null]);
      expect(new Set(runs.map(({ seed }) => seed)).size).toBe(10);
    }
  });

  test('is what the product knows of it', () => {
    const written = readFileSync(new URL('../../src/suites/references.ts', REFERENCE), 'utf8');
    expect(written).toBe(referencesText());
  });

  test('and the published verdicts are what the product knows of them', () => {
    expect(readFileSync(new URL('../../src/suites/published.ts', REFERENCE), 'utf8')).toBe(publishedText());
  });

  test('trains the recipes of this version', () => {
    expect(json('recipes.json')).toEqual(recipes(LEDGER.experiments));
  });
});
