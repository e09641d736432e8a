import { createHash } from 'node:crypto';
import { CnnbenchError } from '../core/errors.js';
import { isShard, MOST_SHARDS, type Shard } from '../core/shard.js';

/**
 * A shard from a flag: `2/5` is the second of five.
 *
 * @throws CnnbenchError E_USAGE
 */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (isShard(shard)) return shard;
  throw new CnnbenchError(
    'E_USAGE',
    `--shard ${text}: not a valid shard`,
    `Use I/N with 1 <= I <= N <= ${MOST_SHARDS}, such as 2/5 for the second of five.`,
  );
}

/**
 * The cells of a shard, in the order of the plan. Cells are dealt out in the order of the SHA-256 of their ids, like cards: the
 * shards are disjoint, have all cells between them, differ in size by one cell at most, and are the same on every machine,
 * whatever the order of the cells. Dealing to a multiple of N parts each shard of N again.
 *
 * @throws CnnbenchError E_USAGE where there are fewer cells than shards, so that some would be empty
 */
export function cellsOfShard<Cell extends { readonly id: string }>(
  cells: readonly Cell[],
  { index, count }: Shard,
): readonly Cell[] {
  if (cells.length < count) {
    throw new CnnbenchError(
      'E_USAGE',
      `--shard ${index}/${count}: the plan has only ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, so some shards would be empty`,
      `Use N up to ${cells.length}, or more experiments, backends or --seeds.`,
    );
  }
  const dealt = cells.map(({ id }) => ({ id, rank: createHash('sha256').update(id).digest('hex') }));
  const mine = dealt
    .toSorted((left, right) => (left.rank < right.rank ? -1 : 1))
    .filter((_, place) => place % count === index - 1);
  const ids = new Set(mine.map(({ id }) => id));
  return cells.filter(({ id }) => ids.has(id));
}
