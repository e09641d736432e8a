import type { Summary } from '../core/summary.js';
import type { GateResult } from './gate.js';

/**
 * Exit code of a run: 3 when no cell had a result, else 1 when a cell died or diverged. With a gate that decides: 1 when
 * it does not pass, whatever else went well.
 */
export function exitCodeOf({ cells }: Pick<Summary, 'cells'>, gated?: Pick<GateResult, 'passed'>): 0 | 1 | 3 {
  const outcomes = cells.map((cell) => cell.outcome);
  if (!outcomes.includes('completed')) return 3;
  if (gated !== undefined) return gated.passed ? 0 : 1;
  return outcomes.some((outcome) => ['crashed', 'diverged', 'timed-out'].includes(outcome)) ? 1 : 0;
}
