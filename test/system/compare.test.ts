import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellId } from '../../src/core/cell.js';
import type { CellRecord } from '../../src/core/record.js';
import type { RunManifest } from '../../src/records/manifest.js';
import { writeRecord } from '../../src/records/store.js';
import type { Comparison } from '../../src/stats/compare/compare-sides.js';
import { completedTraining } from '../fixtures/records/build.js';
import { world } from './world.js';

/** Finished runs on the scripted backend, seeds 1 to 3, and their comparison. */
async function comparing() {
  const here = await world();
  const words = 'run mlp-1 mlp-2 -b fake --profile smoke --seeds 3 --out'.split(' ');
  const fakeRun = (name: string, script = '', exit = 0) =>
    here.given([...words, name], exit, { CNNBENCH_FAKE: script });
  const compare = (...args: string[]) => here.call(['compare', ...args]);
  return { ...here, fakeRun, compare };
}

/** The folder of a run with the given records. */
async function writeRun(folder: string, records: readonly CellRecord[]): Promise<void> {
  await mkdir(join(folder, 'records'), { recursive: true });
  for (const record of records) await writeRecord(folder, record);
  const manifest: RunManifest = {
    ...{ schemaVersion: 1, id: 'x', planId: 'x', startedAt: '2026-01-02T03:04:05.000Z', command: 'x' },
    ...{ cells: records.map(({ cell }) => cellId(cell)), finished: true },
  };
  await writeFile(join(folder, 'run.json'), JSON.stringify(manifest));
}

const seven = (speed: number, more: Partial<Parameters<typeof completedTraining>[0]> = {}) =>
  Array.from({ length: 7 }, (_, index) =>
    completedTraining({
      ...{ experiment: 'mlp-1', backend: 'fake', seed: index + 1, accuracy: 0.88 },
      ...{ imagesPerSecond: speed + index, ...more },
    }),
  );

describe('cnnbench compare', () => {
  test('finds two runs of the same cells identical', async () => {
    const { compare, fakeRun } = await comparing();
    await Promise.all(['a', 'b'].map((name) => fakeRun(name)));
    const { code, stdout } = await compare('a', 'b');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^mlp-1 on fake, smoke +3 \/ 3 .* 3 of 3 +identical$/m);
    expect(stdout).toContain('too few cells: with 3 and 3, p cannot be below 0.10');
    expect(stdout).toContain('Nothing in B is significantly worse than in A.');
  });

  test('exits with 1 where a cell fails that did not, and names it', { tags: 'slow' }, async () => {
    const { compare, fakeRun } = await comparing();
    await fakeRun('a');
    await fakeRun('b', 'mlp-2=diverge', 1);
    const { code, stdout } = await compare('a', 'b', '--format', 'markdown');
    expect(code).toBe(1);
    expect(stdout).toContain('**B is significantly worse than A. Worse: mlp-2 on fake, smoke.**');
    expect(stdout).toContain('seed 1 diverged: the loss became NaN');
  });

  test('refuses what is not alike until it is told to ignore it', async () => {
    const { compare: compareRuns, cwd } = await comparing();
    await writeRun(join(cwd, 'a'), seven(1000));
    const other = seven(500, { fingerprint: 'another' }).map((record) => ({
      ...record,
      environment: { ...record.environment, cores: 64 },
    }));
    await writeRun(join(cwd, 'b'), other);
    const compare = (...flags: string[]) => compareRuns('a', 'b', ...flags);
    const refused = await compare();
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/a and b are not comparable: data of mlp-1 on fake, full .*\[E_NOT_COMPARABLE\]/);
    expect(refused.stderr).toContain('--ignore data --ignore machine');
    expect((await compare('--ignore', 'data')).stderr).toContain('machine of mlp-1 on fake, full (cores: 2 and 64)');
    const { code, stdout } = await compare('--ignore', 'data', '--ignore', 'machine', '--json');
    expect(code).toBe(0);
    const [pair] = (JSON.parse(stdout) as Comparison).pairs;
    expect(pair?.ignored.map(({ cause }) => cause)).toEqual(['data', 'machine']);
    expect(pair?.speed).toMatchObject({ verdict: 'not judged', ratio: 503 / 1003 });
  });

  test('refuses a summary, which does not say what each cell ran on', { tags: 'slow' }, async () => {
    const { compare, fakeRun } = await comparing();
    await fakeRun('a');
    const { code, stderr } = await compare('a/summary.json', 'a');
    expect(code).toBe(2);
    expect(stderr).toContain('a summary.json does not contain it; use the run folder');
    const ignoring = ['--ignore', 'recipe', '--ignore', 'machine'];
    expect((await compare('a/summary.json', 'a', ...ignoring)).code).toBe(0);
  });

  test('refuses what has nothing in common, and what is not there', async () => {
    const { compare, cwd } = await comparing();
    await writeRun(join(cwd, 'a'), seven(1000));
    await writeRun(join(cwd, 'b'), seven(1000, { experiment: 'mlp-2' }));
    expect(await compare('a', 'b')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('have no trained experiment on the same backend in common'),
    });
    expect(await compare('a', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E_RECORD_NOT_FOUND'),
    });
    expect(await compare('a')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E_USAGE'),
    });
  });
});
