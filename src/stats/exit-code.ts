import type { Summary } from '../core/summary.js';
import { gate } from './gate.js';

/**
 * Exit code of a run: 3 when no cell had a result, 1 when a cell died or diverged or, with `--gate`, when the gate does
 * not pass, else 0. A crash is a failure, whatever else went well.
 */
export function exitCodeOf(summary: Summary, gated: boolean): 0 | 1 | 3 {
  const outcomes = summary.cells.map((cell) => cell.outcome);
  if (!outcomes.includes('completed')) return 3;
  if (outcomes.some((outcome) => ['crashed', 'diverged', 'timed-out'].includes(outcome))) return 1;
  return gated && !gate(summary).passed ? 1 : 0;
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
