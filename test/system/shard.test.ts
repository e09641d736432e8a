import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { untimed } from '../fixtures/records/untimed.js';
import { world } from './world.js';

/** Shards of runs on the scripted backend. Whether the build under test is clean is not what is tested here. */
async function shards(script = '') {
  const here = await world(script);
  const call = (...args: string[]) => here.call(args);
  const run = (...args: string[]) => call('run', ...args, '-b', 'fake', '--profile', 'smoke');
  const merge = (...args: string[]) => call('merge', ...args, '--allow', 'dirty');
  return { ...here, call, run, merge };
}

/** Four cells: lenet-5, and three seeds of mlp-1. */
const PLAN = ['lenet-5', 'mlp-1', '--seeds', '3'];

describe('cnnbench run --shard', () => {
  test(
    'and merge come to what one run comes to, byte for byte but for times: real trainings on wasm',
    { tags: 'slow' },
    async () => {
      const { call, merge, read, records, summary } = await shards();
      const args = ['run', 'lenet-5', 'mlp-1', '--seeds', '2', '-b', 'wasm', '--profile', 'smoke', '--offline'];
      expect(await call(...args, '--out', 'whole')).toMatchObject({ code: 0 });
      for (const shard of ['1', '2']) {
        expect(await call(...args, '--shard', `${shard}/2`, '--out', `shard-${shard}`)).toMatchObject({ code: 0 });
      }
      expect(await merge('shard-2', 'shard-1', '--out', 'merged')).toMatchObject({ code: 0 });

      const names = await records('whole');
      expect(names).toHaveLength(3);
      expect(await records('merged')).toEqual(names);
      for (const name of names) {
        const [merged, whole] = [await read('merged', 'records', name), await read('whole', 'records', name)];
        expect(untimed(merged)).toBe(untimed(whole));
      }
      const [merged, whole] = [await summary('merged'), await summary('whole')];
      // What a run is called and where it was written is its own; all else is not.
      expect(merged.run.command).toBe('npx cnnbench run lenet-5 mlp-1 --seeds 2 -b wasm --profile smoke --offline');
      const { id, command } = whole.run;
      expect(untimed(JSON.stringify({ ...merged, run: { ...merged.run, id, command } }))).toBe(
        untimed(JSON.stringify(whole)),
      );
    },
  );

  test('runs its cells, and leaves what is judged over seeds to the merge', async () => {
    const { run, read, records, summary } = await shards();
    const { code, stdout, stderr } = await run(...PLAN, '--shard', '1/2', '--out', 'one');
    expect(code).toBe(0);
    expect(stderr).toContain('2 cells to run');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('This is shard 1 of 2: 2 of the 4 cells of the plan.');
    expect(await records('one')).toHaveLength(2);
    expect(JSON.parse(await read('one', 'run.json'))).toMatchObject({
      finished: true,
      shard: { index: 1, count: 2, plan: { length: 4 } },
    });
    expect(await read('one', 'report.md')).toContain('> This is shard 1 of 2');
    const { run: described, claims, thresholds, references } = await summary('one');
    expect(described).toMatchObject({ plannedCells: 2, shard: { index: 1, count: 2, cellsOfPlan: 4 } });
    expect({ thresholds, references }).toEqual({ thresholds: [], references: [] });
    const judged = claims.filter(({ kind, verdict }) => kind === 'accuracy' && verdict !== 'not run');
    expect(judged).toEqual([]);
  });

  test('shows its cells with --dry-run, and of how many', async () => {
    const { run } = await shards();
    const json = await run(...PLAN, '--shard', '2/2', '--dry-run', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      cells: { length: 2 },
      shard: { index: 2, count: 2, cellsOfPlan: 4 },
    });
    const { stdout } = await run(...PLAN, '--shard', '2/2', '--dry-run');
    expect(stdout).toContain("shard 2 of 2: 2 cells of the plan's 4, profile smoke");
  });

  test.each([
    [['--shard', '3/2'], /--shard 3\/2: not a valid shard \[E_USAGE\]\n.*such as 2\/5/],
    [['--shard', '1/5'], /the plan has only 4 cells, .* \[E_USAGE\]/],
    [['--shard', '1/2', '--gate'], /\[E_USAGE\]\n.*"cnnbench merge DIR... --out DIR" and "cnnbench gate DIR"/],
    [['--shard', '1/2', '--until-decided'], /\[E_USAGE\]\n.*fixed number of --seeds/],
  ])('refuses %j', async (flags, message) => {
    const { cwd, run } = await shards();
    const { code, stderr } = await run(
      'lenet-5',
      'mlp-1',
      ...(flags.includes('--until-decided') ? [] : ['--seeds', '3']),
      ...flags,
    );
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(await readdir(cwd)).not.toContain('results');
  });

  test('never goes on in the folder of another shard', { tags: 'slow' }, async () => {
    const { cwd, run } = await shards('mlp-1=crash');
    await run(...PLAN, '--shard', '1/2', '--out', 'one');
    for (const others of [['--shard', '2/2'], []]) {
      const { code, stderr } = await run(...PLAN, ...others, '--out', 'one');
      expect(stderr).toMatch(/one has a run of shard 1 of 2; this one would be of .* \[E_OUT_FOREIGN\]/);
      expect(code).toBe(2);
    }
    expect((await run(...PLAN, '--shard', '1/2', '--out', 'one')).stderr).toMatch(
      /to run(, \d already done)?; results go to one/,
    );
    await run(...PLAN, '--shard', '1/2');
    await run(...PLAN, '--shard', '2/2');
    expect(await readdir(join(cwd, 'results', 'runs'))).toHaveLength(3);
  });

  test('works for a sweep', { tags: 'slow' }, async () => {
    const { call, merge, summary } = await shards();
    const args = ['sweep', 'mlp-1', '--lr', '1e-4,1e-3', '--seeds', '2', '-b', 'fake', '--profile', 'smoke'];
    for (const shard of ['1', '2']) await call(...args, '--shard', `${shard}/2`, '--out', shard);
    expect(await merge('1', '2', '--out', 'merged')).toMatchObject({ code: 0 });
    expect((await summary('merged')).sweep?.points.map(({ seeds }) => seeds)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
});

describe('cnnbench merge', () => {
  test('of a part, --partial, leaves a run that the same command finishes', async () => {
    const { call, run, merge, summary } = await shards();
    await run(...PLAN, '--shard', '1/2', '--out', 'one');
    const refused = await merge('one', '--out', 'merged');
    expect(refused.stderr).toMatch(/2 of the 4 cells of the plan have no record \(no folder is shard 2 of 2\): .*seed/);
    expect(refused.code).toBe(2);
    const gated = await call('gate', 'one');
    expect([gated.code, gated.stdout]).toEqual([1, expect.stringContaining('was planned and has no record')]);

    const merged = await merge('one', '--partial', '--out', 'merged', '--json');
    expect(merged.code).toBe(0);
    expect(JSON.parse(merged.stdout)).toMatchObject({
      ...{ out: 'merged', finished: false, repeated: [] },
      missing: { length: 2 },
      summary: { run: { plannedCells: 4, finished: false } },
    });
    const { code, stderr } = await run(...PLAN, '--out', 'merged');
    expect(stderr).toContain('2 cells to run, 2 already done');
    expect(code).toBe(0);
    expect((await summary('merged')).run).toMatchObject({ plannedCells: 4, finished: true });
  });

  test('lists every objection, as JSON, too', { tags: 'slow' }, async () => {
    const { call, run } = await shards();
    await run('lenet-5', '--out', 'one');
    const { code, stdout } = await call('merge', 'one', 'one', 'nowhere', '--out', 'merged', '--json');
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect([code, error.code]).toEqual([2, 'E_NOT_MERGEABLE']);
    expect(error.message).toMatch(/one is given twice[^]*nowhere contains no cnnbench run/);
  });
});
