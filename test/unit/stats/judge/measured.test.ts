import { describe, expect, test } from 'vitest';
import type { DataClaim, OpClaim } from '../../../../src/core/claim.js';
import type { Provenance } from '../../../../src/core/dataset.js';
import type { DataFact } from '../../../../src/core/quantity.js';
import { recordSchema, type CellRecord, type Measurement } from '../../../../src/core/record.js';
import { claimVerdictSchema } from '../../../../src/core/summary.js';
import { judgeClaims } from '../../../../src/stats/judge/judge.js';
import { completedTraining, failed } from '../../../fixtures/records/build.js';

const base = { deck: '002', place: 'slide 7', statement: 'A sentence.', unit: 'values' } as const;
const op = (printed: string, more: Partial<OpClaim> = {}): OpClaim => ({
  ...base,
  id: '002/example/output',
  kind: 'op',
  suite: 'ops',
  printed,
  experiment: 'ops-x',
  measure: (values) => [[...values('example').values]],
  ...more,
});
const data = (printed: string): DataClaim => ({
  ...base,
  id: '002/cifar-10/images',
  kind: 'data',
  suite: 'data',
  printed,
  experiment: 'data-cifar-10',
  measure: 'training-images',
});

function completed(experiment: string, suite: string, result: object): CellRecord {
  const { seconds, environment, backend, schemaVersion, recipeSha256, startedAt } = completedTraining({
    experiment,
    accuracy: 0.5,
  });
  const cell = { experiment, backend: 'wasm', seed: 0, profile: 'quick' };
  const record = { schemaVersion, recipeSha256, startedAt, seconds, environment, backend, cell, suite };
  return recordSchema.parse({ ...record, outcome: 'completed', result });
}
const ops = (values: Measurement['values'], more: Partial<Measurement> = {}) =>
  completed('ops-x', 'ops', { kind: 'ops', values: [{ name: 'example', shape: [values.length], values, ...more }] });
const counted = (provenance: Provenance, images = 50_000) => {
  const split = { images, perClass: [images], range: [0, 255] };
  const dataset = { name: 'cifar-10', fingerprint: 'a'.repeat(64), provenance };
  const result = { kind: 'data', dataset, imageShape: [32, 32, 3], train: split, test: split };
  return completed('data-cifar-10', 'data', result);
};
const judge = (claim: OpClaim | DataClaim, ...records: CellRecord[]) => {
  const [verdict] = judgeClaims([claim], records, { plannedExperiments: [claim.experiment], modelInput: () => [] });
  return claimVerdictSchema.parse(verdict);
};

describe('an op claim', () => {
  test('is reproduced when every element is within its printed digits', () => {
    expect(judge(op('0.1 -0.2'), ops([0.149, -0.151]))).toMatchObject({
      verdict: 'reproduced',
      expected: [[0.1, -0.2]],
      measured: [[0.149, -0.151]],
      backend: 'wasm',
    });
  });
  test('is not reproduced when one is not', () => {
    expect(judge(op('0.1 -0.2'), ops([0.1, -0.251])).verdict).toBe('not reproduced');
    expect(judge(op('1 2'), ops([1, 2.0001])).verdict).toBe('not reproduced');
    expect(judge(op('1 2'), ops([1, 2, 3])).verdict).toBe('not reproduced');
  });
  test('is an erratum when it fails and the ledger says why, but not when it holds', () => {
    expect(judge(op('1 2', { erratum: '1 + 1 = 2' }), ops([1, 3]))).toMatchObject({
      verdict: 'erratum',
      reason: '1 + 1 = 2',
    });
    expect(judge(op('1 2', { erratum: '1 + 1 = 2' }), ops([1, 2])).verdict).toBe('reproduced');
  });
  test('fails on one of several backends only', () => {
    const other = ops([1, 2]);
    const js = { ...other, cell: { ...other.cell, backend: 'js' as const } };
    const verdicts = judgeClaims([op('1 2')], [ops([1, 5]), js], { plannedExperiments: [], modelInput: () => [] });
    expect(verdicts.map(({ backend, verdict }) => [backend, verdict])).toEqual([
      ['wasm', 'not reproduced'],
      ['js', 'reproduced'],
    ]);
  });
  test('says what a backend refused or did not leave', () => {
    expect(judge(op('1 2'), ops([], { error: 'no such kernel' })).reason).toBe(
      'the backend did not compute "example": no such kernel',
    );
    expect(judge(op('1 2'), ops([1, 2], { name: 'other' })).reason).toBe('the record has no operation "example"');
  });
  test('of a formula counts the points where it fails', () => {
    const formula = op('a = b', {
      expected: { low: 0, high: 0, words: '0 mismatches' },
      measure: (values) => values('example').values.filter((value) => value !== 0).length,
      points: (values) => values('example').values.length,
    });
    expect(judge(formula, ops([0, 0, 0]))).toMatchObject({ verdict: 'reproduced', reason: 'holds in all 3 points' });
    expect(judge(formula, ops([0, 1, 0]))).toMatchObject({
      verdict: 'not reproduced',
      reason: 'fails in 1 of 3 points',
      measured: 1,
    });
  });
  test('is not reproduced by a cell that crashed, and not run without one', () => {
    expect(judge(op('1 2'), failed('crashed', { experiment: 'ops-x', suite: 'ops', reason: 'gone' })).reason).toBe(
      'crashed: gone',
    );
    expect(judge(op('1 2')).verdict).toBe('not run');
    const skipped = failed('skipped', { experiment: 'ops-x', suite: 'ops', reason: 'why not' });
    expect(judge(op('1 2'), skipped)).toMatchObject({ verdict: 'not run', reason: 'skipped: why not' });
  });
});

describe('a data claim', () => {
  test.each<[DataFact, number | readonly number[]]>([
    ['training-images', 10],
    ['test-images', 4],
    ['images', 14],
    ['images-per-class', 2],
    ['classes', 1],
    ['resolution', [2, 5]],
    ['channels', 3],
    ['values', 30],
    ['range', 199],
  ])('counts %s', (measure, measured) => {
    const train = { images: 10, perClass: [5, 0, 5], range: [7, 200] };
    const test = { images: 4, perClass: [2, 2, 0], range: [1, 90] };
    const dataset = { name: 'cifar-10', fingerprint: 'a'.repeat(64), provenance: 'official' };
    const record = completed('data-cifar-10', 'data', { kind: 'data', dataset, imageShape: [2, 5, 3], train, test });
    expect(judge({ ...data('1'), measure }, record).measured).toEqual(measured);
  });
  test('is judged on the real files', () => {
    expect(judge(data('50000 images'), counted('official'))).toMatchObject({ verdict: 'reproduced', measured: 50_000 });
    expect(judge(data('50000 images'), counted('official', 49_999)).verdict).toBe('not reproduced');
  });
  test('on a known variant says so', () => {
    expect(judge(data('50000 images'), counted('known-variant')).reason).toContain('known variant of cifar-10');
  });
  test.each(['stand-in', 'unknown'] as const)('is not run on %s images', (provenance) => {
    expect(judge(data('50000 images'), counted(provenance)).verdict).toBe('not run');
  });
});
