import type { Plan } from '../plan/plan.js';
import { duration } from './format.js';
import { plainTable } from './table.js';

/** The plan of `--dry-run`: a row a cell with its estimated time, and the sum. */
export function planTable(plan: Plan): string {
  const rows = plan.cells.map(({ cell, estimateSeconds }, index) => [
    index + 1,
    cell.experiment,
    cell.backend,
    cell.seed === 0 ? '-' : cell.seed,
    duration(estimateSeconds),
  ]);
  const total = plan.cells.reduce((sum, cell) => sum + cell.estimateSeconds, 0);
  const table = plainTable(['cell', 'experiment', 'backend', 'seed', 'estimate'], rows, ['cell', 'seed', 'estimate']);
  return `${table}\n\n${plan.cells.length} cells, profile ${plan.profile}: about ${duration(total)} in all. An estimate for one server core; a run corrects it as it goes.`;
}
