import { describe, expect, test } from 'vitest';
import type { Claim } from '../../../src/core/claim.js';
import type { TrainingExperiment } from '../../../src/core/experiment.js';
import type { ModelSpec } from '../../../src/core/model.js';
import type { CatalogEntry } from '../../../src/data/catalog-entry.js';
import { summarizeRecords } from '../../../src/app/summarize-runs.js';
import { ledgerOf } from '../../../src/ledger/ledger.js';
import { recipeDigest } from '../../../src/ledger/recipe.js';
import { symbolicCounts } from '../../../src/model/counts.js';
import { planCells } from '../../../src/plan/plan.js';
import { selectExperiments } from '../../../src/plan/select.js';
import { renderReport } from '../../../src/report/render.js';
import { recordSchema } from '../../../src/core/record.js';
import { completedTraining } from '../../fixtures/records/build.js';
import { LEDGER } from '../../fixtures/ledger.js';

const model: ModelSpec = {
  id: 'small',
  title: 'a small net',
  input: [8, 8, 3],
  layers: [{ kind: 'flatten' }, { kind: 'dense', name: 'fc', units: 3 }],
};
const settings = { epochs: 2, basis: 'as printed' };
const experiment: TrainingExperiment = {
  kind: 'training',
  id: 'ml101.small-on-leaves',
  title: 'small, on leaves',
  suite: 'ml101',
  model,
  dataset: 'leaves',
  initialisation: 'he-uniform',
  optimizer: { name: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  batchSize: 16,
  profiles: { smoke: settings, quick: settings, full: settings },
};
const common = { deck: 'ml101', place: 'slide 12', statement: 'A sentence.' };
const claims: readonly Claim[] = [
  { ...common, kind: 'accuracy', id: 'ml101/acc', suite: 'ml101', printed: '~89%', experiment: experiment.id },
  {
    ...{
      ...common,
      kind: 'count',
      id: 'ml101/fc',
      suite: 'params',
      printed: '579',
      model: 'small',
      unit: 'parameters',
    },
    measure: { what: 'parameters', of: 'fc' },
  },
];

/** A deck that cnnbench does not know: its own suite, data set, model and claims. */
const OTHER = ledgerOf({
  files: [],
  decks: [{ id: 'ml101', title: 'Machine Learning 101' }],
  datasets: [{ name: 'leaves' } as CatalogEntry],
  models: [model],
  experiments: [{ kind: 'architecture', id: 'small', title: 'small', suite: 'params', model }, experiment],
  claims,
  references: [],
  published: {},
  trajectories: [],
});

describe('the ledger of a deck that cnnbench does not know', () => {
  test('is planned, selected and varied like any other', () => {
    const { cells } = planCells(selectExperiments(OTHER.experiments, ['ml101']), ['js'], [1, 2], 'quick');
    expect(cells.map(({ id }) => id)).toEqual([1, 2].map((seed) => `ml101.small-on-leaves.js.quick.seed${seed}`));
    expect(OTHER.training('ml101.small-on-leaves@lr=3e-4').optimizer.learningRate).toBe(3e-4);
    expect(OTHER.suites).toEqual(['params', 'ml101']);
  });

  test('is judged and reported without any of the built-in decks', () => {
    const [template] = [completedTraining({ experiment: experiment.id, accuracy: 0.89, seed: 1 })];
    const trained = [0.89, 0.885, 0.893].map((testAccuracy, index) => {
      const result = { ...(template.outcome === 'completed' ? template.result : {}), testAccuracy };
      return recordSchema.parse({
        ...{ ...template, result, suite: 'ml101', cell: { ...template.cell, seed: index + 1 } },
        recipeSha256: recipeDigest(experiment, template.cell.profile),
      });
    });
    const counted = recordSchema.parse({
      ...{ ...template, suite: 'params', cell: { ...template.cell, experiment: 'small', seed: 0 } },
      recipeSha256: recipeDigest(OTHER.experiment('small'), template.cell.profile),
      result: { kind: 'architecture', ...symbolicCounts(model) },
    });
    const run = { id: 'r', startedAt: template.startedAt, command: 'cnnbench run', plannedCells: 4, finished: true };
    const summary = summarizeRecords(OTHER, [...trained, counted], ['small', experiment.id], run);
    expect(summary.claims.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['ml101/acc', 'reproduced'],
      ['ml101/fc', 'reproduced'],
    ]);
    expect(renderReport(summary, 'markdown', {}).text).toContain('| ml101 | 2 | 0 |');
  });
});

describe('lookups', () => {
  test('an experiment means its model, a variation too', () => {
    expect(LEDGER.model('cnn-1')).toBe(LEDGER.training('cnn-1').model);
    expect(LEDGER.model('cnn-1@lr=3e-4')).toBe(LEDGER.training('cnn-1').model);
    expect(LEDGER.model('vgg-16').id).toBe('vgg-16');
  });

  test.each([
    ['an experiment', () => LEDGER.experiment('mlp-11'), 'E_UNKNOWN_EXPERIMENT'],
    ['a variation of none', () => LEDGER.experiment('mlp-11@lr=3e-4'), 'E_UNKNOWN_EXPERIMENT'],
    ['what is not trained', () => LEDGER.training('vgg-16'), 'E_USAGE'],
    ['a model', () => LEDGER.model('vgg-17'), 'E_UNKNOWN_MODEL'],
    ['a golden trajectory', () => LEDGER.trajectory('mlp-1'), 'E_UNKNOWN_EXPERIMENT'],
  ])('of %s that is not there fail with their code', (_, look, code) => {
    expect(look).toThrow(expect.objectContaining({ code }));
  });

  test('that may find nothing return nothing', () => {
    expect(LEDGER.known('mlp-11')).toBeUndefined();
    expect(LEDGER.known('mlp-1@lr=nonsense')).toBeUndefined();
    expect(LEDGER.referenceOf('mlp-11', 'full', 'real')).toBeUndefined();
    expect(LEDGER.referenceOf('mlp-1', 'full', 'real')?.accuracies).toHaveLength(10);
  });

  test('find all that claims and experiments name', () => {
    const experiments = new Set(LEDGER.experiments.map(({ id }) => id));
    for (const claim of LEDGER.claims) {
      expect(LEDGER.decks.map(({ id }) => id)).toContain(claim.deck);
      expect(LEDGER.suites).toContain(claim.suite);
      expect(experiments).toContain(claim.kind === 'count' ? claim.model : claim.experiment);
    }
    for (const it of LEDGER.experiments) if ('dataset' in it) expect(LEDGER.dataset(it.dataset).name).toBe(it.dataset);
  });
});
