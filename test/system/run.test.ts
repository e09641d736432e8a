import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { recordSchema } from '../../src/core/record.js';
import { summarySchema } from '../../src/core/summary.js';
import { world } from './world.js';

/** Runs of the scripted backend, into the folder `out`. */
async function scripted(script = '') {
  const here = await world(script);
  const run = (...args: string[]) =>
    here.call(['run', '--backend', 'fake', '--profile', 'smoke', '--out', here.out, ...args]);
  return { ...here, run };
}

describe('cnnbench run', () => {
  test('leaves a valid record a cell, a summary and a report, and prints the table', async () => {
    const { run, out, records, summary } = await scripted();
    const { code, stdout, stderr } = await run('lenet-5', 'mlp-1', '--seeds', '2');
    expect(stderr).toMatch(
      /\[1\/3\] lenet-5 fake {2}61,706 parameters\n\[2\/3\] mlp-1 fake seed 1 {2}83\.10% on stand-in data/,
    );
    expect(code).toBe(0);
    expect(await records()).toEqual([
      'lenet-5.fake.smoke.seed0.json',
      'mlp-1.fake.smoke.seed1.json',
      'mlp-1.fake.smoke.seed2.json',
    ]);
    for (const name of await records())
      recordSchema.parse(JSON.parse(await readFile(join(out, 'records', name), 'utf8')));
    expect(await summary()).toMatchObject({ run: { plannedCells: 3, finished: true } });
    expect(await readFile(join(out, 'report.md'), 'utf8')).toContain('mlp-1');
    expect(stdout).toContain('mlp-1');
  });

  test('goes on with --out: finished cells are kept, more seeds are added', async () => {
    const { run, records } = await scripted();
    await run('mlp-1', '--seeds', '1');
    const { stderr } = await run('mlp-1', '--seeds', '3');
    expect(stderr).toContain('2 cells to run, 1 already done');
    expect(await records()).toHaveLength(3);
    const again = await run('mlp-1', '--seeds', '3');
    expect(again.stderr).toContain('0 cells to run, 3 already done');
    expect(again.code).toBe(0);
  });

  test('with --fresh runs every cell again and keeps the old records aside', { tags: 'slow' }, async () => {
    const { run, out } = await scripted();
    await run('mlp-1', '--seeds', '1');
    const { stderr } = await run('mlp-1', '--seeds', '1', '--fresh');
    expect(stderr).toContain('1 cell to run;');
    expect((await readdir(out)).filter((name) => name.startsWith('records-before-'))).toHaveLength(1);
  });

  test('without --out goes on with the newest unfinished run of the same plan', { tags: 'slow' }, async () => {
    const { cwd, call, start } = await scripted();
    const args = ['run', 'mlp-1', 'mlp-2', '--backend', 'fake', '--profile', 'smoke', '--seeds', '1'];
    const first = start(args, { CNNBENCH_FAKE: 'mlp-2=hang' });
    await untilRecords(join(cwd, 'results', 'runs'), 1);
    first.child.kill('SIGKILL');
    await first.result;
    const second = await call(args);
    expect(second.stderr).toContain('1 cell to run, 1 already done');
    expect(second.code).toBe(0);
    expect(await readdir(join(cwd, 'results', 'runs'))).toEqual(['.gitignore', expect.any(String)]);
    const third = await call(args);
    expect(third.stderr).toContain('2 cells to run;');
  });

  test('records a cell that diverges, and goes on', async () => {
    const { run, summary } = await scripted('mlp-1=diverge');
    const { code } = await run('mlp-1', 'mlp-2', '--seeds', '1');
    expect(code).toBe(1);
    const { cells } = await summary();
    expect(cells.map((cell) => cell.outcome)).toEqual(['diverged', 'completed']);
    expect(cells[0]?.reason).toBe('the loss became NaN in step 1 of epoch 4');
  });

  test('tries a crashed cell again the next time', { tags: 'slow' }, async () => {
    const { run, env } = await scripted();
    env.CNNBENCH_FAKE = 'mlp-1=crash';
    expect((await run('mlp-1', '--seeds', '1')).code).toBe(3);
    env.CNNBENCH_FAKE = '';
    expect((await run('mlp-1', '--seeds', '1')).code).toBe(0);
  });

  test(
    'marks the reports of a run with --wasm-fma, and reports it together with no other',
    { tags: 'slow' },
    async () => {
      const { call, given, read } = await scripted();
      const run = (out: string, ...flags: string[]) =>
        call(['run', 'lenet-5', '--backend', 'wasm', '--profile', 'smoke', '--out', out, ...flags]);
      const fused = await run('fused', '--wasm-fma');
      expect(fused.stdout).toContain('Run with --wasm-fma');
      expect(await read('fused', 'report.md')).toContain('> Run with --wasm-fma');
      expect((await run('fused')).stderr).toContain('[E_OUT_FOREIGN]');
      await given(['run', 'vgg-16', '--backend', 'wasm', '--profile', 'smoke', '--out', 'plain']);
      const { code, stderr } = await call(['report', 'fused', 'plain']);
      expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be reported together [E_RECORD_INVALID]')]);
    },
  );

  test('refuses a record that was edited by hand, naming file and field', async () => {
    const { run, out } = await scripted();
    await run('mlp-1', '--seeds', '1');
    const path = join(out, 'records', 'mlp-1.fake.smoke.seed1.json');
    const record = JSON.parse(await readFile(path, 'utf8')) as { result: { testAccuracy: unknown } };
    record.result.testAccuracy = 1.5;
    await writeFile(path, JSON.stringify(record));
    const { code, stderr } = await run('mlp-1', '--seeds', '1');
    expect(code).toBe(2);
    expect(stderr).toMatch(/mlp-1\.fake\.smoke\.seed1\.json .*result\.testAccuracy.*\[E_RECORD_INVALID\]/);
  });

  test('--dry-run prints the plan with estimates and writes nothing', async () => {
    const { run, cwd } = await scripted();
    const { code, stdout } = await run('mlp', '--dry-run', '--seeds', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/mlp-1 +fake +1 +\d+s/);
    expect(stdout).toContain('20 cells, profile smoke');
    expect(await readdir(cwd)).toEqual([]);
  });

  test('--json prints the summary and nothing else on stdout', async () => {
    const { run } = await scripted();
    const { stdout } = await run('lenet-5', '--json');
    expect(summarySchema.parse(JSON.parse(stdout)).cells).toHaveLength(1);
  });
});

describe('wrong usage of cnnbench run gets one message with a code and a remedy', () => {
  test.each([
    [['mlp-9'], 2, 'E_UNKNOWN_EXPERIMENT'],
    [['mlp-1', '--seeds', '0'], 2, 'E_BAD_SEEDS'],
    [['mlp-1', '--seeds', '1,1'], 2, 'E_BAD_SEEDS'],
    [['mlp-1', '--backend', 'tpu'], 2, 'E_UNKNOWN_BACKEND'],
    [['mlp-1', '--profile', 'huge'], 2, 'E_USAGE'],
    [['mlp-1', '--timeout', 'x'], 2, 'E_USAGE'],
    [['mlp-1', '--memory', '4'], 2, 'E_USAGE'],
    [['mlp-1', '--memory', '64MiB'], 2, 'E_USAGE'],
    [['mlp-1', '--bogus'], 2, 'E_USAGE'],
    [['mlp-1', '--backend', 'js', '--data-dir', 'nowhere'], 2, 'E_DATA_DIR'],
    [['mlp-1', '--out', '/proc/nope'], 2, 'E_OUT_UNWRITABLE'],
    [['mlp-1', '--out', '/dev/null/nope'], 2, 'E_OUT_UNWRITABLE'],
  ])('%j', async (args, exit, code) => {
    const { cwd, call } = await scripted();
    const result = await call(['run', '--backend', 'fake', '--profile', 'smoke', ...args]);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(new RegExp(`cnnbench: .*\\[${code}\\]\\n  \\S`));
    expect(result.stderr).not.toContain('    at ');
    expect(result.code).toBe(exit);
    expect(await readdir(cwd)).toEqual([]);
  });

  test('a folder of other things is not written to', async () => {
    const { run, out } = await scripted();
    await mkdir(out);
    await writeFile(join(out, 'thesis.txt'), 'mine');
    const { code, stderr } = await run('mlp-1');
    expect([code, stderr]).toEqual([2, expect.stringContaining('E_OUT_FOREIGN')]);
    expect(await readdir(out)).toEqual(['thesis.txt']);
  });

  test('with --json the problem is JSON on stdout', async () => {
    const { run } = await scripted();
    const { stdout, code } = await run('mlp-9', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_UNKNOWN_EXPERIMENT', remedy: expect.any(String) } });
    expect(code).toBe(2);
  });
});

/** Waits until the run below `folder` has so many records. */
async function untilRecords(folder: string, count: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    if (names.filter((name) => /records\/.+\.json$/.test(name)).length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no ${count} records appeared in ${folder}`);
}
