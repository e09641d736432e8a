import { describe, expect, test } from 'vitest';
import type { PolicyRule } from '../../../../src/core/policy.js';
import type { CellRecord } from '../../../../src/core/record.js';
import { annotations } from '../../../../src/report/github.js';
import { gateInWords } from '../../../../src/report/sections/gate.js';
import { renderReport } from '../../../../src/report/render.js';
import { findingInWords, gate } from '../../../../src/stats/gate/gate.js';
import { completedTraining, failed } from '../../../fixtures/records/build.js';
import { fixtureSummary } from '../../../fixtures/records/summary.js';

const training = (provenance: 'official' | 'stand-in' | 'unknown') =>
  completedTraining({ experiment: 'mlp-5', accuracy: 0.5, profile: 'quick', provenance });
const summaryOf = (...records: CellRecord[]) => ({ ...fixtureSummary(records), claims: [] });
const RULE: PolicyRule = { experiments: ['mlp-5'], backend: 'wasm', profile: 'quick', minAccuracy: 0.99 };
const JUDGED = { experiment: 'mlp-5', backend: 'wasm', profile: 'quick', seeds: [1], minAccuracy: 0.4 } as const;
const reached = { ...JUDGED, seeds: [1], testAccuracy: 0.5, passed: true };

describe('a threshold of the policy that judged nothing', () => {
  test.each([
    ['stand-in images', [training('stand-in')], RULE, 'mlp-5 on wasm, quick', 'it was trained on stand-in images'],
    ['unknown files', [training('unknown')], RULE, 'mlp-5 on wasm, quick', 'it was trained on unrecognised data files'],
    [
      'the time limit',
      [failed('skipped', { experiment: 'mlp-5', profile: 'quick', reason: 'too long' })],
      RULE,
      'mlp-5 on wasm, quick',
      'no seed has a result; seed 1 is skipped: too long',
    ],
    [
      'another profile',
      [training('official')],
      { ...RULE, profile: 'full' },
      'gate.rules[0] of the policy (mlp-5 on wasm, full)',
      'nothing of it was run in the profile full',
    ],
    [
      'another backend',
      [training('official')],
      { ...RULE, backend: 'js' },
      'gate.rules[0] of the policy (mlp-5 on js, quick)',
      'nothing of it was run on js',
    ],
    [
      'other experiments',
      [training('official')],
      { experiments: ['mlp-1', 'mlp-2'], minAccuracy: 0.99 },
      'gate.rules[0] of the policy (mlp-1 and 1 other)',
      'no training of it was run',
    ],
  ] as const)('for %s fails, and is skipped in JUnit where it only warns', (_, records, rule, subject, reason) => {
    const summary = summaryOf(...records);
    const { passed, failures } = gate(summary, { rules: [rule] });
    const expected = `${subject}: the threshold of 99.00% judged nothing: ${reason}`;
    expect(failures.map(findingInWords)).toContain(expected);
    expect(passed).toBe(false);
    for (const policy of [
      { rules: [{ ...rule, thresholds: { notJudged: 'warn' } as const }] },
      { rules: [rule], thresholds: { notJudged: 'warn' } as const },
    ]) {
      expect(gate(summary, policy).warnings.map(findingInWords)).toContain(expected);
      const { text } = renderReport(summary, 'junit', { policy });
      expect(text).toContain(`name="${subject}: at least 99.00%" time="0.000">\n      <skipped message="${reason}"/>`);
    }
    expect(renderReport(summary, 'junit', { policy: { rules: [rule] } }).text).toContain('<failure type="not judged"');
  });

  test('is one that earlier rules leave nothing to, and none that judged something or sets none', () => {
    const summary = { ...summaryOf(training('official')), thresholds: [reached] };
    const rule = { ...RULE, minAccuracy: 0.4 };
    const kinds = (...rules: PolicyRule[]) => gate(summary, { rules }).failures.map(({ message }) => message);
    expect(kinds(rule)).toEqual([]);
    expect(kinds({ ...RULE, minAccuracy: null })).toEqual([]);
    expect(kinds(rule, { minAccuracy: 0.3 })).toEqual([
      'the threshold of 30.00% judged nothing: earlier rules decide everything that was run of it',
    ]);
    expect(kinds(rule, { minAccuracy: 0.3, thresholds: { notJudged: 'ignore' } })).toEqual([]);
  });
});

test('where no cell has a result nothing passes, in words, annotations and JUnit', () => {
  for (const summary of [
    summaryOf(),
    summaryOf(failed('unsupported', { experiment: 'mlp-5', profile: 'quick', reason: 'no kernel' })),
  ]) {
    const result = gate(summary);
    expect(result).toMatchObject({ passed: false, judged: false, failures: [] });
    expect(gateInWords(result)).toBe('Nothing was judged: no cell has a result.');
    expect(annotations(result)).toContain('::error title=cnnbench gate failed::Nothing was judged');
    expect(renderReport(summary, 'junit').text).toContain('<failure type="nothing judged"');
  }
});
