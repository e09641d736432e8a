import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PROFILES, type TrainingExperiment } from '../../../src/core/experiment.js';
import { recipeDigest } from '../../../src/ledger/recipe.js';
import { LEDGER } from '../../fixtures/ledger.js';

const mlp1 = LEDGER.experiment('mlp-1') as TrainingExperiment;

describe('the digest of a recipe', () => {
  test('is pinned: a change to it means that old records are not comparable any more', () => {
    expect(recipeDigest(mlp1, 'smoke')).toMatchInlineSnapshot(
      `"1b7b86b11c29c6aef5c8e64e7e87002c10a0504f25fd743c6ca1f92abdcf15be"`,
    );
  });
  test.each<[string, TrainingExperiment]>([
    ['the learning rate', { ...mlp1, optimizer: { ...mlp1.optimizer, learningRate: 2e-3 } }],
    ['the batch size', { ...mlp1, batchSize: 512 }],
    ['the start weights', { ...mlp1, initialisation: 'xavier-uniform' }],
    ['the architecture', { ...mlp1, model: LEDGER.model('mlp-fashion-deep') }],
    ['the data', { ...mlp1, dataset: 'cifar-10' }],
    ['the id, which seeds the random streams', { ...mlp1, id: 'mlp-1b' }],
    ['the epochs', { ...mlp1, profiles: { ...mlp1.profiles, smoke: { ...mlp1.profiles.smoke, epochs: 2 } } }],
  ])('changes with %s', (_, changed) => {
    expect(recipeDigest(changed, 'smoke')).not.toBe(recipeDigest(mlp1, 'smoke'));
  });
  test('does not change with titles and explanations', () => {
    const smoke = { ...mlp1.profiles.smoke, basis: 'other words' };
    const reworded = { ...mlp1, title: 'other words', profiles: { ...mlp1.profiles, smoke } };
    expect(recipeDigest(reworded, 'smoke')).toBe(recipeDigest(mlp1, 'smoke'));
  });
});

test('ids of experiments are unique and safe as file names', () => {
  const ids = LEDGER.experiments.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
});

describe('what published records and pages refer to', () => {
  const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

  test('the digests of all recipes', () => {
    const digests = LEDGER.experiments.flatMap((it) =>
      PROFILES.map((profile) => [it.id, profile, recipeDigest(it, profile)]),
    );
    expect([digests.length, digest(digests)]).toMatchInlineSnapshot(`
      [
        162,
        "1637a7a798f64d94",
      ]
    `);
  });
  test('the ids of all claims, with what they judge', () => {
    const claims = LEDGER.claims.map(({ id, suite, kind, printed }) => [id, suite, kind, printed]);
    expect([claims.length, digest(claims)]).toMatchInlineSnapshot(`
      [
        468,
        "55f9a44a0b0ca58a",
      ]
    `);
  });
});
