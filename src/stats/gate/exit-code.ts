import { isFailure, type Outcome } from '../../core/record.js';
import type { Summary } from '../../core/summary.js';

type Judged = Pick<Summary, 'cells' | 'sweep'>;

/**
 * Exit code of everything that runs or gates cells: 3 when no cell had a result, whatever else is said of them. With a gate,
 * that decides: 1 when it does not pass, whatever else went well, also of a sweep. Without, 1 when a cell died.
 */
export function exitCodeOf(summary: Judged, gated?: { readonly passed: boolean }): 0 | 1 | 3 {
  if (!hasResult(summary)) return 3;
  if (gated !== undefined) return gated.passed ? 0 : 1;
  return summary.cells.some((cell) => isFailure(cell) && !isResult(cell.outcome, summary)) ? 1 : 0;
}

/** Whether some cell came to a result, so that there is something to judge. */
export function hasResult(summary: Judged): boolean {
  return summary.cells.some(({ outcome }) => isResult(outcome, summary));
}

/** In a sweep, a training that diverges is a result, too: it says that these settings do not work. */
function isResult(outcome: Outcome, { sweep }: Pick<Summary, 'sweep'>): boolean {
  return outcome === 'completed' || (outcome === 'diverged' && sweep !== undefined);
}
