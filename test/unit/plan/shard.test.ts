import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsOfShard, parseShard } from '../../../src/plan/shard.js';
import { planCells } from '../../../src/plan/plan.js';
import { LEDGER } from '../../fixtures/ledger.js';

const asCells = (ids: readonly string[]) => ids.map((id) => ({ id }));

/** Ids of cells, each once, and a number of shards that they fill. */
const plans = fc
  .uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 60 })
  .chain((ids) => fc.tuple(fc.constant(ids), fc.integer({ min: 1, max: ids.length })));

const shardsOf = (ids: readonly string[], count: number) =>
  Array.from({ length: count }, (_, index) => cellsOfShard(asCells(ids), { index: index + 1, count }));

describe('the shards of a plan', () => {
  test('are disjoint, complete, and as large as each other but for one cell', () => {
    fc.assert(
      fc.property(plans, ([ids, count]) => {
        const shards = shardsOf(ids, count);
        const dealt = shards.flat().map(({ id }) => id);
        expect(dealt.toSorted()).toEqual(ids.toSorted());
        const sizes = shards.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
      }),
    );
  });

  test('do not depend on the order of the cells, and keep it', () => {
    fc.assert(
      fc.property(plans, fc.infiniteStream(fc.integer()), ([ids, count], numbers) => {
        const keys = new Map(ids.map((id) => [id, numbers.next().value as number]));
        const shuffled = ids.toSorted((a, b) => (keys.get(a) as number) - (keys.get(b) as number));
        const [mine, theirs] = [shardsOf(ids, count), shardsOf(shuffled, count)];
        for (const [index, shard] of mine.entries()) {
          const there = new Set((theirs[index] ?? []).map(({ id }) => id));
          expect(new Set(shard.map(({ id }) => id))).toEqual(there);
          expect(shard.map(({ id }) => id)).toEqual(ids.filter((id) => there.has(id)));
          expect((theirs[index] ?? []).map(({ id }) => id)).toEqual(shuffled.filter((id) => there.has(id)));
        }
      }),
    );
  });

  test('are parted again, each by itself, by dealing to a multiple of them', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 4 }), ([ids, count], factor) => {
        fc.pre(count * factor <= ids.length);
        const finer = shardsOf(ids, count * factor);
        for (const [index, shard] of shardsOf(ids, count).entries()) {
          const parts = finer.filter((_, place) => place % count === index).flat();
          expect(parts.map(({ id }) => id).toSorted()).toEqual(shard.map(({ id }) => id).toSorted());
        }
      }),
    );
  });

  test('of a real plan stay what they are: folders on other machines have the rest', () => {
    const { cells } = planCells(
      [LEDGER.experiment('lenet-5'), LEDGER.experiment('mlp-1')],
      ['wasm'],
      [1, 2, 3],
      'smoke',
    );
    const shards = [1, 2].map((index) => cellsOfShard(cells, { index, count: 2 }).map(({ id }) => id));
    // `printf ID | sha256sum`: seed 3 starts with 2d4c, lenet-5 with 3499, seed 1 with 6976, seed 2 with 9cc8.
    expect(shards).toEqual([
      ['mlp-1.wasm.smoke.seed1', 'mlp-1.wasm.smoke.seed3'],
      ['lenet-5.wasm.smoke.seed0', 'mlp-1.wasm.smoke.seed2'],
    ]);
  });

  test('are refused where some would be empty', () => {
    expect(() => cellsOfShard(asCells(['a', 'b']), { index: 1, count: 3 })).toThrow(/--shard 1\/3: .* only 2 cells/);
  });
});

describe('--shard', () => {
  test.each([
    ['1/1', { index: 1, count: 1 }],
    ['2/5', { index: 2, count: 5 }],
    ['1000/1000', { index: 1000, count: 1000 }],
  ])('takes %s', (text, shard) => {
    expect(parseShard(text)).toEqual(shard);
  });

  test.each([
    '',
    '2',
    '/',
    '0/5',
    '6/5',
    '2/0',
    '-1/5',
    '1/1001',
    '2/5/7',
    '2 of 5',
    '1.5/3',
    '2/5x',
    'NaN/NaN',
    '１/２',
  ])('refuses "%s"', (text) => {
    expect(() => parseShard(text)).toThrow(
      expect.objectContaining({ code: 'E_USAGE', message: expect.stringContaining(text) }),
    );
  });
});
