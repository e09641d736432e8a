import type { ClaimVerdict, Summary, SummaryCell } from '../core/summary.js';
import { gate } from '../stats/gate.js';
import { percent } from '../stats/wording.js';
import { xml } from './escape.js';
import type { Renderer } from './format.js';
import { measuredInWords } from './words.js';

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  /** Absent for a pass. */
  readonly problem?: { readonly kind: 'failure' | 'skipped'; readonly type: string; readonly message: string };
}

/**
 * JUnit XML as CI servers read it: cells, thresholds and claims are test cases. What fails the gate is a failure, and
 * nothing else is; JUnit has no warning, so that inconclusive claims and errata are `skipped` with their reason.
 */
export const renderJunit: Renderer = (summary) => {
  const cases = [...summary.cells.map(cellCase), ...thresholdCases(summary), ...summary.claims.map(claimCase)];
  const suites = [...new Set(cases.map(({ suite }) => suite))].map((suite) => ({
    name: suite,
    cases: cases.filter((each) => each.suite === suite),
  }));
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cnnbench" ${totals(cases)}>`,
    ...suites.flatMap(({ name, cases: own }) => [
      `  <testsuite name="${xml(name)}" errors="0" ${totals(own)} timestamp="${xml(summary.run.startedAt)}">`,
      ...own.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return { text: `${lines.join('\n')}\n`, files: [] };
};

function cellCase(cell: SummaryCell): TestCase {
  const name = `${cell.experiment} on ${cell.backend}, seed ${cell.seed}, ${cell.profile}`;
  const base = { suite: `cells.${cell.suite}`, name, seconds: cell.seconds };
  if (cell.outcome === 'completed') return base;
  const kind = cell.outcome === 'unsupported' || cell.outcome === 'skipped' ? 'skipped' : 'failure';
  return { ...base, problem: { kind, type: cell.outcome, message: cell.reason ?? cell.outcome } };
}

function thresholdCases({ thresholds }: Summary): readonly TestCase[] {
  return thresholds.map((threshold) => {
    const { experiment, backend, profile, minAccuracy, passed } = threshold;
    const name = `${experiment} on ${backend}, ${profile}: at least ${percent(minAccuracy)}`;
    const base = { suite: 'thresholds', name, seconds: 0 };
    const [message = ''] = gate({ cells: [], claims: [], thresholds: [threshold] }).failures;
    return passed ? base : { ...base, problem: { kind: 'failure', type: 'threshold', message } };
  });
}

function claimCase(claim: ClaimVerdict): TestCase {
  const { id, statement, backend, verdict, reason, suite, printed } = claim;
  const name = `${id}: ${statement}${backend === undefined ? '' : ` [${backend}]`}`;
  const base = { suite: `claims.${suite}`, name, seconds: 0 };
  if (verdict === 'reproduced') return base;
  const kind = verdict === 'not reproduced' ? 'failure' : 'skipped';
  const message = `${verdict}: printed ${printed}, measured ${measuredInWords(claim)}: ${reason}`;
  return { ...base, problem: { kind, type: verdict, message } };
}

function totals(cases: readonly TestCase[]): string {
  const count = (kind: 'failure' | 'skipped') => cases.filter(({ problem }) => problem?.kind === kind).length;
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0);
  return `tests="${cases.length}" failures="${count('failure')}" skipped="${count('skipped')}" time="${seconds.toFixed(3)}"`;
}

function caseLines({ suite, name, seconds, problem }: TestCase): readonly string[] {
  const opening = `    <testcase classname="${xml(suite)}" name="${xml(name)}" time="${seconds.toFixed(3)}"`;
  if (problem === undefined) return [`${opening}/>`];
  const { kind, type, message } = problem;
  const attributes = kind === 'failure' ? `type="${xml(type)}" message="${xml(message)}"` : `message="${xml(message)}"`;
  return [`${opening}>`, `      <${kind} ${attributes}/>`, '    </testcase>'];
}
