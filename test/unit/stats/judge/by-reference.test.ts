import { describe, expect, test } from 'vitest';
import type { AccuracyClaim, RelationClaim } from '../../../../src/core/claim.js';
import { knownVerdictSchema } from '../../../../src/core/known.js';
import type { ReferenceOf } from '../../../../src/core/reference.js';
import { judgeByReference } from '../../../../src/stats/judge/by-reference.js';

const base = { suite: 'cnn', deck: '000', place: 'slide 37', statement: 'A sentence.' } as const;
const accuracy: AccuracyClaim = { ...base, id: '000/a', kind: 'accuracy', printed: '~88%', experiment: 'cnn-1' };
const relation: RelationClaim = {
  ...base,
  id: '000/r',
  kind: 'relation',
  printed: 'beats',
  experiment: 'cnn-2',
  comparedWith: 'mlp-2',
  relation: 'higher',
};

const GPU = { framework: 'PyTorch 2.11', machine: 'a GPU' };
const CPU = { framework: 'PyTorch 1.13', machine: 'a processor' };

const references =
  (known: Readonly<Record<string, readonly number[]>>): ReferenceOf =>
  (experiment, profile, data) => {
    const accuracies = profile === 'full' && data === 'real' ? known[experiment] : undefined;
    return accuracies && { experiment, profile, data, accuracies, setup: experiment === 'mlp-2' ? CPU : GPU };
  };

describe('the verdict of the reference on a printed number', () => {
  test('is that of its seeds, and says what trained them', () => {
    const judged = judgeByReference(accuracy, references({ 'cnn-1': [0.88, 0.881, 0.879] }));
    expect(knownVerdictSchema.parse(judged)).toMatchObject({
      verdict: 'reproduced',
      measured: expect.closeTo(0.88, 10) as number,
      seeds: 3,
      by: 'PyTorch 2.11',
      machine: 'a GPU',
    });
  });
  test('of one seed is provisional, wherever it lies', () => {
    expect(judgeByReference(accuracy, references({ 'cnn-1': [0.88] }))).toMatchObject({
      verdict: 'inconclusive',
      seeds: 1,
      reason: expect.stringContaining('provisional: one seed, 88.00%, inside') as string,
    });
    const outside = judgeByReference(accuracy, references({ 'cnn-1': [0.8914] }));
    expect(outside).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('outside') as string });
    expect(outside).not.toHaveProperty('interval');
  });
  test('of an order needs both sides, and names both set-ups', () => {
    expect(judgeByReference(relation, references({ 'mlp-2': [0.53, 0.53] }))).toBeUndefined();
    expect(
      judgeByReference(relation, references({ 'cnn-2': [0.69, 0.692], 'mlp-2': [0.53, 0.531, 0.529] })),
    ).toMatchObject({
      verdict: 'reproduced',
      seeds: 2,
      by: 'PyTorch 2.11, PyTorch 1.13',
      machine: 'a GPU, a processor',
    });
  });
  test('is none where the recipe was never trained to the end', () => {
    expect(judgeByReference(accuracy, references({}))).toBeUndefined();
  });
});
