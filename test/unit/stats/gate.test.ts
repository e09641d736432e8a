import { describe, expect, test } from 'vitest';
import type { ClaimVerdict, Verdict } from '../../../src/core/summary.js';
import { gate } from '../../../src/stats/gate.js';
import { judgeThresholds } from '../../../src/stats/thresholds.js';
import { completedTraining, failed } from '../../fixtures/records/build.js';

const claim = (verdict: Verdict): ClaimVerdict => ({
  id: '001/mlp-1',
  suite: 'mlp',
  kind: 'accuracy',
  deck: '001',
  place: 'slide 7',
  statement: 'A sentence.',
  printed: '~89%',
  expected: 0.89,
  unit: 'fraction',
  backend: 'wasm',
  verdict,
  reason: 'because',
});
const cell = (outcome: 'completed' | 'crashed' | 'diverged' | 'timed-out' | 'unsupported' | 'skipped') => ({
  experiment: 'mlp-1',
  suite: 'mlp' as const,
  backend: 'wasm' as const,
  seed: 2,
  profile: 'quick' as const,
  outcome,
  reason: 'because',
  seconds: 1,
  startedAt: '2026-01-02T03:04:05.000Z',
});
const nothing = { cells: [], claims: [], thresholds: [] };

describe('gate', () => {
  test('passes a run in which nothing failed', () => {
    expect(gate(nothing)).toEqual({ passed: true, failures: [], warnings: [] });
  });
  test.each(['reproduced', 'erratum', 'not run'] as const)('passes a claim that is %s', (verdict) => {
    expect(gate({ ...nothing, claims: [claim(verdict)] })).toEqual({ passed: true, failures: [], warnings: [] });
  });
  test('fails on a claim that is not reproduced', () => {
    expect(gate({ ...nothing, claims: [claim('not reproduced')] })).toEqual({
      passed: false,
      failures: ['001/mlp-1 on wasm: not reproduced: because'],
      warnings: [],
    });
  });
  test('only warns of a claim that is inconclusive', () => {
    expect(gate({ ...nothing, claims: [claim('inconclusive')] })).toEqual({
      passed: true,
      failures: [],
      warnings: ['001/mlp-1 on wasm: inconclusive: because'],
    });
  });
  test.each(['crashed', 'diverged', 'timed-out'] as const)('fails on a cell that %s', (outcome) => {
    expect(gate({ ...nothing, cells: [cell(outcome)] }).failures).toEqual([
      `mlp-1 on wasm, seed 2, quick: ${outcome}: because`,
    ]);
  });
  test.each(['completed', 'unsupported', 'skipped'] as const)('passes a cell that is %s', (outcome) => {
    expect(gate({ ...nothing, cells: [cell(outcome)] }).passed).toBe(true);
  });
  test('fails on an accuracy below its threshold', () => {
    const records = [completedTraining({ experiment: 'mlp-1', accuracy: 0.5, profile: 'quick' })];
    const thresholds = judgeThresholds(records, () => 0.8);
    expect(gate({ ...nothing, thresholds }).failures).toEqual([
      'mlp-1 on wasm, quick: 50.00% is below the threshold of 80.00%',
    ]);
  });
});

describe('judgeThresholds', () => {
  const quick = (accuracy: number, seed: number, provenance: 'official' | 'stand-in' | 'unknown' | 'known-variant') =>
    completedTraining({ experiment: 'mlp-1', accuracy, seed, provenance, profile: 'quick' });

  test('takes the mean over the seeds, and the threshold itself passes', () => {
    const records = [quick(0.75, 1, 'official'), quick(0.25, 2, 'official')];
    expect(
      judgeThresholds(records, (id, profile) => (id === 'mlp-1' && profile === 'quick' ? 0.5 : undefined)),
    ).toEqual([
      {
        experiment: 'mlp-1',
        backend: 'wasm',
        profile: 'quick',
        seeds: [1, 2],
        minAccuracy: 0.5,
        testAccuracy: 0.5,
        passed: true,
      },
    ]);
  });
  test.each(['stand-in', 'unknown'] as const)('does not apply to data that is %s', (provenance) => {
    expect(judgeThresholds([quick(0.1, 1, provenance)], () => 0.5)).toEqual([]);
  });
  test('applies to a known variant', () => {
    expect(judgeThresholds([quick(0.1, 1, 'known-variant')], () => 0.5)).toMatchObject([{ passed: false }]);
  });
  test('needs a threshold and a result', () => {
    expect(judgeThresholds([quick(0.1, 1, 'official')], () => undefined)).toEqual([]);
    expect(judgeThresholds([failed('crashed', { experiment: 'mlp-1', reason: 'x' })], () => 0.5)).toEqual([]);
  });
});
