import { expect, test } from 'vitest';
import type { Claim, ScoreClaim } from '../../../../src/core/claim.js';
import type { CellRecord, CurvePoint } from '../../../../src/core/record.js';
import { judgeClaims } from '../../../../src/stats/judge/judge.js';
import { completedTraining } from '../../../fixtures/records/build.js';

const base = { suite: 'd', deck: 'd', place: 'p', statement: 'A sentence.', experiment: 'mlp-1' } as const;
const claim = (printed: string, about: Pick<ScoreClaim, 'score' | 'set'> & Partial<ScoreClaim>): ScoreClaim => ({
  ...base,
  ...about,
  id: 'd/score',
  kind: 'score',
  printed,
});

/** Three seeds of three epochs, whose last points differ by 0.001. */
function records(more: Partial<CurvePoint> = {}): CellRecord[] {
  return [1, 2, 3].map((seed) => {
    const record = completedTraining({ experiment: 'mlp-1', accuracy: 0.88, seed });
    if (record.outcome !== 'completed' || record.result.kind !== 'training') throw new TypeError('no training');
    const off = (seed - 2) / 1000;
    const curve = [1, 2, 3].map((epoch) => ({
      ...{
        epoch,
        trainSeconds: 1,
        trainLoss: 0.6 / epoch + off,
        testLoss: 0.9 / epoch + off,
        testAccuracy: 0.85 + epoch / 100 + off,
      },
      ...more,
    }));
    return { ...record, result: { ...record.result, curve, epochs: 3 } };
  });
}

const judge = (about: Claim, from: CellRecord[], unstated: string[] = []) =>
  judgeClaims([about], from, { plannedExperiments: [], modelInput: () => undefined, unstatedOf: () => unstated })[0];

test('a loss after the last epoch', () => {
  const judged = judge(claim('0.3', { score: 'loss', set: 'test' }), records());
  expect(judged).toMatchObject({ verdict: 'reproduced', expected: 0.3, unit: 'loss', kind: 'score' });
  expect(judged?.measured).toBeCloseTo(0.3, 9);
  expect(judged?.reason).toContain('CI90 0.2983 to 0.3017, inside 0.2500 to 0.3500');
});

test('a loss on the training batches', () => {
  expect(judge(claim('0.200', { score: 'loss', set: 'training' }), records())?.verdict).toBe('inconclusive');
  expect(judge(claim('0.25', { score: 'loss', set: 'training' }), records())?.verdict).toBe('not reproduced');
});

test('an accuracy after an epoch that the page names', () => {
  const judged = judge(claim('~86%', { score: 'accuracy', set: 'test', epoch: 1 }), records());
  expect(judged).toMatchObject({ verdict: 'reproduced', unit: 'fraction' });
  expect(judged?.measured).toBeCloseTo(0.86, 9);
});

test('an accuracy on the training batches, where the training measured it', () => {
  const about = claim('91%', { score: 'accuracy', set: 'training' });
  expect(judge(about, records({ trainAccuracy: 0.91 }))).toMatchObject({ verdict: 'reproduced', measured: 0.91 });
  expect(judge(about, records())).toMatchObject({ verdict: 'not run', reason: 'the training did not measure it' });
});

test('an epoch that was not trained is not judged', () => {
  expect(judge(claim('90%', { score: 'accuracy', set: 'test', epoch: 9 }), records())?.verdict).toBe('not run');
});

test('a tolerance takes the place of the printed digits', () => {
  const expected = { low: 0.2, high: 0.4, words: '0.2 to 0.4 (read off a plot)' };
  expect(judge(claim('low', { score: 'loss', set: 'test', expected }), records())?.verdict).toBe('reproduced');
});

test('what the page does not say of the recipe stands behind every verdict', () => {
  const judged = judge(claim('0.3', { score: 'loss', set: 'test' }), records(), ['epochs', 'batch']);
  expect(judged?.reason).toMatch(/; the page does not say: epochs, batch$/);
});
