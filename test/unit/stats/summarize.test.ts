import { describe, expect, test } from 'vitest';
import { summarySchema } from '../../../src/core/summary.js';
import { fixtureSummary, RECORDS } from '../../fixtures/records/summary.js';
import { completedTraining } from '../../fixtures/records/build.js';

describe('buildSummary', () => {
  const summary = fixtureSummary();

  test('fits the schema of summary.json', () => {
    expect(summarySchema.parse(summary)).toEqual(summary);
  });
  test('does not depend on the order of the records', () => {
    expect(fixtureSummary(RECORDS.toReversed())).toEqual(summary);
  });
  test('lists cells as they were planned, then by backend and seed', () => {
    expect([...new Set(summary.cells.map(({ experiment }) => experiment))]).toEqual([
      'lenet-5',
      'mlp-1',
      'mlp-2',
      'mlp-3',
      'mlp-4',
      'cnn-1',
      'cnn-2',
    ]);
    const seeds = summary.cells.filter(({ experiment, backend }) => experiment === 'mlp-1' && backend === 'wasm');
    expect(seeds.map(({ seed }) => seed)).toEqual([1, 2, 3]);
  });
  test('keeps every record, whatever its outcome', () => {
    expect(summary.cells).toHaveLength(RECORDS.length);
    expect(new Set(summary.cells.map(({ outcome }) => outcome))).toEqual(
      new Set(['completed', 'diverged', 'crashed', 'timed-out', 'unsupported', 'skipped']),
    );
  });
  test('marks stand-ins, and nothing else, as stand-ins', () => {
    const standIns = summary.cells.filter(({ dataset }) => dataset?.standIn);
    expect(standIns.map(({ experiment }) => experiment)).toEqual(['cnn-1']);
  });
  test('lists every backend once', () => {
    expect(summary.backends.map(({ name }) => name).toSorted()).toEqual(['js', 'wasm']);
  });
  test('counts a cell that was repeated once, by its latest record', () => {
    const again = { experiment: 'mlp-1', seed: 1, startedAt: '2026-01-03T00:00:00Z' };
    const repeated = fixtureSummary([...RECORDS, completedTraining({ ...again, accuracy: 0.1 })]);
    const cells = repeated.cells.filter(({ experiment, backend }) => experiment === 'mlp-1' && backend === 'wasm');
    expect(cells.map(({ seed, testAccuracy }) => [seed, testAccuracy])).toEqual([
      [1, 0.1],
      [2, 0.8901],
      [3, 0.8897],
    ]);
  });
  test('has a verdict of every kind in the fixture', () => {
    expect(new Set(summary.claims.map(({ verdict }) => verdict))).toEqual(
      new Set(['reproduced', 'not reproduced', 'inconclusive', 'erratum', 'not run']),
    );
  });
});
