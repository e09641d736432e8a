import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellId } from '../../../../src/core/cell.js';
import type { CellRecord, TrainingResult } from '../../../../src/core/record.js';
import { readManifest } from '../../../../src/records/manifest.js';
import { readRecords } from '../../../../src/records/store.js';
import { lintRecords } from '../../../../src/stats/gate/lint.js';
import { completedTraining, failed } from '../../../fixtures/records/build.js';
import { prose } from '../../../fixtures/prose.js';

const seed = (number: number, backend: 'wasm' | 'js' = 'wasm') =>
  completedTraining({ experiment: 'mlp-1', accuracy: 0.8 + number / 1000, seed: number, backend, epochs: 3 });
const [one, two, three] = [seed(1), seed(2), seed(3)] as const;

/** The record with other values in its result. */
function changed(record: CellRecord, change: (result: TrainingResult) => Partial<TrainingResult>): CellRecord {
  if (record.outcome !== 'completed' || record.result.kind !== 'training') throw new Error('not a training');
  return { ...record, result: { ...record.result, ...change(record.result) } };
}

const digestsOf = (record: CellRecord) => {
  if (record.outcome !== 'completed' || record.result.kind !== 'training') throw new Error('not a training');
  const { initialWeightsSha256, orderSha256, weightsSha256 } = record.result;
  return { initialWeightsSha256, orderSha256, weightsSha256 };
};

describe('lintRecords', () => {
  test('has nothing to say of an honest run', () => {
    const records = [one, two, three, seed(1, 'js'), seed(2, 'js')];
    expect(lintRecords(records)).toEqual([]);
    expect(
      lintRecords(
        records,
        records.map(({ cell }) => cellId(cell)),
      ),
    ).toEqual([]);
    expect(lintRecords([])).toEqual([]);
  });

  test('finds a seed that is there twice, and says it once', () => {
    expect(lintRecords([one, two, seed(1)])).toEqual([
      {
        rule: 'seed-twice',
        cell: 'mlp-1.wasm.full.seed1',
        message: 'mlp-1.wasm.full.seed1 has 2 records: one draw would count 2 times',
      },
    ]);
  });

  test('takes a seed for twice only in one experiment, backend and profile', () => {
    const other = completedTraining({ experiment: 'mlp-2', accuracy: 0.5, seed: 1 });
    const quick = completedTraining({ experiment: 'mlp-1', accuracy: 0.5, seed: 1, profile: 'quick' });
    const twice = lintRecords([one, other, quick, seed(1, 'js')]).filter(({ rule }) => rule === 'seed-twice');
    expect(twice).toEqual([]);
  });

  test.each([
    ['initialWeightsSha256', 'starts from the same weights as seed 1'],
    ['orderSha256', 'takes the examples in the same order as seed 1'],
    ['weightsSha256', 'ends at the same weights as seed 1'],
  ] as const)('finds seeds that share %s', (field, words) => {
    const copy = changed(two, () => ({ [field]: digestsOf(one)[field] }));
    expect(lintRecords([one, copy, three])).toEqual([
      {
        rule: 'unseeded',
        cell: 'mlp-1.wasm.full.seed2',
        message: `mlp-1.wasm.full.seed2 ${words}: a random stream ignores its seed`,
      },
    ]);
  });

  test('finds a start that depends on the backend', async () => {
    const elsewhere = changed(seed(1, 'js'), () => ({ initialWeightsSha256: 'e'.repeat(64) }));
    const [found, ...others] = lintRecords([one, elsewhere]);
    expect(found).toMatchObject({ rule: 'start-differs', cell: 'mlp-1.js.full.seed1' });
    expect(others).toEqual([]);
    await expect(found?.message).toMatchFileSnapshot(prose('lint-start-differs'));
  });

  test('finds an order of the examples that depends on the backend', async () => {
    const elsewhere = changed(seed(1, 'js'), () => ({ orderSha256: 'e'.repeat(64) }));
    const [found, ...others] = lintRecords([one, elsewhere]);
    expect(found).toMatchObject({ rule: 'order-differs', cell: 'mlp-1.js.full.seed1' });
    expect(others).toEqual([]);
    await expect(found?.message).toMatchFileSnapshot(prose('lint-order-differs'));
  });

  test('lets seeds of other numbers of images have other orders', () => {
    const fewer = changed(seed(1, 'js'), () => ({ orderSha256: 'e'.repeat(64), trainImages: 1000 }));
    expect(lintRecords([one, fewer])).toEqual([]);
  });

  test('says nothing of the order in records that do not keep it', () => {
    const silent = [one, two, seed(1, 'js')].map((record) => changed(record, () => ({ orderSha256: undefined })));
    expect(lintRecords(silent)).toEqual([]);
    expect(lintRecords([one, ...silent.slice(1)])).toEqual([]);
  });

  test('lets another version of the recipe start elsewhere', () => {
    const older = {
      ...changed(seed(1, 'js'), () => ({ initialWeightsSha256: 'e'.repeat(64) })),
      recipeSha256: 'd'.repeat(64),
    };
    expect(lintRecords([one, older])).toEqual([]);
  });

  test('finds the accuracy of a better epoch than the last', () => {
    const best = changed(one, ({ curve }) => ({ testAccuracy: curve[1]!.testAccuracy }));
    expect(lintRecords([best])).toMatchObject([
      {
        rule: 'not-final-epoch',
        cell: 'mlp-1.wasm.full.seed1',
        message: expect.stringContaining('after its last epoch'),
      },
    ]);
  });

  test.each([
    ['stops early', (curve: TrainingResult['curve']) => curve.slice(0, 2)],
    ['leaves an epoch out', (curve: TrainingResult['curve']) => [curve[0]!, curve[0]!, curve[2]!]],
    ['goes on', (curve: TrainingResult['curve']) => [...curve, { ...curve[2]!, epoch: 4 }]],
  ])('finds a curve that %s', (_, change) => {
    const other = changed(one, ({ curve }) => ({ curve: change(curve) }));
    expect(lintRecords([other])).toMatchObject([{ rule: 'not-final-epoch' }]);
  });

  test('finds a planned cell without a record; a failure is one', () => {
    const crash = failed('crashed', { experiment: 'mlp-1', seed: 2, reason: 'died' });
    const planned = [1, 2, 3].map((number) => `mlp-1.wasm.full.seed${number}`);
    expect(lintRecords([one, crash, three], planned)).toEqual([]);
    expect(lintRecords([one, crash], planned)).toEqual([
      {
        rule: 'left-out',
        cell: 'mlp-1.wasm.full.seed3',
        message: 'mlp-1.wasm.full.seed3 was planned and has no record',
      },
    ]);
  });

  test('finds a gap in the seeds where there is no plan, whatever their order', () => {
    expect(lintRecords([three, one])).toEqual([
      {
        rule: 'left-out',
        cell: 'mlp-1.wasm.full.seed3',
        message: 'mlp-1.wasm.full.seed3 follows seed 1: the seeds between them are missing',
      },
    ]);
    expect(lintRecords([three, one], ['mlp-1.wasm.full.seed1', 'mlp-1.wasm.full.seed3'])).toEqual([]);
  });

  const published = join(import.meta.dirname, '../../../../results/published');
  test.each(readdirSync(published))('has nothing to say of the published run %s', async (name) => {
    const folder = join(published, name);
    expect(lintRecords(await readRecords(folder), (await readManifest(folder))!.cells)).toEqual([]);
  });
});
