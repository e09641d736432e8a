import { describe, expect, test } from 'vitest';
import { annotations } from '../../../src/report/github.js';
import { renderDocument, renderReport } from '../../../src/report/render.js';
import { gateDocument } from '../../../src/report/sections/gate.js';
import { gate, type GateFinding, type GateResult } from '../../../src/stats/gate/gate.js';
import { fixtureSummary } from '../../fixtures/records/summary.js';

const finding = (change: Partial<GateFinding> = {}): GateFinding => ({
  level: 'failure',
  kind: 'threshold',
  subject: 'mlp-1 on wasm, quick',
  message: '50.00% is below the threshold of 80.00%',
  remedy: 'Look at it.',
  ...change,
});
const result = (change: Partial<GateResult> = {}): GateResult => ({
  passed: false,
  judged: true,
  strict: false,
  failures: [finding(), finding({ subject: 'mlp-2 on wasm, quick' })],
  warnings: [finding({ level: 'warning', subject: '001/mlp-1', message: 'inconclusive: why', remedy: 'More seeds.' })],
  ...change,
});
const passed = result({ passed: true, failures: [], warnings: [] });

const renderGate = (gated: GateResult, options = {}) => renderDocument(gateDocument(gated), 'terminal', options).text;
const renderGateMarkdown = (gated: GateResult) => renderDocument(gateDocument(gated), 'markdown').text;

describe('the gate for people', () => {
  test('says what failed, why and what to do, and the result at the end', () => {
    expect(renderGate(result())).toBe(
      [
        '\u2717 Failures: 2',
        '  mlp-1 on wasm, quick: 50.00% is below the threshold of 80.00%',
        '  mlp-2 on wasm, quick: 50.00% is below the threshold of 80.00%',
        '    Look at it.',
        '',
        '? Warnings: 1',
        '  001/mlp-1: inconclusive: why',
        '    More seeds.',
        '',
        '\u2717 The gate fails: 2 failures, 1 warning.',
        '',
      ].join('\n'),
    );
  });
  test('is one line where everything passed', () => {
    expect(renderGate(passed)).toBe('\u2713 The gate passes.\n');
  });
  test('says why a run without failures fails with --strict', () => {
    expect(renderGate(result({ strict: true, failures: [] }))).toContain(
      'The gate fails: 1 warning, which fail with --strict.',
    );
  });
  test('says what is undecided in one where there is much of it, and one by one where it fails', () => {
    const message = 'undecided against the reference: -1.00 points';
    const kind = 'references.inconclusive' as const;
    const places = ['mlp-1 on wasm, smoke', 'mlp-2 on wasm, smoke', 'cnn-1 on js, smoke', 'mlp-3 on wasm, smoke'];
    const warnings = places.map((subject) =>
      finding({ level: 'warning', kind, subject, message, remedy: 'More seeds.' }),
    );
    const folded = { ...passed, warnings };
    const line =
      'undecided against the reference: mlp-1, mlp-2, mlp-3 on wasm, smoke; cnn-1 on js, smoke; the report has each reason';
    expect(renderGate(folded, { width: 200 })).toBe(
      `? Warnings: 4\n  4 trainings: ${line}\n    More seeds.\n\n\u2713 The gate passes: 4 warnings.\n`,
    );
    expect(renderGateMarkdown(folded).match(/undecided/g)).toHaveLength(1);
    expect(annotations(folded).match(/^::warning/gm)).toHaveLength(1);
    expect(renderGate({ ...folded, warnings: warnings.slice(1) })).not.toContain('3 trainings');
    const strictly = { ...folded, passed: false, strict: true };
    expect(renderGate(strictly).match(/-1\.00 points/g)).toHaveLength(4);
    expect(annotations(strictly).match(/^::error/gm)).toHaveLength(4);
  });
  test('is Markdown in the summary of a job, which nothing in a record can break', () => {
    const text = renderGateMarkdown(result({ failures: [finding({ message: '<b>\n# |`' })] }));
    expect(text).toContain('**\u2717 The gate fails: 1 failure, 1 warning.**\n');
    expect(text).toContain('| mlp-1 on wasm, quick: &lt;b&gt; \\# &#124;&#96; | Look at it. |\n');
    expect(renderGateMarkdown(passed)).toBe('**\u2713 The gate passes.**\n');
  });
});

describe('annotations of GitHub', () => {
  test('are a command a line, escaped by its rules', () => {
    const failures = [finding({ subject: 'a,b: c', message: '50% is\nbelow: x, y', remedy: 'Do it.' })];
    expect(annotations(result({ failures, warnings: [] }))).toBe(
      '::error title=cnnbench gate failed%3A a%2Cb%3A c::50%25 is below: x, y%0ADo it.\n',
    );
  });
  test('cannot be forged by what a record says', () => {
    const text = annotations(result({ failures: [finding({ message: 'x\r\n::set-output name=a::b\u001b[31m' })] }));
    expect(
      text
        .split('\n')
        .filter((line) => line !== '')
        .every((line) => /^::(error|warning) title=/.test(line)),
    ).toBe(true);
  });
  test('of warnings are errors with --strict', () => {
    expect(annotations(result({ failures: [] }))).toMatch(/^::warning title=cnnbench gate%3A /);
    expect(annotations(result({ failures: [], strict: true }))).toMatch(
      /^::error title=cnnbench gate failed \(strict\)%3A /,
    );
  });
  test('are ten of a kind at most, the last one for the rest', () => {
    const lines = annotations(result({ failures: new Array<GateFinding>(12).fill(finding()), warnings: [] })).split(
      '\n',
    );
    expect(lines).toHaveLength(11);
    expect(lines[9]).toBe('::error title=cnnbench gate failed::and 3 more');
  });
  test('are none where everything passed', () => {
    expect(annotations(passed)).toBe('');
  });
});

describe('JUnit by a policy', () => {
  const summary = fixtureSummary();
  const lint = [{ rule: 'left-out', cell: 'mlp-1.wasm.full.seed9', message: 'was planned & has no record' }] as const;
  const count = (options: object) =>
    [...renderReport(summary, 'junit', options).text.matchAll(/<(failure|skipped) /g)].map(([, kind]) => kind);

  test.each([
    ['none', {}],
    ['strict', { strict: true }],
    ['lenient', { cells: { failed: 'ignore' }, claims: { notReproduced: 'warn' }, seeds: 'warn' }],
  ] as const)('%s has a failure for all that fails the gate', (_, policy) => {
    const { failures, warnings, strict } = gate(summary, policy, lint);
    const kinds = count({ policy, lint });
    expect(kinds.filter((kind) => kind === 'failure')).toHaveLength(failures.length + (strict ? warnings.length : 0));
    expect(failures.length + warnings.length).toBeGreaterThan(0);
  });
  test('has what the seed lint found as cases', () => {
    expect(renderReport(summary, 'junit', { lint }).text).toContain(
      '<failure type="left-out" message="was planned &amp; has no record"/>',
    );
  });
  test('has the comparisons with references as cases', () => {
    const comparison = {
      experiment: 'mlp-1',
      backend: 'wasm',
      profile: 'quick',
      seeds: [1, 2, 3],
      testAccuracy: 0.9,
      reference: { framework: 'PyTorch', seeds: 10, mean: 0.86, sd: 0.003 },
      difference: 4,
      interval: [3.5, 4.5] as [number, number],
      pWorse: 1,
      pBetter: 0,
      verdict: 'better',
      reason: 'because',
    } as const;
    const references = [{ ...comparison }, { ...comparison, experiment: 'mlp-2', verdict: 'agrees' as const }].map(
      (each) => ({ ...each, seeds: [...each.seeds] }),
    );
    const { text } = renderReport({ ...summary, references }, 'junit');
    expect(text).toContain('<testsuite name="references" errors="0" tests="2" failures="1" skipped="0"');
    expect(text).toContain('name="mlp-1 on wasm, quick: as the reference"');
    expect(text).toContain('<failure type="better" message="better: because"/>');
  });
});
