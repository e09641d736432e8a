import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellId } from '../../src/core/cell.js';
import type { CellRecord } from '../../src/core/record.js';
import type { RunManifest } from '../../src/records/manifest.js';
import { writeRecord } from '../../src/records/store.js';
import type { Comparison } from '../../src/stats/compare/compare.js';
import { completedTraining } from '../fixtures/records/build.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench, start } from './cnnbench.js';

/** A finished run on the scripted backend, seeds 1 to 3. */
async function fakeRun(cwd: string, name: string, script = ''): Promise<void> {
  const args = ['run', 'mlp-1', 'mlp-2', '-b', 'fake', '--profile', 'smoke', '--seeds', '3', '--out', name];
  await cnnbench(args, { cwd, env: { XDG_CACHE_HOME: cwd, CNNBENCH_FAKE: script } });
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
    const cwd = await temporaryFolder();
    await Promise.all(['a', 'b'].map((name) => fakeRun(cwd, name)));
    const { code, stdout } = await cnnbench(['compare', 'a', 'b'], { cwd, env: { XDG_CACHE_HOME: cwd } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^mlp-1 on fake, smoke +3 \/ 3 .* 3 of 3 +identical$/m);
    expect(stdout).toContain('too few cells: of 3 and 3 no p can be below 0.10');
    expect(stdout).toContain('Nothing in B is significantly worse than in A.');
  });

  test('exits with 1 where a cell fails that did not, and names it', async () => {
    const cwd = await temporaryFolder();
    await fakeRun(cwd, 'a');
    await fakeRun(cwd, 'b', 'mlp-2=diverge');
    const { code, stdout } = await cnnbench(['compare', 'a', 'b', '--format', 'markdown'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('**B is significantly worse than A. Worse: mlp-2 on fake, smoke.**');
    expect(stdout).toContain('seed 1 diverged: the loss became NaN');
  });

  test('refuses what is not alike until it is told to ignore it', async () => {
    const cwd = await temporaryFolder();
    await writeRun(join(cwd, 'a'), seven(1000));
    const other = seven(500, { fingerprint: 'another' }).map((record) => ({
      ...record,
      environment: { ...record.environment, cores: 64 },
    }));
    await writeRun(join(cwd, 'b'), other);
    const compare = (...flags: string[]) => cnnbench(['compare', 'a', 'b', ...flags], { cwd });
    const refused = await compare();
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/a and b are not alike: data of mlp-1 on fake, full .*\[E_NOT_COMPARABLE\]/);
    expect(refused.stderr).toContain('--ignore data --ignore machine');
    expect((await compare('--ignore', 'data')).stderr).toContain('machine of mlp-1 on fake, full (cores: 2 and 64)');
    const { code, stdout } = await compare('--ignore', 'data', '--ignore', 'machine', '--json');
    expect(code).toBe(0);
    const [pair] = (JSON.parse(stdout) as Comparison).pairs;
    expect(pair?.ignored.map(({ cause }) => cause)).toEqual(['data', 'machine']);
    expect(pair?.speed).toMatchObject({ verdict: 'not judged', ratio: 503 / 1003 });
  });

  test('refuses a summary, which does not say what each cell ran on', async () => {
    const cwd = await temporaryFolder();
    await fakeRun(cwd, 'a');
    const { code, stderr } = await cnnbench(['compare', 'a/summary.json', 'a'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('a summary.json does not say it; give the folder of the run');
    const ignoring = ['--ignore', 'recipe', '--ignore', 'machine'];
    expect((await cnnbench(['compare', 'a/summary.json', 'a', ...ignoring], { cwd })).code).toBe(0);
  });

  test('refuses what has nothing in common, and what is not there', async () => {
    const cwd = await temporaryFolder();
    await writeRun(join(cwd, 'a'), seven(1000));
    await writeRun(join(cwd, 'b'), seven(1000, { experiment: 'mlp-2' }));
    expect(await cnnbench(['compare', 'a', 'b'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('have no training of the same experiment on the same backend'),
    });
    expect(await cnnbench(['compare', 'a', 'none'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E_RECORD_NOT_FOUND'),
    });
    expect(await cnnbench(['compare', 'a'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E_USAGE'),
    });
  });
});

describe('cnnbench calibrate', () => {
  test('keeps the noise of this machine where compare finds it', async () => {
    const cwd = await temporaryFolder();
    const env = { XDG_CACHE_HOME: cwd };
    const { code, stdout, stderr } = await cnnbench(['calibrate', '--backend', 'fake', '--runs', '7'], { cwd, env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^noise +0\.00%/m);
    expect(stdout).toMatch(/^finds +a slow-down of 11% four times in five, with 7 processes a side$/m);
    expect(stderr).toContain('[14/14] mlp-1 fake seed 1');
    expect(await readdir(join(cwd, 'cnnbench', 'calibration'))).toHaveLength(1);

    const args = ['run', 'mlp-1', '-b', 'fake', '--profile', 'smoke', '--seeds', '7', '--out'];
    for (const name of ['a', 'b']) await cnnbench([...args, name], { cwd, env });
    const compared = await cnnbench(['compare', 'a', 'b'], { cwd, env });
    expect(compared.stdout).toMatch(/a change counts above 10\.00%: noise 0\.00%, calibrated 20\d\d-\d\d-\d\d/);
    const elsewhere = await cnnbench(['compare', 'a', 'b'], { cwd, env: { XDG_CACHE_HOME: join(cwd, 'other') } });
    expect(elsewhere.stdout).toContain('this machine is not calibrated');
  });

  test('says why there is no speed', async () => {
    const cwd = await temporaryFolder();
    const env = { XDG_CACHE_HOME: cwd, CNNBENCH_FAKE: 'mlp-1=crash' };
    const { code, stderr } = await cnnbench(['calibrate', '--backend', 'fake'], { cwd, env });
    expect(code).toBe(3);
    expect(stderr).toMatch(/no speed of mlp-1 on fake, quick: crashed: .*\[E_NO_SPEED\]/);
    expect(await readdir(cwd)).toEqual([]);
  });

  test('can be interrupted, and then keeps nothing', async () => {
    const cwd = await temporaryFolder();
    const env = { XDG_CACHE_HOME: cwd };
    const { child, result } = start(['calibrate', '--backend', 'fake', '--runs', '25', '--json'], { cwd, env });
    child.stderr?.once('data', () => child.kill('SIGINT')); // The line of the first process.
    const { code, stdout } = await result;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_INTERRUPTED' } });
    expect(await readdir(cwd)).toEqual([]);
  });

  test.each([
    [['--runs', '6'], 'E_USAGE'],
    [['--backend', 'nonsense'], 'E_UNKNOWN_BACKEND'],
    [['--backend', 'fake,js'], 'E_USAGE'],
    [['--backend', 'fake', '--experiment', 'vgg-16'], 'E_USAGE'],
  ])('%j is an error', async (args, expected) => {
    const { code, stderr } = await cnnbench(['calibrate', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`[${expected}]`)]);
  });
});
