import { describe, expect, test } from 'vitest';
import type { SweepGrid } from '../../../src/core/sweep.js';
import { checkBatches, defaultValues, sweepExperiments, sweepPoints } from '../../../src/plan/sweep-points.js';
import { LEDGER } from '../../fixtures/ledger.js';

const base = LEDGER.training('mlp-2');
const GRID = { experiment: 'mlp-2', backend: 'wasm', profile: 'quick', seeds: [1, 2, 3] } as const;

describe('the grid of a sweep', () => {
  test('is every combination, and its base point is the experiment itself', () => {
    const grid: SweepGrid = {
      ...GRID,
      seeds: [1],
      learningRate: [1e-4, 1e-3],
      initialisation: ['he-uniform', 'pytorch-default'],
      batchSize: [256, 1024],
    };
    const points = sweepPoints(base, grid);
    expect(points).toHaveLength(8);
    expect(points.map(({ experiment }) => experiment.id)).toEqual([
      'mlp-2@lr=1e-4,batch=256',
      'mlp-2@lr=1e-4',
      'mlp-2@lr=1e-4,init=pytorch-default,batch=256',
      'mlp-2@lr=1e-4,init=pytorch-default',
      'mlp-2@batch=256',
      'mlp-2',
      'mlp-2@init=pytorch-default,batch=256',
      'mlp-2@init=pytorch-default',
    ]);
  });

  test('trains the most epochs once', () => {
    const grid: SweepGrid = { ...GRID, seeds: [1], epochs: [1, 2, 4] };
    expect(sweepPoints(base, grid).map(({ epochs, experiment }) => [epochs, experiment.id])).toEqual([
      [1, 'mlp-2@epochs=4'],
      [2, 'mlp-2@epochs=4'],
      [4, 'mlp-2@epochs=4'],
    ]);
    expect(sweepExperiments(base, grid).map(({ id }) => id)).toEqual(['mlp-2@epochs=4']);
    expect(sweepExperiments(base, { ...grid, epochs: [1, 2] }).map(({ id }) => id)).toEqual(['mlp-2']);
  });

  test('takes epochs around those of the profile, none twice', () => {
    const { epochs, batchSize } = defaultValues(base, 'quick');
    expect(epochs).toEqual([1, 2, 4]);
    expect(batchSize).toEqual([64, 256, 1024]);
    expect(defaultValues(base, 'full').epochs).toEqual([5, 9, 18, 36]);
  });

  test('refuses a batch that the images of the profile do not fill', () => {
    const grid: SweepGrid = { ...GRID, profile: 'smoke', seeds: [1], batchSize: [5000] };
    expect(() => checkBatches(base, grid)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
    expect(() => checkBatches(base, { ...grid, profile: 'quick' })).not.toThrow();
  });
});
