import { shardInWords } from '../../core/shard.js';
import { cellsInWords } from '../../report/words.js';
import { duration } from '../format.js';
import type { plannedHere } from './plan-run.js';
import { plainTable } from '../table.js';

/** The plan of `--dry-run`: a row a cell with its estimated time, and the sum. */
export function planTable(plan: ReturnType<typeof plannedHere>): string {
  const rows = plan.cells.map(({ cell, estimateSeconds, skipReason }, index) => [
    index + 1,
    cell.experiment,
    cell.backend,
    cell.seed === 0 ? '-' : cell.seed,
    duration(estimateSeconds),
    skipReason === undefined ? '' : 'skipped',
  ]);
  const started = plan.cells.filter(({ skipReason }) => skipReason === undefined);
  const total = started.reduce((sum, cell) => sum + cell.estimateSeconds, 0);
  const skipped = plan.cells.length - started.length;
  const head = ['cell', 'experiment', 'backend', 'seed', 'estimate', ''];
  const table = plainTable(head, rows, ['cell', 'seed', 'estimate']);
  const { shard } = plan;
  const cells = cellsInWords(plan.cells.length);
  const part = shard === undefined ? cells : `${shardInWords(shard)}: ${cells} of the plan's ${shard.cellsOfPlan}`;
  const sum = `${part}, profile ${plan.profile}: about ${duration(total)} in total, estimated for two server cores; a run refines it.`;
  const note = `${skipped} of them would exceed their time limit and are skipped; raise it with --timeout.`;
  return [table, '', sum, ...(skipped > 0 ? [note] : [])].join('\n');
}
