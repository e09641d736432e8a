import { describe, expect, test } from 'vitest';
import { recordSchema } from '../../../src/core/record.js';
import type { Symptom } from '../../../src/core/symptom.js';
import { renderReport } from '../../../src/report/render.js';
import { symptomLines } from '../../../src/report/sections/failures.js';
import { completedTraining } from '../../fixtures/records/build.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';
import { prose } from '../../fixtures/prose.js';

const CHANCE: Symptom = { kind: 'chance-accuracy', epoch: 1 };
const ZERO: Symptom = { kind: 'zero-gradient', epoch: 1, step: 2, tensors: ['dense.bias'] };
const cell = (experiment: string, seed: number, profile: 'smoke' | 'quick', ...symptoms: Symptom[]) =>
  completedTraining({ experiment, seed, profile, accuracy: 0.1, ...(symptoms.length > 0 && { symptoms }) });
const linesOf = (...records: ReturnType<typeof cell>[]) => symptomLines(fixtureSummary(records).cells);

describe('symptoms in a report', () => {
  test('are one line for the seeds that share them', async () => {
    const lines = linesOf(
      cell('mlp-1', 1, 'quick', CHANCE),
      cell('mlp-1', 2, 'quick', CHANCE),
      cell('mlp-1', 3, 'quick', ZERO, CHANCE),
    );
    expect(lines).toHaveLength(2);
    await expect(lines.join('\n')).toMatchFileSnapshot(prose('symptoms-of-seeds'));
  });
  test('are one line for all of smoke that is at chance, and a line of its own for a zero gradient', async () => {
    const lines = linesOf(
      cell('mlp-1', 1, 'smoke', CHANCE),
      cell('mlp-2', 1, 'smoke', CHANCE),
      cell('mlp-2', 2, 'smoke', ZERO),
    );
    expect(lines).toHaveLength(2);
    await expect(lines.join('\n')).toMatchFileSnapshot(prose('symptoms-of-smoke'));
  });
  test('of trainings that have none are no section', () => {
    const summary = fixtureSummary([cell('mlp-1', 1, 'quick')]);
    expect(symptomLines(summary.cells)).toEqual([]);
    expect(renderReport(summary, 'terminal').text).not.toContain('Symptoms');
    expect(renderReport(summary, 'markdown').text).not.toContain('Symptoms');
  });
});

describe('symptoms in a record', () => {
  const record = cell('mlp-1', 1, 'quick', ZERO) as Extract<ReturnType<typeof cell>, { outcome: 'completed' }>;
  const withSymptoms = (symptoms: unknown) => ({ ...record, result: { ...record.result, symptoms } });
  test('may be absent, as they are in older records', () => {
    expect(recordSchema.safeParse(cell('mlp-1', 1, 'quick')).success).toBe(true);
  });
  test.each([
    ['an empty list', []],
    ['a kind that nobody knows', [{ kind: 'tired', epoch: 1 }]],
    ['a field too many', [{ ...CHANCE, step: 1 }]],
    ['an epoch before the first', [{ ...CHANCE, epoch: 0 }]],
    ['no tensors', [{ ...ZERO, tensors: [] }]],
    ['a name without end', [{ ...ZERO, tensors: ['x'.repeat(201)] }]],
    ['more than anybody has', Array.from({ length: 1001 }, () => CHANCE)],
  ])('with %s are refused', (_, symptoms) => {
    expect(recordSchema.safeParse(withSymptoms(symptoms)).success).toBe(false);
  });
});
