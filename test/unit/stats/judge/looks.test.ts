import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccuracyClaim, RelationClaim } from '../../../../src/core/claim.js';
import type { CellRecord } from '../../../../src/core/record.js';
import type { Verdict } from '../../../../src/core/summary.js';
import type { CompletedTraining } from '../../../../src/stats/comparable.js';
import { judgeClaims } from '../../../../src/stats/judge/judge.js';
import { intervalName, looksUpTo, spendOver, spentP } from '../../../../src/stats/judge/looks.js';
import { judgeReferences } from '../../../../src/stats/judge/reference.js';
import { normalStream } from '../../../fixtures/normal.js';
import { completedTraining, failed } from '../../../fixtures/records/build.js';

const LOOKS = [3, 5, 10];
const claim: AccuracyClaim = {
  suite: 'mlp',
  deck: '001',
  place: 'slide 7',
  statement: 'A sentence.',
  id: '001/mlp-1',
  kind: 'accuracy',
  printed: '~89%',
  experiment: 'mlp-1',
};
const [template] = [completedTraining({ experiment: 'mlp-1', accuracy: 0.5 })] as [CompletedTraining];
const runs = (accuracies: readonly number[], experiment = 'mlp-1'): CellRecord[] =>
  accuracies.map((testAccuracy, index) => ({
    ...template,
    cell: { ...template.cell, experiment, seed: index + 1 },
    result: { ...template.result, testAccuracy },
  }));
const options = { plannedExperiments: [], modelInput: () => undefined };
const judge = (records: readonly CellRecord[], looks: readonly number[] = LOOKS) =>
  judgeClaims([claim], records, { ...options, looks })[0];

describe('the looks of a run', () => {
  test.each([
    [10, [3, 5, 10]],
    [7, [3, 5, 7]],
    [5, [3, 5]],
    [3, [3]],
    [2, [2]],
    [20, [3, 5, 10, 20]],
  ])('of at most %d seeds are fixed, and end there', (most, looks) => expect(looksUpTo(most)).toEqual(looks));
  // ln(1 + (e - 1) 0.3) = 0.4157, ln(1 + (e - 1) 0.5) = 0.6201, ln e = 1.
  test('spend the error as Lan and DeMets do, and say the level', () => {
    const looks = spendOver(LOOKS);
    expect(looks.map(({ share }) => share)).toEqual(
      [0.4157, 0.2044, 0.3799].map((share) => expect.closeTo(share, 4) as number),
    );
    expect(looks.map(intervalName)).toEqual(['CI95.8', 'CI98', 'CI96.2']);
    expect(looks.map(({ number, of, seeds, next }) => [number, of, seeds, next])).toEqual([
      [1, 3, 3, 5],
      [2, 3, 5, 10],
      [3, 3, 10, undefined],
    ]);
  });
  test('spend all of it and no more, however many there are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 2, max: 1000 }), { minLength: 1, maxLength: 8 }), (seeds) => {
        const looks = spendOver(seeds.toSorted((a, b) => a - b));
        expect(looks.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
        for (const { share, tail } of looks) {
          expect(share).toBeGreaterThan(0);
          expect(tail).toBeCloseTo(0.05 * share, 15);
        }
      }),
    );
  });
  test('of a single one is the level of a run with a fixed number', () => {
    expect(spendOver([4])).toMatchObject([{ share: 1, tail: 0.05, of: 1 }]);
  });
  test('make a p-value as much larger as they are stricter, up to 1', () => {
    expect(spentP(0.01, { share: 0.25, tail: 0.0125 })).toBe(0.04);
    expect(spentP(0.5, { share: 0.25, tail: 0.0125 })).toBe(1);
  });
});

describe('a claim that is judged at looks', () => {
  const clear = [0.889, 0.89, 0.891];
  const vague = [0.879, 0.883, 0.887];
  test('is decided at the first look that decides, and stays so whatever comes later', () => {
    const later = [...clear, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7];
    expect(judge(runs(later))).toMatchObject({ verdict: 'reproduced', look: 1, seeds: [1, 2, 3] });
    expect(judge(runs(later))?.reason).toMatch(/^CI95\.8 .*; look 1 of 3, decided$/);
  });
  test('goes on where it is not', () => {
    expect(judge(runs(vague))).toMatchObject({ verdict: 'inconclusive', look: 1 });
    expect(judge(runs(vague))?.reason).toMatch(/; look 1 of 3, undecided: the next is at 5 seeds$/);
    expect(judge(runs([...vague, 0.89, 0.89]))).toMatchObject({ verdict: 'inconclusive', look: 2 });
    const all = judge(runs([...vague, 0.878, 0.883, 0.879, 0.884, 0.876, 0.881, 0.88]));
    expect(all).toMatchObject({ verdict: 'inconclusive', look: 3, seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
    expect(all?.reason).toMatch(/; look 3 of 3, undecided$/);
  });
  test('is not judged between looks, nor on seeds that skip one', () => {
    expect(judge(runs([...vague, 0.99]))).toMatchObject({ look: 1, seeds: [1, 2, 3] });
    expect(judge(runs(clear.slice(0, 2)))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too early: the first look is at 3 seeds',
    });
    const [first, , third] = runs([...clear]) as [CellRecord, CellRecord, CellRecord];
    expect(judge([first, third])).toMatchObject({ verdict: 'inconclusive' });
  });
  test('is decided by a seed that failed', () => {
    const dead = failed('crashed', { experiment: 'mlp-1', seed: 2, reason: 'killed' });
    const [first, , third] = runs([...clear]) as [CellRecord, CellRecord, CellRecord];
    expect(judge([first, dead, third])).toMatchObject({ verdict: 'not reproduced', look: 1 });
  });
  test('has a p-value that is comparable with 5 % at every look', () => {
    const [once] = judgeClaims([claim], runs(clear), options);
    expect(judge(runs(clear))?.p).toBeCloseTo((once?.p ?? 0) / 0.41574, 6);
  });
  test('is not run where it would not be, and has no look then', () => {
    const quick = clear.map((accuracy, index) =>
      completedTraining({ experiment: 'mlp-1', accuracy, seed: index + 1, profile: 'quick' }),
    );
    expect(judge(quick)).toMatchObject({
      verdict: 'not run',
      reason: expect.stringContaining('--profile full') as string,
    });
    expect(judge(quick)).not.toHaveProperty('look');
  });
  test('may be a relation, for which both sides must be there', () => {
    const relation: RelationClaim = { ...claim, id: 'r', kind: 'relation', comparedWith: 'mlp-2', relation: 'higher' };
    const found = (other: readonly number[]) =>
      judgeClaims([relation], [...runs([...clear, 0.7, 0.7]), ...runs(other, 'mlp-2')], {
        ...options,
        looks: LOOKS,
      })[0];
    expect(found([0.8, 0.801, 0.802])).toMatchObject({ verdict: 'reproduced', look: 1 });
    expect(found([0.8, 0.801])).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^too early/) as string,
    });
  });
});

describe('a comparison with the reference at looks', () => {
  const SETUP = { framework: 'PyTorch', machine: 'a processor' };
  const TEN = [0.8915, 0.8936, 0.8913, 0.8864, 0.8876, 0.8923, 0.891, 0.8873, 0.8906, 0.8905];
  const compare = (records: readonly CellRecord[]) =>
    judgeReferences(records, {
      looks: LOOKS,
      referenceOf: (experiment, profile, data) =>
        data === 'real' ? { experiment, profile, data, accuracies: TEN, setup: SETUP } : undefined,
    });
  test('stays decided, and the others go on', () => {
    const decided = runs([0.889, 0.89, 0.891, 0.5, 0.5]);
    const open = [0.886, 0.881, 0.883];
    expect(compare([...decided, ...runs(open, 'b')])).toMatchObject([
      { experiment: 'mlp-1', verdict: 'agrees', look: 1, seeds: [1, 2, 3] },
      { experiment: 'b', verdict: 'inconclusive', look: 1 },
    ]);
    expect(compare([...decided, ...runs([...open, 0.88, 0.881], 'b')])).toMatchObject([
      { verdict: 'agrees', look: 1 },
      { verdict: 'worse', look: 2, reason: expect.stringMatching(/CI98 .*; look 2 of 3, decided$/) as string },
    ]);
  });
  test('waits for all seeds of the first look', () => expect(compare(runs([0.889, 0.89]))).toEqual([]));
});

describe('over many draws from a fixed generator', () => {
  const DRAWS = 2000;
  const limit = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / DRAWS);
  /** Accuracies at the bound of the printed interval, where the chance of either wrong decision is largest. */
  const samples = () => {
    const normal = normalStream(7);
    return Array.from({ length: DRAWS }, () => runs(Array.from({ length: 10 }, () => 0.9 + 0.003 * normal())));
  };
  const rate = (verdicts: readonly (Verdict | undefined)[], wanted: Verdict) =>
    verdicts.filter((verdict) => verdict === wanted).length / DRAWS;

  test('neither decision is wrong more than once in twenty, over all looks together', () => {
    const verdicts = samples().map((records) => judge(records)?.verdict);
    for (const wrong of ['reproduced', 'not reproduced'] as const) {
      expect(rate(verdicts, wrong)).toBeLessThan(limit);
      expect(rate(verdicts, wrong)).toBeGreaterThan(0.02);
    }
  });
  test('looking with the whole error each time would be: the spending does something', () => {
    const verdicts = samples().map((records) =>
      LOOKS.map((seeds) => judge(records.slice(0, seeds), [seeds])?.verdict).find(
        (verdict) => verdict !== 'inconclusive',
      ),
    );
    expect(Math.max(rate(verdicts, 'reproduced'), rate(verdicts, 'not reproduced'))).toBeGreaterThan(limit);
  });
});
