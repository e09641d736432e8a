import { describe, expect, test } from 'vitest';
import {
  ALLOWANCES,
  LEAST_SEEDS,
  objectionsTo,
  refuseUnlessAllowed,
  type Allowance,
} from '../../../../src/app/publish/objections.js';
import type { Run } from '../../../../src/app/summarize-runs.js';
import { cellId } from '../../../../src/core/cell.js';
import type { CellRecord, Environment } from '../../../../src/core/record.js';
import { recipeDigest } from '../../../../src/ledger/recipe.js';
import { completedTraining, ENVIRONMENT, failed } from '../../../fixtures/records/build.js';
import { LEDGER } from '../../../fixtures/ledger.js';

const COMMIT = 'a'.repeat(40);

/** A record as this version would make it from a clean checkout. */
function honest<T extends CellRecord>(record: T, environment: Partial<Environment> = {}): T {
  const recipeSha256 = recipeDigest(LEDGER.experiment(record.cell.experiment), record.cell.profile);
  return { ...record, recipeSha256, environment: { ...ENVIRONMENT, commit: COMMIT, ...environment } };
}

type Training = Parameters<typeof completedTraining>[0];
const trained = (seed: number, options: Partial<Training> = {}, environment: Partial<Environment> = {}) =>
  honest(completedTraining({ experiment: 'mlp-1', accuracy: 0.89, seed, ...options }), environment);
const three = (options: Partial<Training> = {}, environment: Partial<Environment> = {}) =>
  [1, 2, 3].map((seed) => trained(seed, options, environment));

function run(records: readonly CellRecord[], planned = records.map(({ cell }) => cellId(cell))): Run {
  const manifest = {
    schemaVersion: 1 as const,
    id: 'run',
    planId: 'plan',
    startedAt: '2026-01-02T03:04:05.000Z',
    command: 'npx cnnbench run mlp-1',
    cells: planned,
    finished: true,
  };
  return { directory: 'results/runs/run', manifest, records };
}

describe('what speaks against publishing a run', () => {
  test('is nothing where it is whole, of this version, from a clean build, on known data, with enough seeds', () => {
    expect(objectionsTo(LEDGER, run(three()))).toEqual([]);
    expect(objectionsTo(LEDGER, run(three({ provenance: 'known-variant', note: 'a few copies' })))).toEqual([]);
  });

  test.each<[Allowance, readonly CellRecord[], RegExp]>([
    [
      'stand-in',
      three({ provenance: 'stand-in' }),
      /^3 cells \(mlp-1.wasm.full.seed1, .*\) were made on stand-in images/,
    ],
    ['stand-in', three({ backend: 'fake' }), /^3 cells \(mlp-1.fake/],
    ['unknown-data', three({ provenance: 'unknown' }), /^3 cells .* were made on unrecognised data files/],
    ['few-seeds', three().slice(0, 2), /^fewer than 3 seeds: mlp-1 on wasm \(full\) has 2 seeds$/],
    ['few-seeds', [...three(), trained(1, { backend: 'js' })], /^fewer than 3 seeds: mlp-1 on js \(full\) has 1 seed$/],
    ['dirty', three({}, { dirty: true }), /^3 cells .* uncommitted changes/],
    ['unknown-commit', three({}, { commit: undefined }), /^3 cells .* unknown commit/],
    [
      'mixed-commits',
      [...three().slice(1), trained(1, {}, { commit: 'b'.repeat(40) })],
      /^its records were made by several builds: 0\.1\.0, built from aaaaaaaaaaaa \(2 cells\) and .*bbbbbbbbbbbb \(1 cell\)$/,
    ],
  ])('%s', (allowance, records, what) => {
    const objections = objectionsTo(LEDGER, run(records));
    expect(objections).toEqual([
      { allowance, what: expect.stringMatching(what), remedy: expect.stringMatching(/\.$/) },
    ]);
    expect(() => refuseUnlessAllowed(LEDGER, [run(records)], [])).toThrow(
      expect.objectContaining({
        code: 'E_NOT_PUBLISHABLE',
        message: expect.stringContaining(`- ${allowance}: results/runs/run: `),
        remedy: expect.stringContaining(`--allow ${allowance}`),
      }),
    );
    expect(refuseUnlessAllowed(LEDGER, [run(records)], [allowance])).toEqual([objections[0]?.what]);
  });

  test('unfinished: planned cells without a record are named', () => {
    const objections = objectionsTo(
      LEDGER,
      run(
        three(),
        [...three(), trained(4)].map(({ cell }) => cellId(cell)),
      ),
    );
    expect(objections).toMatchObject([
      {
        allowance: 'unfinished',
        what: '1 of the 4 cells that were planned have no record: mlp-1.wasm.full.seed4',
      },
    ]);
  });

  test('is nothing for the variations of an experiment, either', () => {
    expect(objectionsTo(LEDGER, run(three({ experiment: 'mlp-2@lr=3e-4' })))).toEqual([]);
    expect(
      objectionsTo(
        LEDGER,
        run(
          three({ experiment: 'mlp-2@lr=3e-4' }).map(({ ...r }) => ({
            ...r,
            cell: { ...r.cell, experiment: 'mlp-9@lr=3e-4' },
          })),
        ),
      ),
    ).toMatchObject([{ what: expect.stringContaining('this version has no experiment "mlp-9@lr=3e-4"') as string }]);
  });

  test('a seed that failed counts as one, and is not an objection', () => {
    const crashed = honest(failed('crashed', { experiment: 'mlp-1', seed: 3, reason: 'exit code 13' }));
    expect(objectionsTo(LEDGER, run([...three().slice(0, LEAST_SEEDS - 1), crashed]))).toEqual([]);
    const skipped = honest(failed('skipped', { experiment: 'mlp-1', seed: 3, reason: 'too long' }));
    expect(objectionsTo(LEDGER, run([...three().slice(0, LEAST_SEEDS - 1), skipped]))).toMatchObject([
      { allowance: 'few-seeds' },
    ]);
  });

  test.each<[string, readonly CellRecord[], string]>([
    ['no record', [], 'the run has no records yet'],
    [
      'another recipe',
      three().map((record) => ({ ...record, recipeSha256: '0'.repeat(64) })),
      '3 of its records are of another version: mlp-1.wasm.full.seed1: its recipe 000000000000 is not that of this version',
    ],
    [
      'an experiment that this version does not have',
      [1, 2, 3].map((seed) => ({
        ...completedTraining({ experiment: 'mlp-9', accuracy: 0.5, seed }),
        environment: { ...ENVIRONMENT, commit: COMMIT },
      })),
      'this version has no experiment "mlp-9"',
    ],
    [
      'two seeds that end at the same weights',
      three().map(
        (record) =>
          ({
            ...record,
            result: { ...(record as never as { result: object }).result, weightsSha256: '1'.repeat(64) },
          }) as CellRecord,
      ),
      'its seeds are not independent draws: mlp-1.wasm.full.seed2 ends at the same weights as seed 1',
    ],
    [
      'an accuracy that is not that of the last epoch',
      three().map(
        (record) =>
          ({
            ...record,
            result: { ...(record as never as { result: object }).result, testAccuracy: 0.99 },
          }) as CellRecord,
      ),
      'mlp-1.wasm.full.seed1 gives 0.99 as its accuracy, and 0.89 after its last epoch',
    ],
  ])('%s is never allowed', (_, records, what) => {
    const error = expect.objectContaining({
      code: 'E_NOT_PUBLISHABLE',
      message: expect.stringMatching(/- never allowed: [^]*/),
      remedy: 'Follow the remedies above.',
    });
    expect(() => refuseUnlessAllowed(LEDGER, [run(records)], ALLOWANCES)).toThrow(error);
    expect(() => refuseUnlessAllowed(LEDGER, [run(records)], ALLOWANCES)).toThrow(what);
  });

  test('of several runs is listed together, and only what was not allowed', () => {
    const both = [run(three({ provenance: 'stand-in' })), run(three({}, { dirty: true }))];
    expect(() => refuseUnlessAllowed(LEDGER, both, [])).toThrow(/stand-in: [^]*dirty: /);
    expect(() => refuseUnlessAllowed(LEDGER, both, ['dirty'])).toThrow(/^(?![^]*dirty: )[^]*stand-in: /);
    expect(refuseUnlessAllowed(LEDGER, both, ['dirty', 'stand-in'])).toHaveLength(2);
  });

  test('different commits in different runs are fine: seeds of one mean come from one run', () => {
    expect(
      refuseUnlessAllowed(LEDGER, [run(three()), run(three({ experiment: 'mlp-2' }, { commit: 'b'.repeat(40) }))], []),
    ).toEqual([]);
  });

  test('reaches a terminal without control characters', () => {
    const hostile = three({}, { commit: undefined }).map((record) => ({
      ...record,
      cell: { ...record.cell, experiment: 'x\u001b[31m' },
    }));
    expect(() => refuseUnlessAllowed(LEDGER, [run(hostile)], [])).toThrow(/^[^\u001b]*$/); // eslint-disable-line no-control-regex
  });
});
