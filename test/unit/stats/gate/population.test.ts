import { describe, expect, test } from 'vitest';
import type { AccuracyClaim } from '../../../../src/core/claim.js';
import type { Reference } from '../../../../src/core/reference.js';
import type { CellRecord, Environment } from '../../../../src/core/record.js';
import { renderReport } from '../../../../src/report/render.js';
import { findingInWords, gate } from '../../../../src/stats/gate/gate.js';
import { buildSummary, type SummaryInput } from '../../../../src/stats/summarize.js';
import { completedTraining, ENVIRONMENT } from '../../../fixtures/records/build.js';

const OLDER = { ...ENVIRONMENT, cnnbench: '0.0.9', commit: 'a'.repeat(40) };
const record = (seed: number, environment: Environment = ENVIRONMENT): CellRecord => ({
  ...completedTraining({ experiment: 'mlp-1', accuracy: 0.9, seed }),
  environment,
});
const summaryOf = (
  records: readonly CellRecord[],
  outdated?: (record: CellRecord) => string | undefined,
  more: Partial<SummaryInput> = {},
) =>
  buildSummary({
    run: { id: 'x', startedAt: '2026-01-02T03:04:05.000Z', command: 'x', plannedCells: 3, finished: true },
    environment: ENVIRONMENT,
    records,
    claims: [],
    plannedExperiments: ['mlp-1'],
    modelInput: () => undefined,
    minAccuracy: () => undefined,
    referenceOf: () => undefined,
    knownOf: () => undefined,
    ...(outdated && { outdated }),
    ...more,
  });
const mixed = summaryOf([record(1, OLDER), record(2, OLDER), record(3)]);

describe('cells of several builds', () => {
  const words = '0.0.9, built from aaaaaaaaaaaa (2 cells) and 0.1.0 (1 cell)';
  test('warn, fail where the policy says so, and are a case of JUnit', () => {
    const { passed, warnings } = gate(mixed);
    expect([passed, ...warnings.map(findingInWords)]).toEqual([
      true,
      `builds of cnnbench: the cells were made by ${words}`,
    ]);
    const policy = { records: { mixedBuilds: 'fail' } } as const;
    expect(gate(mixed, policy).passed).toBe(false);
    expect(renderReport(mixed, 'junit', { policy }).text).toContain('<failure type="mixed-builds"');
    expect(renderReport(mixed, 'junit').text).toContain(`<skipped message="the cells were made by ${words}"/>`);
  });
  test('are all named in the reports, of which none claims one for all', () => {
    for (const format of ['terminal', 'markdown'] as const) {
      const text = renderReport(mixed, format).text.replaceAll(/\s+/g, ' ');
      expect(text).toContain(`The cells were made by 2 builds of cnnbench: ${words}.`);
      expect(text).not.toContain('| cnnbench |');
    }
  });
  test('are several, too, where one made all of them and another gates', () => {
    const older = { ...summaryOf([record(1, OLDER)]), environment: OLDER };
    expect(gate(older).warnings).toEqual([]);
    expect(gate(older, {}, [], OLDER).warnings).toEqual([]);
    expect(gate(older, {}, [], ENVIRONMENT).warnings.map(({ message }) => message)).toEqual([
      'the cells were made by 0.0.9, built from aaaaaaaaaaaa (1 cell); this is 0.1.0',
    ]);
  });
});

test('cells of another recipe fail, each experiment once, and the reports count them', () => {
  const summary = summaryOf([record(1), record(2)], () => 'its recipe a is not that of this version, b');
  const { passed, failures } = gate(summary);
  expect([passed, ...failures.map(findingInWords)]).toEqual([
    false,
    'mlp-1 on wasm, full: 2 cells: its recipe a is not that of this version, b',
  ]);
  expect(gate(summary, { records: { otherRecipe: 'warn' } }).passed).toBe(true);
  expect(renderReport(summary, 'terminal').text).toContain('2 cells are of another version of their recipe');
  expect(renderReport(summary, 'junit').text).toContain('<failure type="other-recipe"');
});

test('cells of another recipe are held against nothing: no claim, no threshold, no reference', () => {
  const claim: AccuracyClaim = {
    ...{ suite: 'mlp', deck: '001', place: 'slide 7', statement: 'A sentence.' },
    ...{ id: '001/mlp-1', kind: 'accuracy', printed: '~90%', experiment: 'mlp-1' },
  };
  const why = 'its recipe a is not that of this version, b';
  const reference: Reference = {
    experiment: 'mlp-1',
    profile: 'full',
    data: 'real',
    accuracies: [0.9, 0.901, 0.902],
    setup: { framework: 'PyTorch 1.13', machine: 'a CPU' },
  };
  const ledger = { claims: [claim], minAccuracy: () => 0.99, referenceOf: () => reference };
  const judged = summaryOf([record(1), record(2), record(3)], undefined, ledger);
  expect([judged.claims[0]?.verdict, judged.thresholds.length, judged.references.length]).toEqual(['reproduced', 1, 1]);
  const { claims, thresholds, references, cells } = summaryOf([record(1), record(2), record(3)], () => why, ledger);
  expect(claims).toMatchObject([{ verdict: 'not run', reason: `skipped: ${why}` }]);
  expect([thresholds, references]).toEqual([[], []]);
  expect(cells[0]).toMatchObject({ outcome: 'completed', testAccuracy: 0.9, outdated: why });
  // The seeds of this recipe are judged by themselves.
  const others = summaryOf(
    [record(1), record(2), record(3)],
    ({ cell }) => (cell.seed === 1 ? why : undefined),
    ledger,
  );
  expect([others.claims[0]?.seeds, others.references[0]?.seeds]).toEqual([
    [2, 3],
    [2, 3],
  ]);
});
