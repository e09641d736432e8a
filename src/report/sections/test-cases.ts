import type { Policy } from '../../core/policy.js';
import type { ClaimVerdict, ReferenceComparison, Summary, SummaryCell, ThresholdResult } from '../../core/summary.js';
import {
  checkCell,
  checkClaim,
  checkPopulation,
  checkReference,
  checkSeeds,
  checkThreshold,
  checkUnjudged,
  findingInWords,
  type GateFinding,
} from '../../stats/gate/gate.js';
import type { LintFinding } from '../../stats/gate/lint.js';
import { lintPopulation, type PopulationFinding } from '../../stats/gate/population.js';
import { hasResult } from '../../stats/gate/exit-code.js';
import { unjudgedThresholds, type UnjudgedThreshold } from '../../stats/gate/unjudged.js';
import { percent } from '../../stats/wording.js';
import { measured } from '../cells.js';
import type { RenderOptions } from '../format.js';
import { verdictInWords } from '../words.js';

/** What JUnit has for a test case that did not pass. */
export type Kind = 'failure' | 'skipped';

export interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  /** Absent for a pass. */
  readonly problem?: { readonly kind: Kind; readonly type: string; readonly message: string };
}

/**
 * A run as test cases: cells, what the seed lint found, thresholds, comparisons with references and claims. What fails the gate is
 * a failure, and nothing else is; JUnit has no warning, so that whatever else did not hold is `skipped` with its reason.
 */
export function testCases(
  summary: Summary,
  { policy = {}, lint = [], here }: Pick<RenderOptions, 'policy' | 'lint' | 'here'>,
): readonly TestCase[] {
  const problemOf = problemBy(policy);
  return [
    ...(hasResult(summary) ? [] : [NOTHING_JUDGED]),
    ...summary.cells.map((cell) => cellCase(cell, checkCell(cell, policy), problemOf)),
    ...lint.map((finding) => seedCase(finding, problemOf(checkSeeds(finding, policy)))),
    ...lintPopulation(summary, here).map((each) => populationCase(each, problemOf(checkPopulation(each, policy)))),
    ...summary.thresholds.map((threshold) => thresholdCase(threshold, problemOf(checkThreshold(threshold)))),
    ...unjudgedThresholds(summary, policy).map((each) => unjudgedCase(each, problemOf(checkUnjudged(each, policy)))),
    ...summary.references.map((each) => referenceCase(each, problemOf(checkReference(each, policy)))),
    ...summary.claims.map((claim) => claimCase(claim, problemOf(checkClaim(claim, policy)))),
  ];
}

/** A file of skipped cases alone would pass. */
const NOTHING_JUDGED: TestCase = {
  suite: 'gate',
  name: 'some cell has a result',
  seconds: 0,
  problem: { kind: 'failure', type: 'nothing judged', message: 'no cell has a result' },
};

/** Whether what the gate found is a failure; `skipped` for what it found or let pass and did not hold. */
function problemBy({ strict = false }: Policy): (found: GateFinding | undefined) => Kind {
  return (found) => (found?.level === 'failure' || (found !== undefined && strict) ? 'failure' : 'skipped');
}

function cellCase(
  cell: SummaryCell,
  findings: readonly GateFinding[],
  problemOf: (found: GateFinding | undefined) => Kind,
): TestCase {
  const name = `${cell.experiment} on ${cell.backend}, seed ${cell.seed}, ${cell.profile}`;
  const base = { suite: `cells.${cell.suite}`, name, seconds: cell.seconds };
  const worst = findings.find((each) => problemOf(each) === 'failure') ?? findings[0];
  const kind = problemOf(worst);
  if (cell.outcome !== 'completed') {
    return { ...base, problem: { kind, type: cell.outcome, message: cell.reason ?? cell.outcome } };
  }
  if (worst === undefined) return base;
  return { ...base, problem: { kind, type: worst.kind, message: findings.map(({ message }) => message).join('; ') } };
}

function seedCase({ rule, cell, message }: LintFinding, kind: Kind): TestCase {
  return { suite: 'seeds', name: `${cell}: ${rule}`, seconds: 0, problem: { kind, type: rule, message } };
}

function populationCase({ rule, subject, message }: PopulationFinding, kind: Kind): TestCase {
  return { suite: 'records', name: `${subject}: ${rule}`, seconds: 0, problem: { kind, type: rule, message } };
}

function thresholdCase(threshold: ThresholdResult, kind: Kind): TestCase {
  const { experiment, backend, profile, minAccuracy } = threshold;
  const name = `${experiment} on ${backend}, ${profile}: at least ${percent(minAccuracy)}`;
  const base = { suite: 'thresholds', name, seconds: 0 };
  const found = checkThreshold(threshold);
  return found === undefined ? base : { ...base, problem: { kind, type: 'threshold', message: findingInWords(found) } };
}

function unjudgedCase({ subject, minAccuracy, reason }: UnjudgedThreshold, kind: Kind): TestCase {
  const name = `${subject}: at least ${percent(minAccuracy)}`;
  return { suite: 'thresholds', name, seconds: 0, problem: { kind, type: 'not judged', message: reason } };
}

function referenceCase(comparison: ReferenceComparison, kind: Kind): TestCase {
  const { experiment, backend, profile, standIn, verdict, reason } = comparison;
  const name = `${experiment} on ${backend}, ${profile}${standIn ? ' on stand-in images' : ''}: as the reference`;
  const base = { suite: 'references', name, seconds: 0 };
  return verdict === 'agrees' ? base : { ...base, problem: { kind, type: verdict, message: `${verdict}: ${reason}` } };
}

function claimCase(claim: ClaimVerdict, kind: Kind): TestCase {
  const { id, statement, backend, verdict, reason, suite, printed } = claim;
  const name = `${id}: ${statement}${backend === undefined ? '' : ` [${backend}]`}`;
  const base = { suite: `claims.${suite}`, name, seconds: 0 };
  if (verdict === 'reproduced') return base;
  const message = `${verdictInWords(verdict)}: printed ${printed}, measured ${measured(claim).text}: ${reason}`;
  return { ...base, problem: { kind, type: verdict, message } };
}
