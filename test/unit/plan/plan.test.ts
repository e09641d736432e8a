import { describe, expect, test } from 'vitest';
import { planCells, type PlanOptions } from '../../../src/plan/plan.js';
import { selectExperiments } from '../../../src/plan/select.js';
import { LEDGER } from '../../fixtures/ledger.js';

const pick = (...words: string[]) => selectExperiments(LEDGER.experiments, words);

describe('the plan', () => {
  test('is experiment by backend by seed, in that order', () => {
    const plan = planCells(pick('cnn'), ['wasm', 'js'], [1, 2], 'smoke');
    expect(plan.cells.map((cell) => cell.id)).toEqual([
      'cnn-1.wasm.smoke.seed1',
      'cnn-1.wasm.smoke.seed2',
      'cnn-1.js.smoke.seed1',
      'cnn-1.js.smoke.seed2',
      'cnn-2.wasm.smoke.seed1',
      'cnn-2.wasm.smoke.seed2',
      'cnn-2.js.smoke.seed1',
      'cnn-2.js.smoke.seed2',
    ]);
  });
  test('builds an architecture once a backend, with seed 0', () => {
    const plan = planCells(pick('lenet-5'), ['wasm', 'js'], [1, 2, 3], 'quick');
    expect(plan.cells.map((cell) => cell.id)).toEqual(['lenet-5.wasm.quick.seed0', 'lenet-5.js.quick.seed0']);
  });
  test('has the same id for the same cells and another one for others', () => {
    const id = (seeds: number[], profile: 'smoke' | 'quick') => planCells(pick('mlp-1'), ['wasm'], seeds, profile).id;
    expect(id([1, 2], 'smoke')).toBe(id([1, 2], 'smoke'));
    expect(new Set([id([1, 2], 'smoke'), id([1, 3], 'smoke'), id([1, 2], 'quick')]).size).toBe(3);
  });
  test('estimates more time for more work', () => {
    const [small, large] = (['quick', 'full'] as const).map(
      (profile) => planCells(pick('cnn-2'), ['wasm'], [1], profile).cells[0]?.estimateSeconds ?? 0,
    );
    expect(small).toBeGreaterThan(0);
    expect(large).toBeGreaterThan(small as number);
  });

  const on = (backend: 'js' | 'webgpu' | 'wasm-stock', id: string, options: PlanOptions) =>
    planCells(pick(id), [backend], [1], 'smoke', options).cells[0];

  test('skips training that would take longer than its time limit, and says how long', () => {
    const cell = on('js', 'cnn-2', { limitSeconds: 600 });
    expect(cell?.estimateSeconds).toBeGreaterThan(3600);
    expect(cell?.skipReason).toMatch(
      /^it would take about \d+ h on js, longer than its time limit of 600 s; raise it with --timeout$/,
    );
    expect(on('js', 'cnn-2', { limitSeconds: 100_000 })).not.toHaveProperty('skipReason');
    expect(on('js', 'mlp-4', { limitSeconds: 600 })).not.toHaveProperty('skipReason');
  });

  test('skips a CNN with software rendering, not on a real GPU', () => {
    expect(on('webgpu', 'cnn-1', { limitSeconds: 600, software: ['webgpu'] })?.skipReason).toMatch(/on webgpu/);
    expect(on('webgpu', 'cnn-1', { limitSeconds: 600 })).not.toHaveProperty('skipReason');
  });

  test('starts what only counts, or ends before it trains, whatever the limit', () => {
    expect(on('js', 'vgg-16', { limitSeconds: 0.1 })).not.toHaveProperty('skipReason');
    expect(on('wasm-stock', 'cnn-2', { limitSeconds: 2 })).not.toHaveProperty('skipReason');
  });
});
