import { describe, expect, test } from 'vitest';
import { BACKENDS } from '../../../../src/core/cell.js';
import type { AccuracyClaim, Claim, CountClaim, RelationClaim } from '../../../../src/core/claim.js';
import type { CellRecord } from '../../../../src/core/record.js';
import { claimVerdictSchema, type ClaimVerdict } from '../../../../src/core/summary.js';
import { judgeClaims } from '../../../../src/stats/judge/judge.js';
import { architecture, completedTraining, diverged, failed, layer } from '../../../fixtures/records/build.js';
import { prose } from '../../../fixtures/prose.js';

const base = { suite: 'mlp', deck: '001', place: 'slide 7', statement: 'A sentence.' } as const;
const accuracy: AccuracyClaim = { ...base, id: '001/mlp-1', kind: 'accuracy', printed: '~89%', experiment: 'mlp-1' };
const relation = (kind: RelationClaim['relation']): RelationClaim => ({
  ...base,
  id: `001/${kind}`,
  kind: 'relation',
  printed: 'improves',
  experiment: 'cnn-2',
  comparedWith: 'mlp-2',
  relation: kind,
});
const count = (printed: string, erratum?: string): CountClaim => ({
  ...base,
  suite: 'params',
  id: '002/lenet/conv1',
  kind: 'count',
  printed,
  model: 'lenet',
  unit: 'weights',
  measure: ({ layers }) => layers[0]?.weights ?? 0,
  ...(erratum !== undefined && { erratum }),
});

const options = { plannedExperiments: [], modelInput: () => [32, 32, 1] };
const judge = (claims: Claim[], records: CellRecord[], planned: string[] = []) => {
  const verdicts = judgeClaims(claims, records, { ...options, plannedExperiments: planned });
  return verdicts.map((verdict) => claimVerdictSchema.parse(verdict));
};
const judgeOne = (claim: Claim, records: CellRecord[]) => judge([claim], records)[0];
const runs = (accuracies: number[], more: Partial<Parameters<typeof completedTraining>[0]> = {}) =>
  accuracies.map((value, index) =>
    completedTraining({ experiment: 'mlp-1', accuracy: value, seed: index + 1, ...more }),
  );

describe('an accuracy claim', () => {
  test('is reproduced when the interval of the mean is inside the printed one', async () => {
    const judged = judgeOne(accuracy, runs([0.888, 0.89, 0.892]));
    expect(judged).toMatchObject({ verdict: 'reproduced', expected: 0.89, unit: 'fraction', seeds: [1, 2, 3] });
    await expect(judged?.reason).toMatchFileSnapshot(prose('claim-reproduced'));
  });
  test('is not reproduced when the interval is outside', async () => {
    const judged = judgeOne(accuracy, runs([0.85, 0.852, 0.851]));
    expect(judged?.verdict).toBe('not reproduced');
    await expect(judged?.reason).toMatchFileSnapshot(prose('claim-not-reproduced'));
  });
  // sd 0.4 points: t(0.95, 5) 0.4 / sqrt(6) = 0.329 is more than the 0.3 points to the bound, t(0.95, 6) 0.4 / sqrt(7) = 0.294 is less.
  test('is inconclusive across the bound and says how many more seeds would decide', async () => {
    const judged = judgeOne(accuracy, runs([0.879, 0.883, 0.887]));
    expect(judged?.verdict).toBe('inconclusive');
    expect(judged?.reason).toContain('4 more seeds');
    await expect(judged?.reason).toMatchFileSnapshot(prose('claim-inconclusive'));
  });
  test('says so when a hundred seeds would not decide', () => {
    expect(judgeOne(accuracy, runs([0.86, 0.881, 0.9]))?.reason).toContain('100 seeds would not decide');
  });
  test.each([
    [0.89, 'inside'],
    [0.5, 'outside'],
  ])('is provisional with one seed of %d, whether inside or outside', (value, where) => {
    const verdict = judgeOne(accuracy, runs([value]));
    expect(verdict).toMatchObject({ verdict: 'inconclusive', measured: value });
    expect(verdict?.interval).toBeUndefined();
    expect(verdict?.reason).toMatch(new RegExp(`^provisional: one seed, .*${where}`));
  });
  test('is decided by identical accuracies without a division by zero', () => {
    expect(judgeOne(accuracy, runs([0.89, 0.89]))).toMatchObject({ verdict: 'reproduced', interval: [0.89, 0.89] });
    expect(judgeOne(accuracy, runs([0.91, 0.91, 0.91]))).toMatchObject({
      verdict: 'not reproduced',
      reason: 'all 3 seeds gave 91.00%, outside 88.00% to 90.00%',
    });
  });
  test('has no interval beyond 0 and 1', () => {
    const { interval, reason } = judgeOne(accuracy, runs([0.05, 0.32])) as ClaimVerdict;
    expect(interval).toEqual([0, 1]);
    expect(reason).toContain('CI90 0.00% to 100.00%');
  });
  test.each(['smoke', 'quick'] as const)('is not compared in profile %s', (profile) => {
    const verdict = judgeOne(accuracy, runs([0.881, 0.882], { profile, epochs: 10 }));
    expect(verdict).toMatchObject({
      verdict: 'not run',
      reason: `${profile}: 88.15% after 10 epochs (mean of 2 seeds); the deck's number needs --profile full on real data`,
    });
    expect(verdict?.measured).toBeUndefined();
  });
  test.each([
    ['stand-in', 'on stand-in images'],
    ['unknown', 'on unrecognised data'],
  ] as const)('is not compared on data that is %s', (provenance, words) => {
    const verdict = judgeOne(accuracy, runs([0.89, 0.89], { provenance }));
    expect(verdict?.verdict).toBe('not run');
    expect(verdict?.reason).toContain(words);
  });
  test('is compared on a known variant, which the reason names', () => {
    const verdict = judgeOne(accuracy, runs([0.889, 0.89], { provenance: 'known-variant', note: 'one byte differs' }));
    expect(verdict?.verdict).toBe('reproduced');
    expect(verdict?.reason).toContain('(known variant of fashion-mnist: one byte differs)');
  });
  test('ignores other profiles once there is a full one', () => {
    const records = [...runs([0.1], { profile: 'quick', provenance: 'stand-in' }), ...runs([0.889, 0.89, 0.891])];
    expect(judgeOne(accuracy, records)).toMatchObject({ verdict: 'reproduced', seeds: [1, 2, 3] });
  });
  test.each([
    failed('crashed', { experiment: 'mlp-1', seed: 3, reason: 'out of memory' }),
    failed('timed-out', { experiment: 'mlp-1', seed: 3, reason: 'out of memory' }),
    diverged({ experiment: 'mlp-1', seed: 3, reason: 'out of memory' }),
  ])('is not reproduced when a cell fails, and names it ($outcome)', (failure) => {
    const verdict = judgeOne(accuracy, [...runs([0.89, 0.891]), failure]);
    expect(verdict).toMatchObject({ verdict: 'not reproduced', measured: expect.closeTo(0.8905, 12) as number });
    expect(verdict?.reason).toMatch(/^1 of 3 cells failed: seed 3 (crashed|timed out|diverged): out of memory$/);
  });
  test('is not reproduced when every cell fails', () => {
    const verdict = judgeOne(accuracy, [failed('crashed', { experiment: 'mlp-1', reason: 'killed' })]);
    expect(verdict).toMatchObject({ verdict: 'not reproduced', reason: '1 of 1 cell failed: seed 1 crashed: killed' });
  });
  test('is not run where the backend cannot run it', () => {
    const verdict = judgeOne(accuracy, [failed('unsupported', { experiment: 'mlp-1', reason: 'no such kernel' })]);
    expect(verdict).toMatchObject({ verdict: 'not run', reason: 'unsupported: no such kernel' });
  });
  test('is not compared when the seeds saw different data or recipes', () => {
    const [first, second] = runs([0.89, 0.89]) as [CellRecord, CellRecord];
    const [otherData] = runs([0.89], { fingerprint: 'other', seed: 3 });
    const [otherRecipe] = runs([0.89], { recipe: 'other', seed: 3 });
    expect(judgeOne(accuracy, [first, second, otherData as CellRecord])?.reason).toContain('different files');
    expect(judgeOne(accuracy, [first, second, otherRecipe as CellRecord])?.reason).toContain('different versions');
  });
  test('gets a verdict for every backend, in a fixed order', () => {
    const records = [...runs([0.889, 0.89], { backend: 'wasm' }), ...runs([0.5, 0.51], { backend: 'js' })];
    const verdicts = judge([accuracy], records).map(({ backend, verdict }) => [backend, verdict]);
    const expected = { js: 'not reproduced', wasm: 'reproduced' };
    expect(verdicts).toEqual(BACKENDS.flatMap((name) => (name in expected ? [[name, expected[name as 'js']]] : [])));
  });
});

describe('a p-value', () => {
  const other: AccuracyClaim = { ...accuracy, id: '001/mlp-2', experiment: 'mlp-2' };
  const third: AccuracyClaim = { ...accuracy, id: '001/mlp-3', experiment: 'mlp-3' };

  // Mean 0.89, sd 0.002, n 3: t = 0.01 / (0.002 / sqrt(3)) = 8.660254 with df 2; P(T > t) = 1/2 - t / (2 sqrt(t^2 + 2)).
  test('of a reproduced claim is the larger of the two one-sided tests', () => {
    const t = (0.01 / 0.002) * Math.sqrt(3);
    expect(judgeOne(accuracy, runs([0.888, 0.89, 0.892]))?.p).toBeCloseTo(0.5 - t / (2 * Math.sqrt(t * t + 2)), 12);
  });
  test('is adjusted for all claims that were tested, inconclusive ones included', () => {
    const records = [
      ...runs([0.888, 0.89, 0.892]),
      ...runs([0.85, 0.853, 0.851], { experiment: 'mlp-2' }),
      ...runs([0.86, 0.881, 0.9], { experiment: 'mlp-3' }),
    ];
    const [first, second, inconclusive] = judge([accuracy, other, third], records);
    const [p1 = 1, p2 = 1] = [first?.p, second?.p];
    expect(p2).toBeLessThan(p1);
    expect(second?.pHolm).toBeCloseTo(3 * p2, 12);
    expect(first?.pHolm).toBeCloseTo(2 * p1, 12);
    expect(inconclusive).toMatchObject({ verdict: 'inconclusive' });
    expect(inconclusive).not.toHaveProperty('p');
    expect(inconclusive).not.toHaveProperty('pHolm');
  });
  test('that does not survive the adjustment leaves the verdict and says so', () => {
    const weak = runs([0.8889, 0.8911]);
    expect(judge([accuracy], weak)[0]?.reason).not.toContain('Holm');
    const [first] = judge([accuracy, other], [...weak, ...runs([0.86, 0.9], { experiment: 'mlp-2' })]);
    expect(first).toMatchObject({ verdict: 'reproduced' });
    expect(first?.reason).toMatch(/; on its own, not after Holm over 2 claims$/);
  });
  test('is absent where no test was taken: one seed, a failed cell, a count', () => {
    const failure = failed('crashed', { experiment: 'mlp-1', seed: 3, reason: 'killed' });
    for (const records of [runs([0.89]), [...runs([0.89, 0.891]), failure]]) {
      expect(judgeOne(accuracy, records)).not.toHaveProperty('p');
    }
    const net = architecture({ experiment: 'lenet', layers: [layer('conv1', 'conv2d', [28, 28, 6], 150, 6)] });
    expect(judgeOne(count('150'), [net])).not.toHaveProperty('p');
  });
  test('is 0 where all seeds gave the same, which needs no test', () => {
    expect(judgeOne(accuracy, runs([0.89, 0.89]))).toMatchObject({ p: 0, pHolm: 0, prediction: [0.89, 0.89] });
  });
});

describe('a claim without records', () => {
  test('is left out unless its experiment was planned', () => {
    expect(judge([accuracy, relation('higher'), count('156')], [])).toEqual([]);
    expect(judge([accuracy], [], ['mlp-1'])).toMatchObject([{ verdict: 'not run', id: '001/mlp-1' }]);
  });
  test('is left out if only one side of a relation is part of the run', () => {
    expect(judge([relation('higher')], runs([0.5], { experiment: 'cnn-2' }))).toEqual([]);
    expect(judge([relation('higher')], runs([0.5], { experiment: 'cnn-2' }), ['mlp-2'])).toMatchObject([
      { verdict: 'not run', reason: 'the run has no record of mlp-2 here yet' },
    ]);
  });
});

describe('a relation', () => {
  const pair = (cnn: number[], mlp: number[]) => [
    ...runs(cnn, { experiment: 'cnn-2', dataset: 'cifar-10' }),
    ...runs(mlp, { experiment: 'mlp-2', dataset: 'cifar-10' }),
  ];
  test.each([
    ['higher', [0.69, 0.7, 0.71], [0.52, 0.53, 0.54], 'reproduced'],
    ['higher', [0.52, 0.53, 0.54], [0.69, 0.7, 0.71], 'not reproduced'],
    ['higher', [0.52, 0.53, 0.55], [0.52, 0.53, 0.54], 'inconclusive'],
    ['higher', [0.5, 0.5], [0.5, 0.5], 'not reproduced'],
    ['lower', [0.52, 0.521, 0.522], [0.53, 0.531, 0.532], 'reproduced'],
    ['lower', [0.53, 0.531, 0.532], [0.52, 0.521, 0.522], 'not reproduced'],
    ['not-higher', [0.53, 0.531, 0.532], [0.529, 0.53, 0.531], 'reproduced'],
    ['not-higher', [0.51, 0.511, 0.512], [0.53, 0.531, 0.532], 'reproduced'],
    ['not-higher', [0.56, 0.561, 0.562], [0.53, 0.531, 0.532], 'not reproduced'],
    ['not-higher', [0.53, 0.54, 0.55], [0.52, 0.53, 0.54], 'inconclusive'],
  ] as const)('"%s" of %j against %j is %s', (kind, cnn, mlp, verdict) => {
    expect(judgeOne(relation(kind), pair([...cnn], [...mlp]))?.verdict).toBe(verdict);
  });
  test('shows both means and the interval of their difference in points', async () => {
    const verdict = judgeOne(relation('higher'), pair([0.69, 0.7, 0.71], [0.52, 0.53, 0.54]));
    expect(verdict).toMatchObject({ expected: '> 0', unit: 'points', seeds: [1, 2, 3] });
    expect(verdict?.measured).toBeCloseTo(17, 9);
    await expect(verdict?.reason).toMatchFileSnapshot(prose('claim-relation'));
  });
  test('is provisional with one seed on a side', () => {
    expect(judgeOne(relation('higher'), pair([0.69], [0.52, 0.53]))).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^provisional: \+16\.50 points with one seed of cnn-2/) as string,
    });
  });
  test('says how many more seeds of each would decide', () => {
    expect(judgeOne(relation('higher'), pair([0.53, 0.54, 0.55], [0.52, 0.53, 0.54]))?.reason).toContain(
      '4 more seeds would decide',
    );
  });
  test('is not reproduced when a cell of either side fails', () => {
    const records = [
      ...pair([0.69, 0.7], [0.52]),
      failed('crashed', { experiment: 'mlp-2', seed: 2, reason: 'killed' }),
    ];
    expect(judgeOne(relation('higher'), records)).toMatchObject({
      verdict: 'not reproduced',
      reason: '1 of 4 cells failed: seed 2 crashed: killed',
    });
  });
  test('is not compared in a shorter profile', () => {
    const records = [
      ...runs([0.4, 0.41], { experiment: 'cnn-2', profile: 'quick' }),
      ...runs([0.52, 0.53], { experiment: 'mlp-2' }),
    ];
    expect(judgeOne(relation('higher'), records)).toMatchObject({
      verdict: 'not run',
      reason: expect.stringMatching(/^cnn-2: quick: 40\.50%/) as string,
    });
  });
  test('never compares across backends', () => {
    const records = [
      ...runs([0.69, 0.7], { experiment: 'cnn-2', backend: 'js' }),
      ...runs([0.52, 0.53], { experiment: 'mlp-2', backend: 'wasm' }),
    ];
    expect(judge([relation('higher')], records).map(({ verdict }) => verdict)).toEqual(['not run', 'not run']);
  });
});

describe('a count', () => {
  const lenet = (backend: 'js' | 'wasm' = 'wasm', weights = 150) =>
    architecture({ experiment: 'lenet', backend, layers: [layer('conv1', 'conv2d', [28, 28, 6], weights, 6)] });
  test('is reproduced when it is equal', () => {
    expect(judgeOne(count('150'), [lenet()])).toMatchObject({ verdict: 'reproduced', measured: 150, expected: 150 });
  });
  test('is reproduced when it rounds to the printed digits', () => {
    expect(judgeOne(count('0.15K'), [lenet()])).toMatchObject({ verdict: 'reproduced' });
  });
  test('is not reproduced when it differs by one', () => {
    expect(judgeOne(count('151'), [lenet()])).toMatchObject({
      verdict: 'not reproduced',
      reason: '1 less than printed',
    });
  });
  test('is not reproduced when it does not round to the printed digits', () => {
    expect(judgeOne(count('0.16K'), [lenet()])).toMatchObject({
      verdict: 'not reproduced',
      reason: 'outside 155 to 165, which the printed digits stand for',
    });
  });
  test('is an erratum when it differs and the arithmetic is known', () => {
    expect(judgeOne(count('156', '6 x 25 = 150; 156 counts the biases'), [lenet()])).toMatchObject({
      verdict: 'erratum',
      measured: 150,
      expected: 156,
      reason: '6 x 25 = 150; 156 counts the biases',
    });
  });
  test('holds although an erratum is noted', () => {
    expect(judgeOne(count('150', 'never shown'), [lenet()])).toMatchObject({ verdict: 'reproduced', reason: 'equal' });
  });
  test('can be a shape', () => {
    const shape: CountClaim = { ...count('28x28x6'), measure: ({ layers }) => layers[0]?.outputShape ?? [] };
    expect(judgeOne(shape, [lenet()])).toMatchObject({ verdict: 'reproduced', measured: [28, 28, 6] });
    expect(judgeOne({ ...shape, printed: '27x27x6' }, [lenet()])).toMatchObject({
      verdict: 'not reproduced',
      reason: 'not the printed shape',
    });
  });
  test('is judged on every backend by its own record', () => {
    const verdicts = judge([count('150')], [lenet('js'), lenet('wasm', 151)]);
    expect(Object.fromEntries(verdicts.map(({ backend, verdict }) => [backend, verdict]))).toEqual({
      js: 'reproduced',
      wasm: 'not reproduced',
    });
  });
  test('fails with its cell', () => {
    expect(judgeOne(count('150'), [failed('crashed', { experiment: 'lenet', reason: 'killed' })])).toMatchObject({
      verdict: 'not reproduced',
      reason: 'crashed: killed',
    });
  });
  test('fails where the record does not have the quantity', () => {
    const measure = () => {
      throw new RangeError('no layer conv9');
    };
    expect(judgeOne({ ...count('150'), measure }, [lenet()])).toMatchObject({
      verdict: 'not reproduced',
      reason: 'the record has no such quantity: no layer conv9',
    });
  });
  test('is not run without a record', () => {
    expect(judge([count('150')], [], ['lenet'])).toMatchObject([{ verdict: 'not run' }]);
    expect(judge([count('150')], [])).toEqual([]);
  });
});
