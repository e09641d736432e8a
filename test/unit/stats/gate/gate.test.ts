import { describe, expect, test } from 'vitest';
import type { Action, Policy } from '../../../../src/core/policy.js';
import type { ClaimVerdict, ReferenceComparison, Verdict } from '../../../../src/core/summary.js';
import type { Symptom } from '../../../../src/core/symptom.js';
import { findingInWords, gate, type GatedSummary, type GateFinding } from '../../../../src/stats/gate/gate.js';
import type { LintFinding } from '../../../../src/stats/gate/lint.js';
import { actionFor, minAccuracyBy } from '../../../../src/stats/gate/policy.js';
import { judgeThresholds } from '../../../../src/stats/gate/thresholds.js';
import { completedTraining, failed } from '../../../fixtures/records/build.js';
import { prose } from '../../../fixtures/prose.js';

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
const comparison = (verdict: ReferenceComparison['verdict'], standIn?: true): ReferenceComparison => ({
  experiment: 'mlp-1',
  backend: 'wasm',
  profile: 'quick',
  ...(standIn && { standIn }),
  seeds: [1, 2, 3],
  testAccuracy: 0.85,
  reference: { framework: 'PyTorch', seeds: 10, mean: 0.86, sd: 0.003 },
  difference: -1,
  interval: [-1.4, -0.6],
  pWorse: 0.001,
  pBetter: 0.999,
  verdict,
  reason: 'because',
});
const nothing: GatedSummary = { cells: [cell('completed')], claims: [], thresholds: [], references: [] };
const passes = { passed: true, judged: true, strict: false, failures: [], warnings: [] };
const inWords = (findings: readonly GateFinding[]) => findings.map(findingInWords);
const missed = judgeThresholds(
  [completedTraining({ experiment: 'mlp-1', accuracy: 0.5, profile: 'quick' })],
  () => 0.8,
);
const finding: LintFinding = { rule: 'left-out', cell: 'mlp-1.wasm.quick.seed3', message: 'was planned' };

describe('gate without a policy', () => {
  test('passes a run in which nothing failed', () => {
    expect(gate(nothing)).toEqual(passes);
  });
  test.each([
    ['crashed', /^Run the same command again/],
    ['diverged', /^It diverges every time/],
    ['timed-out', /^Give the cell more time/],
  ] as const)('fails on a cell that %s, with a remedy for that', (outcome, remedy) => {
    const { failures } = gate({ ...nothing, cells: [cell(outcome)] });
    expect(failures).toMatchObject([{ kind: 'cells.failed', remedy: expect.stringMatching(remedy) as string }]);
  });
  test('does not ask for more seeds where a hundred would not decide', () => {
    const remedyOf = (reason: string) =>
      gate({ ...nothing, claims: [{ ...claim('inconclusive'), reason }] }).warnings[0]?.remedy;
    expect(remedyOf('why; 3 more seeds would decide')).toMatch(/^Run more seeds/);
    expect(remedyOf('why; 100 seeds would not decide')).toMatch(/^More seeds will not decide it/);
  });
  test.each(['reproduced', 'erratum', 'not run'] as const)('passes a claim that is %s', (verdict) => {
    expect(gate({ ...nothing, claims: [claim(verdict)] })).toEqual(passes);
  });
  test('fails on a claim that is not reproduced, and says what to do', () => {
    const { passed, failures, warnings } = gate({ ...nothing, claims: [claim('not reproduced')] });
    expect({ passed, warnings }).toEqual({ passed: false, warnings: [] });
    expect(failures).toEqual([
      {
        level: 'failure',
        kind: 'claims.notReproduced',
        subject: '001/mlp-1 on wasm',
        message: 'not reproduced: because',
        remedy: expect.stringMatching(/\w.*\.$/),
      },
    ]);
  });
  test('only warns of a claim that is inconclusive', () => {
    const { passed, failures, warnings } = gate({ ...nothing, claims: [claim('inconclusive')] });
    expect({ passed, failures }).toEqual({ passed: true, failures: [] });
    expect(inWords(warnings)).toEqual(['001/mlp-1 on wasm: inconclusive: because']);
  });
  test.each(['crashed', 'diverged', 'timed-out'] as const)('fails on a cell that %s', (outcome) => {
    expect(inWords(gate({ ...nothing, cells: [cell(outcome)] }).failures)).toEqual([
      `mlp-1 on wasm, seed 2, quick: ${outcome}: because`,
    ]);
  });
  test.each(['completed', 'unsupported', 'skipped'] as const)('passes a cell that is %s', (outcome) => {
    expect(gate({ ...nothing, cells: [cell('completed'), cell(outcome)] })).toEqual(passes);
  });
  test('warns of a training that lost its gradients, and of one at chance where more than a few steps were taken', async () => {
    const symptoms: Symptom[] = [
      { kind: 'zero-gradient', epoch: 2, step: 3, tensors: ['a.kernel', 'a.bias', 'b.kernel', 'b.bias', 'c.kernel'] },
      { kind: 'zero-gradient', epoch: 4, step: 1, tensors: ['c.bias'] },
      { kind: 'chance-accuracy', epoch: 2 },
    ];
    const cells = [
      { ...cell('completed'), symptoms },
      { ...cell('completed'), profile: 'smoke' as const, symptoms },
    ];
    const { passed, failures, warnings } = gate({ ...nothing, cells });
    expect({ passed, failures }).toEqual({ passed: true, failures: [] });
    expect(warnings).toHaveLength(3);
    await expect(inWords(warnings).join('\n')).toMatchFileSnapshot(prose('gate-on-symptoms'));
    expect(gate({ ...nothing, cells }, { strict: true }).passed).toBe(false);
    const said: Policy = { cells: { zeroGradients: 'ignore', atChance: 'fail' } };
    expect(inWords(gate({ ...nothing, cells }, said).failures)).toEqual([
      'mlp-1 on wasm, seed 2, quick: accuracy at chance since epoch 2',
      'mlp-1 on wasm, seed 2, smoke: accuracy at chance since epoch 2',
    ]);
  });
  test('fails on an accuracy below its threshold', () => {
    expect(inWords(gate({ ...nothing, thresholds: missed }).failures)).toEqual([
      'mlp-1 on wasm, quick: 50.00% is below the threshold of 80.00%',
    ]);
  });
  test.each([
    ['worse', 'mlp-1 on wasm, quick: worse than the reference: because'],
    ['better', 'mlp-1 on wasm, quick: better than the reference: because'],
  ] as const)('fails on an accuracy that is %s than the reference', (verdict, words) => {
    expect(inWords(gate({ ...nothing, references: [comparison(verdict)] }).failures)).toEqual([words]);
  });
  test('warns of a comparison that decides nothing, and passes one that agrees', () => {
    const { passed, warnings } = gate({ ...nothing, references: [comparison('inconclusive', true)] });
    expect(passed).toBe(true);
    expect(inWords(warnings)).toEqual([
      'mlp-1 on wasm, quick on stand-in images: undecided against the reference: because',
    ]);
    expect(gate({ ...nothing, references: [comparison('agrees')] })).toEqual(passes);
  });
  test('fails on what the seed lint finds', () => {
    expect(inWords(gate(nothing, {}, [finding]).failures)).toEqual(['mlp-1.wasm.quick.seed3: was planned']);
  });
});

describe('gate by a policy', () => {
  const everything: GatedSummary = {
    cells: [cell('crashed'), cell('skipped')],
    claims: [claim('not reproduced'), claim('inconclusive')],
    thresholds: missed,
    references: [comparison('worse'), comparison('better'), comparison('inconclusive')],
  };
  const all = (action: Action): Policy => ({
    seeds: action,
    cells: { failed: action, notRun: action },
    claims: { notReproduced: action, inconclusive: action },
    references: { worse: action, better: action, inconclusive: action },
  });
  test.each([
    ['fail', 9, 0],
    ['warn', 1, 8],
    ['ignore', 1, 0],
  ] as const)('makes everything %s but a missed threshold, which fails', (action, failures, warnings) => {
    const result = gate(everything, all(action), [finding]);
    expect([result.failures.length, result.warnings.length]).toEqual([failures, warnings]);
    expect(result.passed).toBe(false);
  });
  test('with strict, a warning fails, and stays a warning', () => {
    const result = gate({ ...nothing, claims: [claim('inconclusive')] }, { strict: true });
    expect(result).toMatchObject({ passed: false, strict: true, failures: [], warnings: [{ level: 'warning' }] });
    expect(gate(nothing, { strict: true }).passed).toBe(true);
  });
  test('a rule makes an exception for an experiment, a backend and a profile', () => {
    const rule = { experiments: ['mlp-1'], backend: 'wasm', profile: 'quick', references: { worse: 'warn' } } as const;
    const run = { ...nothing, references: [comparison('worse')] };
    expect(gate(run, { rules: [rule] }).passed).toBe(true);
    expect(gate(run, { rules: [{ ...rule, experiments: ['mlp-2'] }] }).passed).toBe(false);
    expect(gate(run, { rules: [{ ...rule, backend: 'js' }] }).passed).toBe(false);
    expect(gate(run, { rules: [{ ...rule, profile: 'full' }] }).passed).toBe(false);
  });
  test('a claim counts as profile full, and without a backend matches no rule that names one', () => {
    const run = { ...nothing, claims: [{ ...claim('not reproduced'), experiment: 'mlp-1' }] };
    const ignore = { claims: { notReproduced: 'ignore' } } as const;
    expect(gate(run, { rules: [{ profile: 'full', ...ignore }] }).passed).toBe(true);
    expect(gate(run, { rules: [{ profile: 'quick', ...ignore }] }).passed).toBe(false);
    const nowhere = { ...claim('not reproduced'), backend: undefined };
    expect(gate({ ...nothing, claims: [nowhere] }, { rules: [{ backend: 'wasm', ...ignore }] }).passed).toBe(false);
    expect(gate({ ...nothing, claims: [nowhere] }, { rules: [ignore] }).passed).toBe(true);
  });
  test('the first rule that says something about a setting decides it, then the policy', () => {
    const policy: Policy = {
      references: { worse: 'warn' },
      rules: [
        { backend: 'wasm', references: { better: 'ignore' } },
        { experiments: ['mlp-1'], references: { worse: 'fail', better: 'fail' } },
      ],
    };
    const place = { experiment: 'mlp-1', backend: 'wasm', profile: 'quick' } as const;
    expect(actionFor(policy, 'references.better', place)).toBe('ignore');
    expect(actionFor(policy, 'references.worse', place)).toBe('fail');
    expect(actionFor(policy, 'references.worse', { ...place, experiment: 'mlp-2' })).toBe('warn');
    expect(actionFor(policy, 'references.inconclusive', place)).toBe('warn');
  });
});

describe('minAccuracyBy', () => {
  const policy: Policy = {
    rules: [
      { experiments: ['mlp-1'], backend: 'js', minAccuracy: null },
      { experiments: ['mlp-1'], minAccuracy: 0.8 },
      { minAccuracy: 0.5, profile: 'full' },
    ],
  };
  const minAccuracy = minAccuracyBy(policy, () => 0.7);
  test.each([
    ['mlp-1', 'wasm', 'quick', 0.8],
    ['mlp-1', 'js', 'quick', undefined],
    ['mlp-2', 'wasm', 'full', 0.5],
    ['mlp-2', 'wasm', 'quick', 0.7],
  ] as const)('gives %s on %s in %s the threshold %s', (experiment, backend, profile, expected) => {
    expect(minAccuracy(experiment, profile, backend)).toBe(expected);
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
