import { shardInWords } from '../../core/shard.js';
import { digits, number, text } from '../../report/cells.js';
import { paragraph, table, type ColumnOf, type Document } from '../../report/document.js';
import { cellsInWords } from '../../report/words.js';
import { duration } from '../format.js';
import type { plannedHere } from './plan-run.js';

type Plan = ReturnType<typeof plannedHere>;

/** The plan of `--dry-run`: a row a cell with its estimated time, and the sum. */
export function planDocument({ cells, shard, profile }: Plan): Document {
  const rows = cells.map((each, index) => ({ ...each, place: index + 1 }));
  const columns: readonly ColumnOf<(typeof rows)[number]>[] = [
    { head: 'cell', align: 'right', cell: ({ place }) => number(place) },
    { head: 'experiment', cell: ({ cell }) => text(cell.experiment) },
    { head: 'backend', cell: ({ cell }) => text(cell.backend) },
    { head: 'seed', align: 'right', cell: ({ cell }) => (cell.seed === 0 ? text('-') : number(cell.seed)) },
    {
      head: 'estimate',
      align: 'right',
      cell: ({ estimateSeconds }) => digits(estimateSeconds, duration(estimateSeconds), 's'),
    },
    { head: '', cell: ({ skipReason }) => text(skipReason === undefined ? '' : 'skipped', 'warn') },
  ];
  const started = cells.filter(({ skipReason }) => skipReason === undefined);
  const total = started.reduce((sum, { estimateSeconds }) => sum + estimateSeconds, 0);
  const skipped = cells.length - started.length;
  const all = cellsInWords(cells.length);
  const part = shard === undefined ? all : `${shardInWords(shard)}: ${all} of the plan's ${shard.cellsOfPlan}`;
  return {
    blocks: [
      ...table(columns, rows),
      paragraph(
        `${part}, profile ${profile}: about ${duration(total)} in total, estimated for two server cores; a run refines it.`,
      ),
      ...(skipped === 0
        ? []
        : [paragraph(`${skipped} of them would exceed their time limit and are skipped; raise it with --timeout.`)]),
    ],
  };
}
