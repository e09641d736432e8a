import { describe, expect, test } from 'vitest';
import type { CellRecord } from '../../../../src/core/record.js';
import type { Reference } from '../../../../src/core/reference.js';
import type { CompletedTraining } from '../../../../src/stats/comparable.js';
import { judgeReferences } from '../../../../src/stats/judge/reference.js';
import { normalStream } from '../../../fixtures/normal.js';
import { completedTraining, diverged, failed } from '../../../fixtures/records/build.js';

type Training = Partial<Parameters<typeof completedTraining>[0]>;

const SETUP = { framework: 'PyTorch', machine: 'a processor' };
const TEN = [0.8915, 0.8936, 0.8913, 0.8864, 0.8876, 0.8923, 0.891, 0.8873, 0.8906, 0.8905];

const judge = (records: readonly CellRecord[], accuracies = TEN, data: Reference['data'] = 'real') =>
  judgeReferences(records, {
    referenceOf: (experiment, profile, asked) =>
      asked === data && experiment !== 'alone' ? { experiment, profile, data, accuracies, setup: SETUP } : undefined,
  });
const runs = (accuracies: readonly number[], more: Training = {}) =>
  accuracies.map((accuracy, index) =>
    completedTraining({ experiment: 'mlp-1', accuracy, seed: index + 1, profile: 'quick', ...more }),
  );

describe('a comparison with the reference', () => {
  test('agrees when the interval of the difference is within one point', () => {
    expect(judge(runs([0.8903, 0.8911, 0.8889]))).toMatchObject([
      {
        experiment: 'mlp-1',
        backend: 'wasm',
        profile: 'quick',
        seeds: [1, 2, 3],
        verdict: 'agrees',
        reference: { framework: 'PyTorch', seeds: 10 },
        reason:
          '-0.01 points against 89.02% of PyTorch (3 seeds against 10), CI90 -0.27 to +0.25 points, inside \u00b11 point',
      },
    ]);
  });
  test('agrees even where a small difference is beyond doubt: equivalence comes first', () => {
    const [found] = judge(runs([0.8855, 0.8856, 0.8854, 0.8855, 0.8856]));
    expect(found).toMatchObject({ verdict: 'agrees' });
    expect(found?.pWorse).toBeLessThan(0.002);
  });
  test('is worse or better where Holm leaves less than 0.2 %, and better is suspicious', () => {
    expect(judge(runs([0.86, 0.861, 0.862]))).toMatchObject([
      { verdict: 'worse', reason: expect.stringContaining('worse: p < 0.001 after Holm over 2 tests') as string },
    ]);
    expect(judge(runs([0.92, 0.921, 0.922]))).toMatchObject([
      { verdict: 'better', reason: expect.stringContaining('suspicious: a leak') as string },
    ]);
  });
  test('is inconclusive between the two, and says how many more seeds would decide', () => {
    const [found] = judge(runs([0.888, 0.879]));
    expect(found?.verdict).toBe('inconclusive');
    expect(found?.reason).toMatch(
      /not inside \u00b11 point, and no difference shown: p = 0\.\d+ after Holm .*, where it takes p < 0\.002; \d+ more seeds? would decide/,
    );
  });
  test('of a reference too wide to tell says that seeds alone would not', () => {
    const wide = [0.567, 0.532, 0.486, 0.551, 0.601, 0.519, 0.528, 0.508, 0.486, 0.597];
    expect(judge(runs([0.53, 0.55, 0.5]), wide)[0]?.reason).toContain('100 seeds would not decide');
  });
  test('of one seed takes the spread of the reference', () => {
    // sd 0.2342 points, t(0.95, 9) = 1.833113: margin 1.833113 x 0.2342 x sqrt(1.1) = 0.4503.
    // One more run: 89.02 +- t(0.975, 9) = 2.262157 x 0.2342 x sqrt(1.1) = 0.5557.
    const [found] = judge(runs([0.8852]));
    expect(found).toMatchObject({ verdict: 'agrees', seeds: [1] });
    expect(((found?.interval[1] ?? 0) - (found?.interval[0] ?? 0)) / 2).toBeCloseTo(0.4503, 4);
    expect(found?.reason).toContain('(one seed against 10, with their spread)');
    expect(found?.reason).toContain('as one more run of it no surprise (88.47% to 89.58%)');
  });
  test('of one seed far from those of the reference is a surprise', () => {
    const [far] = judge(runs([0.86]));
    expect(far?.reason).toContain('as one more run of it a surprise (88.47% to 89.58%)');
    expect(judge(runs([0.86]))).toMatchObject([{ verdict: 'worse' }]);
  });
  test.each([
    [[0.88, 0.88], [0.88, 0.88], 'agrees', 1, 1],
    [[0.85, 0.85], [0.88, 0.88], 'worse', 0, 1],
    [[0.91], [0.88, 0.88], 'better', 1, 0],
  ])('of %j with %j, without any spread, is decided by the point: %s', (own, reference, verdict, pWorse, pBetter) => {
    expect(judge(runs(own), reference)).toMatchObject([{ verdict, pWorse, pBetter }]);
  });
  test('is never made across kinds of data', () => {
    expect(judge(runs([0.89, 0.89], { provenance: 'stand-in' }))).toEqual([]);
    expect(judge(runs([0.89, 0.89], { provenance: 'unknown' }))).toEqual([]);
    expect(judge(runs([0.89, 0.89], { provenance: 'unknown' }), TEN, 'stand-in')).toEqual([]);
    expect(judge(runs([0.89, 0.89], { provenance: 'stand-in' }), TEN, 'stand-in')).toMatchObject([{ standIn: true }]);
    const [real] = judge(runs([0.89, 0.89], { provenance: 'known-variant', note: 'one byte differs' }));
    expect(real).not.toHaveProperty('standIn');
    expect(real?.reason).toContain('known variant of fashion-mnist: one byte differs');
  });
  test('is made where there is a reference only, on every backend and in every profile', () => {
    expect(judge(runs([0.89], { experiment: 'alone' }))).toEqual([]);
    expect(judge(runs([0.89]), [0.89])).toEqual([]);
    const records = [...runs([0.89], { profile: 'full' }), ...runs([0.89], { backend: 'js' }), ...runs([0.89])];
    expect(judge(records).map(({ backend, profile }) => [backend, profile])).toEqual([
      ['wasm', 'quick'],
      ['wasm', 'full'],
      ['js', 'quick'],
    ]);
  });
  test('never mixes recipes or files: each has a comparison of its own', () => {
    const records = [
      ...runs([0.89, 0.891]),
      ...runs([0.5], { seed: 3, recipe: 'other' }),
      ...runs([0.6], { seed: 4, fingerprint: 'other' }),
    ];
    expect(judge(records).map(({ seeds }) => seeds)).toEqual([[1, 2], [3], [4]]);
  });
});

describe('a seed that failed', () => {
  const dead = { experiment: 'mlp-1', seed: 3, profile: 'quick', reason: 'out of memory' } as const;
  test.each([failed('crashed', dead), failed('timed-out', dead), diverged(dead)])(
    'makes the comparison worse and is named ($outcome)',
    (failure) => {
      const [found] = judge([...runs([0.89, 0.891]), failure]);
      expect(found).toMatchObject({ verdict: 'worse', seeds: [1, 2] });
      expect(found?.reason).toMatch(/^1 of 3 cells failed: seed 3 .*: out of memory: a recipe that dies is worse/);
    },
  );
  test('on other data does not count against the seeds that trained', () => {
    const elsewhere = diverged({ ...dead, provenance: 'stand-in' });
    expect(judge([...runs([0.89, 0.891]), elsewhere])).toMatchObject([{ verdict: 'agrees' }]);
  });
  test('that was never started is no failure', () => {
    expect(judge([...runs([0.89, 0.891]), failed('skipped', dead)])).toMatchObject([{ verdict: 'agrees' }]);
  });
  test('alone leaves nothing to compare', () => expect(judge([failed('crashed', dead)])).toEqual([]));
});

describe('Holm over a run', () => {
  test('counts both one-sided tests of every comparison', () => {
    const [alone] = judge(runs([0.888, 0.879]));
    const many = ['a', 'b', 'c'].flatMap((experiment) => runs([0.8903, 0.8911, 0.8889], { experiment }));
    const [crowded] = judge([...runs([0.888, 0.879]), ...many]);
    expect(alone?.pWorse).toBeLessThan(0.05);
    expect(crowded?.pWorse).toBeCloseTo(4 * (alone?.pWorse ?? 0), 12);
  });
});

describe('over many draws from fixed generators', () => {
  const DRAWS = 2000;
  const alarm = /worse|better/;
  const draw = (normal: () => number, n: number, sd: number, shift = 0) =>
    Array.from({ length: n }, () => 0.7 + shift + sd * normal());
  /** Like `runs`, without validating thousands of records by their schema. */
  const [template] = runs([0.5]) as [CompletedTraining];
  const seeded = (accuracies: readonly number[]): CellRecord[] =>
    accuracies.map((testAccuracy, seed) => ({
      ...template,
      cell: { ...template.cell, seed },
      result: { ...template.result, testAccuracy },
    }));
  const verdicts = (n: number, sd: number, shift: number, seed: number) => {
    const normal = normalStream(seed);
    return Array.from({ length: DRAWS }, () => {
      const reference = draw(normal, 10, sd);
      return judge(seeded(draw(normal, n, sd, shift)), reference)[0]?.verdict;
    });
  };
  const share = (found: readonly unknown[], what: RegExp) =>
    found.filter((verdict) => what.test(String(verdict))).length / DRAWS;

  // sd 2 points, where the margin of one point is of no help. Level 0.2 % over both sides, and four standard errors of it.
  test.each([1, 3, 5])('honest runs of %d seeds raise an alarm in less than 0.2 % and a chance of it', (n) => {
    expect(share(verdicts(n, 0.02, 0, n), alarm)).toBeLessThan(0.002 + 4 * Math.sqrt((0.002 * 0.998) / DRAWS));
  });
  test('honest runs of three seeds with the spread of an MLP agree', () => {
    expect(share(verdicts(3, 0.003, 0, 11), /agrees/)).toBeGreaterThan(0.95);
  });
  // Five standard errors of the difference: 5 x 0.3 x sqrt(1/3 + 1/10) = 1 point, and one more for the margin.
  test('three seeds two points below the reference are worse', () => {
    expect(share(verdicts(3, 0.003, -0.02, 12), /worse/)).toBeGreaterThan(0.99);
  });
  test('a difference of exactly the margin is called agreement in less than 5 %', () => {
    expect(share(verdicts(3, 0.003, -0.01, 13), /agrees/)).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / DRAWS));
  });
});
