import { cellId, SAME_BITS_BACKENDS } from '../../core/cell.js';
import { grouped } from '../../core/grouped.js';
import type { CellRecord } from '../../core/record.js';
import { recordPath } from '../../records/store.js';
import { SETTLED_OUTCOMES } from '../../runner/parent/run-cells.js';
import { firstDifference, type Difference } from '../../stats/agreement.js';
import type { Objection } from '../objection.js';
import type { Run } from '../summarize-runs.js';

/** A record, and the folder that it is taken from. */
export interface Pick {
  readonly directory: string;
  readonly record: CellRecord;
}

/** A cell that several folders have. */
export interface Repeated {
  readonly cell: string;
  /** The folder whose record was taken, and those whose were not. */
  readonly kept: string;
  readonly left: readonly string[];
}

export interface Picked {
  /** One a cell, by its id. */
  readonly picks: ReadonlyMap<string, Pick>;
  readonly repeated: readonly Repeated[];
  /** Cells that came to different results. */
  readonly objections: readonly Objection[];
}

/**
 * One record for each cell. Of several that have the same bits, the one that started first. A crash, a time-out or a skipped cell
 * gives way to a result, as it does when a run goes on. The order of the folders makes no difference.
 */
export function pickRecords(runs: readonly Run[]): Picked {
  const all = runs.flatMap(({ directory, records }) => records.map((record) => ({ directory, record })));
  const picks = new Map<string, Pick>();
  const repeated: Repeated[] = [];
  const objections: Objection[] = [];
  for (const same of grouped(all, ({ record }) => [cellId(record.cell)])) {
    const [first, ...others] = same.toSorted((left, right) => (rank(left.record) < rank(right.record) ? -1 : 1));
    if (first === undefined) continue;
    const cell = cellId(first.record.cell);
    picks.set(cell, first);
    if (others.length > 0)
      repeated.push({ cell, kept: first.directory, left: others.map(({ directory }) => directory) });
    if (!isSettled(first.record)) continue;
    for (const other of others.filter(({ record }) => isSettled(record))) {
      const difference = firstDifference(first.record, other.record);
      if (difference !== undefined) objections.push(objectionTo(first, other, difference));
    }
  }
  return { picks, repeated, objections };
}

function isSettled({ outcome }: CellRecord): boolean {
  return SETTLED_OUTCOMES.includes(outcome);
}

/** Settled ones first, then by start; contents last, so that ties do not depend on the order of the folders. */
function rank(record: CellRecord): string {
  return `${isSettled(record) ? 0 : 1} ${new Date(record.startedAt).toISOString()} ${JSON.stringify(record)}`;
}

function objectionTo(first: Pick, other: Pick, { epoch, field, recorded, again }: Difference): Objection {
  const { cell, fma } = first.record;
  const where = epoch === undefined ? field : `${field} of epoch ${epoch}`;
  const difference = `${where} is ${recorded} in ${first.directory} and ${again} in ${other.directory}`;
  const later = recordPath(other.directory, other.record.cell);
  if (SAME_BITS_BACKENDS.includes(cell.backend) && fma === undefined) {
    return {
      what: `${cellId(cell)} has two results: ${difference}, and ${cell.backend} gives the same bits everywhere`,
      remedy: 'A record or a build is damaged; "cnnbench verify" shows which result can be reproduced.',
    };
  }
  const why = fma === undefined ? `${cell.backend} does not guarantee bits` : '--wasm-fma does not guarantee bits';
  return {
    what: `${cellId(cell)} has two results: ${difference}; ${why}, so taking one of them would be choosing a result`,
    remedy: `Decide by time, not by result: move away the later one, ${later}.`,
  };
}
