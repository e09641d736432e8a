import type { Summary } from '../core/summary.js';
import { percent } from './wording.js';

export interface GateResult {
  readonly passed: boolean;
  /** One line each; empty when passed. */
  readonly failures: readonly string[];
  /** What did not fail the gate but did not hold either: claims that are inconclusive. */
  readonly warnings: readonly string[];
}

const FAILED_OUTCOMES: readonly string[] = ['crashed', 'diverged', 'timed-out'];

/**
 * Whether a run passes. Fails on a cell that crashed, diverged or timed out, an accuracy below its threshold and a claim
 * that is not reproduced. Errata are the deck's fault, and what was not run, is unsupported or was skipped is no failure.
 */
export function gate(summary: Pick<Summary, 'cells' | 'claims' | 'thresholds'>): GateResult {
  const cells = summary.cells
    .filter(({ outcome }) => FAILED_OUTCOMES.includes(outcome))
    .map(
      (cell) =>
        `${cell.experiment} on ${cell.backend}, seed ${cell.seed}, ${cell.profile}: ${cell.outcome}: ${cell.reason ?? 'no reason given'}`,
    );
  const thresholds = summary.thresholds
    .filter(({ passed }) => !passed)
    .map(
      ({ experiment, backend, profile, testAccuracy, minAccuracy }) =>
        `${experiment} on ${backend}, ${profile}: ${percent(testAccuracy)} is below the threshold of ${percent(minAccuracy)}`,
    );
  const claimed = (verdict: string) =>
    summary.claims
      .filter((claim) => claim.verdict === verdict)
      .map(({ id, backend, reason }) => `${id}${backend === undefined ? '' : ` on ${backend}`}: ${verdict}: ${reason}`);
  const failures = [...cells, ...thresholds, ...claimed('not reproduced')];
  return { passed: failures.length === 0, failures, warnings: claimed('inconclusive') };
}
