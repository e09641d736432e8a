import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { merge } from '../../../../src/app/merge/merge.js';
import { readRun } from '../../../../src/app/summarize-runs.js';
import { cellId } from '../../../../src/core/cell.js';
import type { CnnbenchError } from '../../../../src/core/errors.js';
import type { CellRecord } from '../../../../src/core/record.js';
import { writeManifest, type RunManifest } from '../../../../src/records/manifest.js';
import { writeRecord, writeTrace } from '../../../../src/records/store.js';
import { temporaryFolder } from '../../../fixtures/temporary-folder.js';
import { completedTraining, diverged, failed } from '../../../fixtures/records/build.js';
import { LEDGER } from '../../../fixtures/ledger.js';

type Training = Parameters<typeof completedTraining>[0];
const seed = (number: number, options: Partial<Training> = {}) =>
  completedTraining({ experiment: 'mlp-1', profile: 'smoke', seed: number, accuracy: 0.8 + number / 1000, ...options });
const PLAN = [1, 2, 3, 4].map((number) => cellId(seed(number).cell));

const COMMIT = 'c'.repeat(40);
const builtFrom = (record: CellRecord, environment: Partial<CellRecord['environment']>): CellRecord => ({
  ...record,
  environment: { ...record.environment, ...environment },
});

/** Two shards of four seeds, as they are merged; each test changes what it is about. */
async function twoShards() {
  const root = await temporaryFolder();
  const folder = async (name: string, records: readonly CellRecord[], manifest: Partial<RunManifest> = {}) => {
    const path = join(root, name);
    await mkdir(join(path, 'records'), { recursive: true });
    for (const record of records) await writeRecord(path, record);
    await writeManifest(path, {
      schemaVersion: 1,
      id: `id-of-${name}`,
      planId: 'plan',
      startedAt: `2026-01-0${name.length}T00:00:00.000Z`,
      command: `npx cnnbench run mlp-1 --seeds 4 --shard 1/2 --out ${name}`,
      cells: records.map(({ cell }) => cellId(cell)),
      finished: true,
      shard: { index: Number(name.slice(1)), count: 2, plan: PLAN },
      ...manifest,
    });
    return path;
  };
  const out = join(root, 'out');
  const run = async (directories: readonly string[], options: { partial?: boolean; allow?: ['dirty'] } = {}) => {
    const before = await contentsOf(root);
    const { partial = false, allow = [] } = options;
    const merged = await merge(LEDGER, { directories, out, partial, allow }).finally(async () => {
      // Whatever comes of it, what was there is as it was.
      const after = await contentsOf(root);
      for (const [name, text] of before) expect([name, after.get(name)]).toEqual([name, text]);
      expect((await readdir(root)).filter((name) => name.includes('tmp'))).toEqual([]);
    });
    return merged;
  };
  const objections = async (directories: readonly string[], options: { partial?: boolean } = {}) => {
    const error = await run(directories, options).then(
      () => undefined,
      (thrown: unknown) => thrown as CnnbenchError,
    );
    expect(error).toMatchObject({ code: 'E_NOT_MERGEABLE', exitCode: 2 });
    expect(await readdir(root)).not.toContain('out');
    return (error?.message ?? '').replaceAll(`${root}/`, '').match(/(?<=^ {2}- ).*(?=\.$)/gm) ?? [];
  };
  return { root, out, folder, run, objections };
}

async function contentsOf(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

describe('merge', () => {
  test('makes a finished run of the whole plan, in its order, with the records byte for byte', async () => {
    const { folder, run, out } = await twoShards();
    const [one, two] = [await folder('s1', [seed(1), seed(4)]), await folder('s2', [seed(2), seed(3)])];
    // Bytes, not values: this one is written in another way than this version would.
    await writeFile(join(two, 'records', `${PLAN[1]}.json`), JSON.stringify(seed(2)));
    const merged = await run([two, one]);
    expect(merged).toMatchObject({ finished: true, missing: [], repeated: [] });
    const { manifest, records } = await readRun(out);
    expect(manifest).toEqual({
      schemaVersion: 1,
      id: expect.stringMatching(/^merged-[0-9a-f]{12}$/),
      planId: 'plan',
      startedAt: '2026-01-02T00:00:00.000Z',
      command: 'npx cnnbench run mlp-1 --seeds 4',
      cells: PLAN,
      finished: true,
    });
    expect(records).toEqual([1, 2, 3, 4].map((number) => seed(number)));
    expect(await readFile(join(out, 'records', `${PLAN[1]}.json`), 'utf8')).toBe(JSON.stringify(seed(2)));
    expect((await readdir(out)).toSorted()).toEqual(
      expect.arrayContaining(['records', 'report.md', 'run.json', 'summary.json']),
    );
    expect(merged.summary.run).toMatchObject({ plannedCells: 4, finished: true });
    expect(merged.summary.run).not.toHaveProperty('shard');
  });

  test('comes to the same bytes in whatever order the folders are named', async () => {
    const contents = [];
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
    ]) {
      const { folder, run, out } = await twoShards();
      const folders = [
        await folder('s1', [seed(1), seed(4)]),
        await folder('s2', [seed(2), seed(3)]),
        await folder('s10', [seed(2), seed(4)], { shard: { index: 1, count: 3, plan: PLAN } }),
      ];
      await run(order.map((index) => folders[index] as string));
      contents.push([...(await contentsOf(out))].map(([path, text]) => [path.slice(out.length), text]));
    }
    expect(contents[0]).toEqual(contents[1]);
  });

  test('takes the record that started first where the bits are the same, and says so', async () => {
    const { folder, run, out } = await twoShards();
    const early = { ...seed(2), startedAt: '2026-01-01T00:00:00.000Z', seconds: 1 };
    const one = await folder('s1', [seed(1), seed(2), seed(4)]);
    const two = await folder('s2', [early, seed(3)]);
    const { repeated } = await run([one, two]);
    expect(repeated).toEqual([{ cell: PLAN[1], kept: two, left: [one] }]);
    expect((await readRun(out)).records[1]).toEqual(early);
  });

  test('prefers a result to a crash, whenever it was', async () => {
    const { folder, run, out } = await twoShards();
    const crash = failed('crashed', {
      ...{ experiment: 'mlp-1', profile: 'smoke', seed: 2, reason: 'gone' },
      startedAt: '2026-01-01T00:00:00.000Z',
    });
    await run([await folder('s1', [seed(1), crash, seed(4)]), await folder('s2', [seed(2), seed(3)])]);
    expect((await readRun(out)).records.map(({ outcome }) => outcome)).toEqual(Array(4).fill('completed'));
  });

  test('names what is missing, up to twenty cells, and the shards that are not there', async () => {
    const { folder, objections } = await twoShards();
    const plan = Array.from({ length: 30 }, (_, index) => cellId(seed(index + 1).cell));
    const one = await folder('s1', [seed(1), seed(2)], { shard: { index: 1, count: 3, plan } });
    const [missing, ...others] = await objections([one]);
    expect(others).toEqual([]);
    expect(missing).toMatch(
      /^28 of the 30 cells of the plan have no record \(no folder is shard 2 of 3, shard 3 of 3\): /,
    );
    expect(missing?.match(/mlp-1\.wasm/g)).toHaveLength(20);
    expect(missing).toMatch(/seed22, 8 more$/);
  });

  test('with --partial leaves an unfinished run that another merge takes up', async () => {
    const { root, folder, run, out } = await twoShards();
    const [one, two] = [await folder('s1', [seed(1), seed(4)]), await folder('s2', [seed(3)])];
    expect(await run([one, two], { partial: true })).toMatchObject({ finished: false, missing: [PLAN[1]] });
    expect((await readRun(out)).manifest).toMatchObject({ cells: PLAN, finished: false });
    expect(await readFile(join(out, 'report.md'), 'utf8')).toContain('Unfinished: 3 of 4 planned cells');
    const three = await folder('s3', [seed(2)], { shard: { index: 1, count: 1, plan: PLAN } });
    const whole = join(root, 'whole');
    expect(await merge(LEDGER, { directories: [out, three], out: whole, partial: false, allow: [] })).toMatchObject({
      finished: true,
    });
  });

  test('copies the traces of the records that it takes', async () => {
    const { folder, run, out } = await twoShards();
    const [one, two] = [await folder('s1', [seed(1), seed(4)]), await folder('s2', [seed(2), seed(3)])];
    const trace = { warmupSteps: 1, steps: 2, stepMs: 3, batchPreparationMs: 1, outsideKernelsMs: 2, kernels: [] };
    await writeTrace(two, seed(3).cell, trace);
    await run([one, two]);
    expect(await readdir(join(out, 'trace'))).toEqual([`${PLAN[2]}.json`]);
    const [copy, original] = [out, two].map((path) => readFile(join(path, 'trace', `${PLAN[2]}.json`), 'utf8'));
    expect(await copy).toBe(await original);
  });

  test('tells machines apart: none of their speeds are pooled', async () => {
    const { folder, run, out } = await twoShards();
    const timed = (number: number, cpu: string, imagesPerSecond: number) =>
      builtFrom(seed(number, { imagesPerSecond }), { cpu });
    const one = await folder('s1', [timed(1, 'Fast', 2000), timed(4, 'Fast', 2000)]);
    const two = await folder('s2', [timed(2, 'Slow', 10), timed(3, 'Slow', 10)]);
    const { summary } = await run([one, two]);
    expect(summary.machines?.map(({ cpu }) => cpu)).toEqual(['Fast', 'Slow']);
    expect(summary.cells.map(({ machine }) => machine)).toEqual([1, 2, 2, 1]);
    const report = await readFile(join(out, 'report.md'), 'utf8');
    expect(report).toContain('The cells come from 2 machines');
    expect(report).toMatch(
      /\| wasm \(machine 1\) \| 1024 \| 2 \| 2,000 \(.*\n.*\| wasm \(machine 2\) \| 1024 \| 2 \| 10 \(/,
    );
    expect(report).toMatch(/\| 1 \| .* Fast, 2 cores .*\n\| 2 \| .* Slow, 2 cores /);
  });
});

describe('merge refuses', () => {
  type Folder = [records: readonly CellRecord[], manifest?: Partial<RunManifest>];
  const standIn = { provenance: 'stand-in', fingerprint: 'drawn' } as const;
  const fma = (record: CellRecord): CellRecord => ({ ...record, fma: true });
  const looked = { looks: [2, 4] };
  const older = { ...seed(3), backend: { ...seed(3).backend!, version: '4.21.0' } };

  test.each<[string, Folder, RegExp]>([
    [
      'builds of two commits',
      [[seed(2), builtFrom(seed(3), { commit: COMMIT })]],
      /^cnnbench differs: 0\.1\.0 \(s1, s2\), 0\.1\.0, built from cccccccccccc \(s2\)$/,
    ],
    [
      'builds of two versions',
      [[seed(2), builtFrom(seed(3), { cnnbench: '0.2.0' })]],
      /^cnnbench differs: 0\.1\.0 \(s1, s2\), 0\.2\.0 \(s2\)$/,
    ],
    ['two versions of tfjs', [[seed(2), older]], /^the backend wasm differs: 4\.22\.0 \(s1, s2\), 4\.21\.0 \(s2\)$/],
    [
      'two recipes',
      [[seed(2), seed(3, { recipe: 'other' })]],
      /^the recipe of mlp-1 in the profile smoke differs: [0-9a-f]{12} \(s1, s2\), [0-9a-f]{12} \(s2\)$/,
    ],
    [
      'data and a stand-in',
      [[seed(2), seed(3, standIn)]],
      /^fashion-mnist differs: official, [0-9a-f]{12} \(s1, s2\), stand-in, [0-9a-f]{12} \(s2\)$/,
    ],
    [
      'the same bytes of another provenance',
      [[seed(2), seed(3, { provenance: 'unknown', fingerprint: 'fashion-mnist official' })]],
      /^fashion-mnist differs: official, (\w+) .*, unknown, \1 \(s2\)$/,
    ],
    [
      '--wasm-fma on one side',
      [[seed(2), fma(seed(3))]],
      /^the use of --wasm-fma differs: without it \(s1, s2\), with it \(s2\)$/,
    ],
    [
      'a plan with other cells',
      [[seed(2), seed(3)], { shard: { index: 2, count: 2, plan: PLAN.slice(0, 3) }, planId: 'b' }],
      /^s2 has another plan than s1: it lacks mlp-1\.wasm\.smoke\.seed4$/,
    ],
    [
      'a plan in another order',
      [[seed(2), seed(3)], { shard: { index: 2, count: 2, plan: PLAN.toReversed() }, planId: 'b' }],
      /it has the same cells in another order$/,
    ],
    [
      'a plan on other data',
      [[seed(2), seed(3)], { planId: 'b' }],
      /same cells, but other recipes or data, or only one of them uses --trace or --wasm-fma$/,
    ],
    [
      'a plan that only claims to be the same',
      [[seed(2), seed(3)], { shard: { index: 2, count: 2, plan: [...PLAN, 'x'] } }],
      /^s2 has another plan than s1: it has x$/,
    ],
    ['--until-decided', [[seed(2), seed(3)], looked], /^s2 was run with --until-decided/],
    [
      'a sweep and none',
      [[seed(2), seed(3)], { sweep: { experiment: 'mlp-1', backend: 'wasm', profile: 'smoke', seeds: [1] } }],
      /it belongs to another sweep$/,
    ],
    [
      'records that are not in the plan',
      [[seed(2), seed(3), seed(9)]],
      /^s2 has records of 1 cell that are not in the plan: mlp-1\.wasm\.smoke\.seed9$/,
    ],
    [
      'other bits of one cell',
      [[seed(2), seed(3), seed(1, { accuracy: 0.5 })]],
      /^mlp-1\.wasm\.smoke\.seed1 has two results: .* is .* in s\d and .* in s\d, and wasm gives the same bits everywhere$/,
    ],
    [
      'a cell that diverged in one folder only',
      [[seed(2), seed(3), diverged({ experiment: 'mlp-1', profile: 'smoke', reason: 'NaN' })]],
      /^mlp-1\.wasm\.smoke\.seed1 has two results: outcome is (completed|diverged) in s\d and/,
    ],
  ])('%s', async (_, [records, manifest], message) => {
    const { folder, objections } = await twoShards();
    const [one, two] = [await folder('s1', [seed(1), seed(4)]), await folder('s2', records, manifest)];
    const found = await objections([one, two]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test('other bits where a backend promises none, and says why', async () => {
    const { folder, objections } = await twoShards();
    const on = (number: number, accuracy: number) => seed(number, { backend: 'gpu', accuracy });
    const plan = [1, 2].map((number) => cellId(on(number, 0).cell));
    const one = await folder('s1', [on(1, 0.8)], { shard: { index: 1, count: 2, plan } });
    const two = await folder('s2', [on(1, 0.7), on(2, 0.8)], { shard: { index: 2, count: 2, plan } });
    expect(await objections([one, two])).toEqual([
      expect.stringMatching(
        /two results: .*; gpu does not guarantee bits, so taking one of them would be choosing a result$/,
      ),
    ]);
  });

  test('a dirty build, unless it is allowed', async () => {
    const { folder, objections, run } = await twoShards();
    const dirty = (number: number) => builtFrom(seed(number), { commit: COMMIT, dirty: true });
    const folders = [await folder('s1', [dirty(1), dirty(4)]), await folder('s2', [dirty(2), dirty(3)])];
    expect(await objections(folders)).toEqual([expect.stringMatching(/^s1, s2: made by builds with uncommitted/)]);
    expect(await run(folders, { allow: ['dirty'] })).toMatchObject({ finished: true });
  });

  test('everything at once, in one message', async () => {
    const { root, folder, objections } = await twoShards();
    const one = await folder('s1', [seed(1), builtFrom(seed(4), { commit: COMMIT, dirty: true })]);
    const two = await folder('s2', [seed(2, { recipe: 'other' }), seed(1, { accuracy: 0.5 })]);
    const three = await folder('s3', [], { shard: { index: 1, count: 1, plan: PLAN } });
    await writeFile(join(three, 'records', `${PLAN[2]}.json`), JSON.stringify({ ...seed(3), schemaVersion: 2 }));
    const found = await objections([one, two, three, one, join(root, 'nowhere')]);
    expect(found).toEqual([
      expect.stringMatching(/^s3\/records\/mlp-1\.wasm\.smoke\.seed3\.json is not a record of schema version 1: /),
      's1 is given twice',
      'nowhere contains no cnnbench run',
      expect.stringMatching(/^cnnbench differs/),
      expect.stringMatching(/^the recipe of mlp-1/),
      expect.stringMatching(/uncommitted changes/),
      expect.stringMatching(/^1 of the 4 cells of the plan have no record/),
      expect.stringMatching(/^mlp-1\.wasm\.smoke\.seed1 has two results/),
    ]);
  });

  test('folders without any record, even with --partial', async () => {
    const { folder, objections } = await twoShards();
    expect(await objections([await folder('s1', [])], { partial: true })).toEqual(['none of the folders has a record']);
  });

  test('a trace that is none', async () => {
    const { folder, objections } = await twoShards();
    const [one, two] = [await folder('s1', [seed(1), seed(4)]), await folder('s2', [seed(2), seed(3)])];
    await mkdir(join(one, 'trace'));
    await writeFile(join(one, 'trace', `${PLAN[0]}.json`), '{"__proto__": 1}');
    expect(await objections([one, two])).toEqual([expect.stringMatching(/seed1\.json is not the trace of its cell: /)]);
  });

  test('a folder of --out that has something in it', async () => {
    const { folder, run, out } = await twoShards();
    const one = await folder(
      's1',
      [1, 2, 3, 4].map((number) => seed(number)),
    );
    await mkdir(out);
    expect(await run([one])).toMatchObject({ finished: true });
    await expect(run([one])).rejects.toMatchObject({ code: 'E_OUT_FOREIGN', message: expect.stringContaining(out) });
  });
});
