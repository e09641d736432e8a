import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mixed } from '../../../src/app/merge/mixed.js';
import { objectionsTo } from '../../../src/app/publish/objections.js';
import { splitByRecords } from '../../../src/app/run/split-by-records.js';
import { summarizeRecords, type Run } from '../../../src/app/summarize-runs.js';
import { cellId } from '../../../src/core/cell.js';
import { datasetUsed, type CellRecord } from '../../../src/core/record.js';
import { recipeDigest } from '../../../src/ledger/recipe.js';
import { planCells } from '../../../src/plan/plan.js';
import { writeRecord } from '../../../src/records/store.js';
import { comparable } from '../../../src/stats/comparable.js';
import { matchSides } from '../../../src/stats/compare/match.js';
import { sideOfRecords } from '../../../src/stats/compare/side.js';
import { lintPopulation } from '../../../src/stats/gate/population.js';
import { pairsWithReference } from '../../../src/stats/judge/reference-pairs.js';
import { differencesIn, memberOf, type Trait } from '../../../src/stats/population.js';
import { analyseSweep } from '../../../src/stats/sweep/analyse-sweep.js';
import { LEDGER } from '../../fixtures/ledger.js';
import { completedTraining, ENVIRONMENT } from '../../fixtures/records/build.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const EXPERIMENT = LEDGER.training('mlp-1');
const seed = (number: number): CellRecord => ({
  ...completedTraining({ experiment: 'mlp-1', accuracy: 0.89, seed: number }),
  recipeSha256: recipeDigest(EXPERIMENT, 'full'),
  environment: { ...ENVIRONMENT, commit: 'a'.repeat(40) },
});

/** A record that differs from another one in one trait, and in nothing else. */
const OTHER: Readonly<Record<Trait, (record: CellRecord) => CellRecord>> = {
  build: (record) => ({ ...record, environment: { ...record.environment, commit: 'b'.repeat(40) } }),
  backend: (record) => ({ ...record, backend: { ...record.backend!, version: '4.21.0' } }),
  recipe: (record) => ({ ...record, recipeSha256: 'c'.repeat(64) }),
  data: (record) => {
    const other = completedTraining({ experiment: 'mlp-1', accuracy: 0.89, fingerprint: 'other files' });
    const dataset = datasetUsed(other);
    if (record.outcome !== 'completed' || !('dataset' in record.result)) throw new TypeError('no data');
    return { ...record, result: { ...record.result, dataset: dataset! } };
  },
  fma: (record) => ({ ...record, fma: true }),
  machine: (record) => ({ ...record, environment: { ...record.environment, cores: 64 } }),
};

const run = (records: readonly CellRecord[], directory = 'run'): Run => ({
  directory,
  records,
  manifest: {
    ...{ schemaVersion: 1, id: 'run', planId: 'plan', startedAt: '2026-01-02T03:04:05.000Z' },
    ...{ command: 'npx cnnbench run mlp-1', finished: true, cells: records.map(({ cell }) => cellId(cell)) },
  },
});

/** Nothing where these records have no common report. */
function summarize(records: readonly CellRecord[]) {
  try {
    return summarizeRecords(LEDGER, records, ['mlp-1'], {
      ...{ id: 'run', startedAt: '2026-01-02T03:04:05.000Z', command: '' },
      ...{ plannedCells: records.length, finished: true },
    });
  } catch {
    return undefined;
  }
}

/** Everybody who takes cells together, and whether these may not be. */
const CALLERS: Readonly<Record<string, (records: readonly CellRecord[]) => Promise<boolean> | boolean>> = {
  'a mean beside the number of a deck': (records) => 'reason' in comparable(records),
  'a mean beside that of the reference': (records) => {
    const reference = { accuracies: [0.88, 0.89, 0.9], setup: { framework: 'PyTorch', machine: '' } };
    return pairsWithReference(records, () => reference as never).length > 1;
  },
  'a sweep': (records) => {
    const grid = { experiment: 'mlp-1', backend: 'wasm', profile: 'full', seeds: [1, 2, 3], epochs: [5] } as const;
    const points = [{ experiment: 'mlp-1', epochs: 5, learningRate: 1e-3, batchSize: 64 }] as never;
    return analyseSweep({ grid: grid as never, points, records, claims: [] }).incomparable !== undefined;
  },
  compare: ([first, ...others]) => {
    const cells = (records: readonly CellRecord[]) => sideOfRecords('', records).cells;
    return matchSides(cells([first!]), cells(others)).pairs.some(({ differences }) => differences.length > 0);
  },
  merge: ([first, ...others]) => mixed([run([first!], 'a'), run(others, 'b')]).length > 0,
  report: (records) => summarize(records) === undefined,
  gate: (records) => {
    const summary = summarize(records);
    return summary === undefined || lintPopulation(summary).length > 0;
  },
  publish: (records) => objectionsTo(LEDGER, run(records)).length > 0,
  'going on with a run': async (records) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'records'));
    for (const record of records) await writeRecord(folder, record);
    const plan = planCells([EXPERIMENT], ['wasm'], [1, 2, 3], 'full');
    const identity = datasetUsed(records[0]!)!;
    const sources = new Map([[EXPERIMENT.dataset, { identity } as never]]);
    const split = await splitByRecords(plan, folder, sources, { fma: false }).catch(() => undefined);
    return split === undefined || split.todo.length > 0;
  },
};

const MEAN = ['a mean beside the number of a deck', 'a mean beside that of the reference', 'a sweep'];

/** Who refuses, separates or warns where cells do not share a trait. Everybody else takes them together. */
const OBJECTING: Readonly<Record<Trait, readonly string[]>> = {
  build: ['merge', 'gate', 'publish'],
  backend: ['merge'],
  recipe: [...MEAN, 'compare', 'merge', 'gate', 'publish', 'going on with a run'],
  data: [...MEAN, 'compare', 'merge', 'going on with a run'],
  // compare sees it as another variant of the backend, which these records do not have.
  fma: [...MEAN, 'merge', 'report', 'gate', 'going on with a run'],
  machine: ['compare'],
};

test.each(Object.keys(CALLERS))('cells that share everything belong together: %s', async (caller) => {
  expect(await CALLERS[caller]!([seed(1), seed(2), seed(3)])).toBe(false);
});

test.each(Object.keys(OTHER) as Trait[])(
  'cells that differ in %s are told apart by whom it matters to',
  async (trait) => {
    const records = [seed(1), seed(2), OTHER[trait](seed(3))];
    const found = differencesIn(records, Object.keys(OTHER) as Trait[], memberOf);
    expect(found.map((difference) => [difference.trait, difference.values.map(({ cells }) => cells.length)])).toEqual([
      [trait, [2, 1]],
    ]);
    const objecting: string[] = [];
    for (const [name, objects] of Object.entries(CALLERS)) if (await objects(records)) objecting.push(name);
    expect(objecting.toSorted()).toEqual([...OBJECTING[trait]].toSorted());
  },
);
