import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { world } from './world.js';

/** mlp-1 is near its reference but too spread to say so early, mlp-2 is far away from the first look on. */
const SCRIPT = 'mlp-1=0.105/0.125/0.115/0.112/0.112,mlp-2=0.5/0.51/0.52/0.5/0.5';

async function undecided(script = SCRIPT) {
  const here = await world(script);
  const run = (...args: string[]) =>
    here.call(['run', 'mlp-1', 'mlp-2', '--backend', 'fake', '--profile', 'smoke', '--out', here.out, ...args]);
  return { ...here, run };
}

const UNTIL = ['--until-decided', '--max-seeds', '5'];

describe('cnnbench run --until-decided', () => {
  test('goes on with what is undecided only, and says so', async () => {
    const { run, records, summary } = await undecided();
    const { code, stdout, stderr } = await run(...UNTIL);
    expect(stderr).toContain('6 cells to run');
    expect(stderr).toContain('Look 1 of 2: 1 experiment undecided, continuing with 5 seeds: mlp-1 on fake');
    expect(stderr).toContain('2 cells to run');
    expect(await records()).toHaveLength(8);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('judged at 3 (CI92.9), 5 (CI97.1) seeds only');
    const { run: described, references } = await summary();
    expect(described).toMatchObject({ looks: [3, 5], plannedCells: 8, finished: true });
    expect(references).toMatchObject([
      { experiment: 'mlp-1', look: 2, seeds: [1, 2, 3, 4, 5] },
      { experiment: 'mlp-2', look: 1, seeds: [1, 2, 3], verdict: 'better' },
    ]);
    expect(code).toBe(0);
  });

  test('is judged the same way by report, and goes on where it stopped', { tags: 'slow' }, async () => {
    const { run, out, call, summary } = await undecided();
    await run(...UNTIL);
    const first = await summary();
    const report = await call(['report', out, '--format', 'json']);
    expect((JSON.parse(report.stdout) as typeof first).references).toEqual(first.references);
    const again = await run(...UNTIL);
    expect(again.stderr).toContain('0 cells to run, 6 already done');
    expect(again.stderr).toContain('0 cells to run, 2 already done');
    expect((await summary()).references).toEqual(first.references);
  });

  test('counts the seeds of a run that was stopped between two looks', { tags: 'slow' }, async () => {
    const { run, env, records, summary } = await undecided();
    env.CNNBENCH_FAKE = 'mlp-1=0.105/0.125/0.115,mlp-2=crash';
    await run(...UNTIL);
    env.CNNBENCH_FAKE = SCRIPT;
    const { stderr } = await run(...UNTIL);
    expect(stderr).toContain('3 cells to run, 3 already done');
    expect(await records()).toHaveLength(8);
    expect((await summary()).references).toHaveLength(2);
  });

  test('stops after the first look where everything is decided', { tags: 'slow' }, async () => {
    const { run, records } = await undecided('mlp-1=0.5/0.51/0.52,mlp-2=0.5/0.51/0.52');
    const { stderr } = await run('--until-decided');
    expect(stderr).toContain('Look 1 of 3: everything is decided');
    expect(await records()).toHaveLength(6);
  });

  test('refuses a folder that was judged otherwise, and several that were', { tags: 'slow' }, async () => {
    const { run, out, cwd, call, given } = await undecided();
    await run('--seeds', '3');
    const { code, stderr } = await run(...UNTIL);
    expect(code).toBe(2);
    expect(stderr).toContain('E_OUT_FOREIGN');
    expect((await run(...UNTIL, '--fresh')).code).toBe(0);
    const other = join(cwd, 'other');
    await given(['run', 'mlp-3', '-b', 'fake', '--profile', 'smoke', '--out', other]);
    const mixed = await call(['report', out, other]);
    expect([mixed.code, mixed.stderr]).toEqual([2, expect.stringContaining('--until-decided')]);
  });

  test.each(['--until-decided --seeds 3', '--max-seeds 5', '--until-decided --max-seeds 1'])(
    'refuses %s',
    async (flags) => {
      const { run } = await undecided();
      const { code, stderr } = await run(...flags.split(' '));
      expect(code).toBe(2);
      expect(stderr).toContain('E_USAGE');
    },
  );
});
