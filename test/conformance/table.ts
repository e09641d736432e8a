import { test } from 'vitest';

interface Sample {
  /** Of so many rows `npm test` runs one, the first included; with 0 none. */
  readonly every: number;
  readonly skip?: boolean;
}

/** A test for each row of a long table. What `npm test` does not run is slow. */
export function testTable<Row>(
  rows: readonly Row[],
  { every, skip = false }: Sample,
  name: string,
  run: (row: Row) => Promise<void>,
): void {
  const isSampled = (_: Row, index: number) => every > 0 && index % every === 0;
  const each = test.skipIf(skip);
  each.for(rows.filter((row, index) => isSampled(row, index)))(name, run);
  each.for(rows.filter((row, index) => !isSampled(row, index)))(name, { tags: 'slow' }, run);
}
