import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INITIALISATIONS, PROFILES, type TrainingExperiment } from '../../../src/core/experiment.js';
import { recipeDigest } from '../../../src/ledger/recipe.js';
import { settingsOf, vary, type Variation } from '../../../src/ledger/variation.js';
import { LEDGER } from '../../fixtures/ledger.js';

const TRAINED = LEDGER.experiments.filter((it): it is TrainingExperiment => it.kind === 'training');
const mlp2 = TRAINED.find(({ id }) => id === 'mlp-2') as TrainingExperiment;
const cnn1 = TRAINED.find(({ id }) => id === 'cnn-1') as TrainingExperiment;

const variations: fc.Arbitrary<Variation> = fc.record(
  {
    learningRate: fc.oneof(
      fc.double({ min: 1e-30, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom(1e-3, 3e-4),
    ),
    initialisation: fc.constantFrom(...INITIALISATIONS),
    batchSize: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.constant(1024)),
    epochs: fc.integer({ min: 1, max: 10_000 }),
  },
  { requiredKeys: [] },
);

describe('a variation of a recipe', () => {
  test('is found again by its id, whatever is varied', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TRAINED), variations, (base, variation) => {
        const varied = vary(base, variation);
        expect(LEDGER.experiment(varied.id)).toEqual(varied);
        for (const profile of PROFILES) {
          expect(settingsOf(varied, profile)).toEqual({ ...settingsOf(base, profile), ...variation });
        }
      }),
    );
  });

  test('has one id for one recipe, and one that Windows takes as a file name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TRAINED), variations, variations, (base, one, other) => {
        const [first, second] = [vary(base, one), vary(base, other)];
        const same = PROFILES.every(
          (profile) => JSON.stringify(settingsOf(first, profile)) === JSON.stringify(settingsOf(second, profile)),
        );
        expect(first.id === second.id).toBe(same);
        expect(first.id).toMatch(/^[a-z0-9-]+(@[a-z0-9.=,-]+)?$/);
        expect(first.id.length).toBeLessThan(120);
      }),
    );
  });

  test('names what is varied in a fixed order, with the shortest digits', () => {
    const all = { epochs: 20, batchSize: 256, initialisation: 'xavier-uniform', learningRate: 0.0003 } as const;
    expect(vary(mlp2, all).id).toBe('mlp-2@lr=3e-4,init=xavier-uniform,batch=256,epochs=20');
  });

  test('is the experiment itself where it changes nothing', () => {
    expect(vary(mlp2, {})).toBe(mlp2);
    expect(vary(mlp2, { learningRate: 1e-3, initialisation: 'he-uniform', batchSize: 1024 })).toBe(mlp2);
  });

  test('replaces a batch size that profiles have of their own', () => {
    expect(settingsOf(cnn1, 'quick').batchSize).toBe(8);
    const varied = vary(cnn1, { batchSize: 1024 });
    expect(varied.id).toBe('cnn-1@batch=1024');
    expect(PROFILES.map((profile) => settingsOf(varied, profile).batchSize)).toEqual([1024, 1024, 1024]);
  });

  test.each(['smoke', 'quick', 'full'] as const)('has a digest of its own in %s', (profile) => {
    const ids = ['mlp-2', 'mlp-2@lr=3e-4', 'mlp-2@init=xavier-uniform', 'mlp-2@batch=256', 'mlp-2@epochs=30'];
    const digests = ids.map((id) => recipeDigest(LEDGER.experiment(id), profile));
    expect(new Set(digests).size).toBe(ids.length);
  });

  test.each([
    ['mlp-2@lr=0.0003', 'Write "mlp-2@lr=3e-4".'],
    ['mlp-2@lr=1e-3', 'Write "mlp-2".'],
    ['mlp-2@batch=256,lr=3e-4', 'Write "mlp-2@lr=3e-4,batch=256".'],
    ['mlp-2@epochs=020', 'Write "mlp-2@epochs=20".'],
    ['mlp-2@lr=3e-4,lr=1e-4', 'Write "mlp-2@lr=1e-4".'],
  ])('%s is another way to write one', (id, remedy) => {
    expect(() => LEDGER.experiment(id)).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_EXPERIMENT', remedy }));
  });

  test.each([
    'mlp-2@',
    'mlp-2@lr',
    'mlp-2@lr=',
    'mlp-2@lr=0',
    'mlp-2@lr=1',
    'mlp-2@lr=-1e-3',
    'mlp-2@lr=1e-999',
    'mlp-2@lr=NaN',
    'mlp-2@lr=0x1',
    'mlp-2@init=ones',
    'mlp-2@batch=0',
    'mlp-2@batch=10001',
    'mlp-2@batch=1.5',
    'mlp-2@epochs=1e3',
    'mlp-2@depth=3',
    'mlp-2@lr=3e-4,',
    'mlp-2@lr=3e-4@batch=64',
    '@lr=3e-4',
    'mlp-9@lr=3e-4',
    'lenet-5@lr=3e-4',
    'mlp-2@*',
  ])('%s is refused', (id) => {
    expect(() => LEDGER.experiment(id)).toThrow(expect.objectContaining({ code: 'E_UNKNOWN_EXPERIMENT' }));
  });
});
