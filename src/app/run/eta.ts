import type { BackendName } from '../../core/cell.js';
import type { PlannedCell } from '../../plan/plan.js';

/** Estimated and real seconds of the cells that ended, by backend. */
export type Experience = ReadonlyMap<BackendName, { readonly estimated: number; readonly actual: number }>;

/** Adds what an ended cell took. */
export function learn(experience: Experience, planned: PlannedCell, actualSeconds: number): Experience {
  const { estimated, actual } = experience.get(planned.cell.backend) ?? { estimated: 0, actual: 0 };
  const sum = { estimated: estimated + planned.estimateSeconds, actual: actual + actualSeconds };
  return new Map(experience).set(planned.cell.backend, sum);
}

/** Seconds that cells not yet begun will take: their estimates, corrected by what this machine took so far. */
export function remainingSeconds(cells: readonly PlannedCell[], experience: Experience): number {
  return cells.reduce((sum, { cell, estimateSeconds, skipReason }) => {
    if (skipReason !== undefined) return sum;
    const known = experience.get(cell.backend);
    return sum + estimateSeconds * (known === undefined ? 1 : known.actual / known.estimated);
  }, 0);
}

/**
 * Seconds until a running cell ends, from its own pace since the first step that was seen: the first of a cell that goes on
 * from a checkpoint has others before it.
 *
 * @param elapsed seconds since that step
 * @param fraction of all steps done, 0 to 1
 * @param firstFraction the same when it was seen
 */
export function cellRemainingSeconds(
  elapsed: number,
  fraction: number,
  firstFraction: number,
  estimate: number,
): number {
  const done = fraction - firstFraction;
  return done > 0 ? (elapsed / done) * (1 - fraction) : Math.max(0, estimate * (1 - fraction) - elapsed);
}
