import { isFailure } from '../../core/record.js';
import type { Summary } from '../../core/summary.js';
import type { GateResult } from './gate.js';

/**
 * Exit code of a run: 3 when no cell had a result, else 1 when a cell died or diverged. With a gate that decides: 1 when
 * it does not pass, whatever else went well.
 */
export function exitCodeOf({ cells }: Pick<Summary, 'cells'>, gated?: Pick<GateResult, 'passed'>): 0 | 1 | 3 {
  const outcomes = cells.map((cell) => cell.outcome);
  if (!outcomes.includes('completed')) return 3;
  if (gated !== undefined) return gated.passed ? 0 : 1;
  return cells.some(isFailure) ? 1 : 0;
}

/**
 * Exit code of a sweep: 3 when no cell had a result, 1 when one crashed or timed out, else 0. A training that diverges is a
 * result: it says that these settings do not work.
 */
export function sweepExitCodeOf({ cells }: Pick<Summary, 'cells'>): 0 | 1 | 3 {
  const outcomes = cells.map((cell) => cell.outcome);
  if (!outcomes.some((outcome) => outcome === 'completed' || outcome === 'diverged')) return 3;
  return outcomes.some((outcome) => outcome === 'crashed' || outcome === 'timed-out') ? 1 : 0;
}
