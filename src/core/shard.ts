import { z } from 'zod';

/** Most shards that a plan may be dealt out to. */
export const MOST_SHARDS = 1000;

/** Fields of everything that names a shard. */
export const SHARD_FIELDS = {
  /** From 1. */
  index: z.number().int().min(1),
  count: z.number().int().min(1).max(MOST_SHARDS),
};

/** One of `count` parts of a plan, `index` from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export function isShard({ index, count }: Shard): boolean {
  return index >= 1 && index <= count && count <= MOST_SHARDS;
}

/** `shard 2 of 5`. */
export function shardInWords({ index, count }: Shard): string {
  return `shard ${index} of ${count}`;
}
