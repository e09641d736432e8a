import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { world } from './world.js';

/** A run of the scripted backend. Neither experiment has a claim, and `full` on a stand-in no reference. */
async function gated(seeds: string, script = '', exit = 0) {
  const here = await world(script);
  const run = 'run mlp-1-deep mlp-1-sigmoid -b fake --profile full --out out --seeds'.split(' ');
  await here.given([...run, seeds], exit);
  /** The gate on its folder, as a user would start it. */
  const gate = (...flags: string[]) => here.call(['gate', 'out', ...flags]);
  return { ...here, gate };
}

describe('cnnbench gate', () => {
  test('passes an honest run, fails one with a missing record, and writes JUnit', async () => {
    const { cwd, gate, read } = await gated('2');
    const honest = await gate();
    expect(honest).toMatchObject({ code: 0, stdout: '\u2713 The gate passes.\n' });
    await rm(join(cwd, 'out/records/mlp-1-deep.fake.full.seed2.json'));
    const { code, stdout } = await gate('--junit', 'junit.xml');
    expect(code).toBe(1);
    expect(stdout).toContain('mlp-1-deep.fake.full.seed2 was planned and has no record');
    expect(await read('junit.xml')).toContain('<failure type="left-out"');
  });

  test('goes by the policy in the folder, of --policy, and by --strict', async () => {
    const { cwd, gate } = await gated('1', 'mlp-1-sigmoid=crash', 1);
    expect((await gate()).code).toBe(1);
    await writeFile(
      join(cwd, 'cnnbench.config.ts'),
      "console.log('a word of the policy'); export default { gate: { cells: { failed: 'warn' as const } } };",
    );
    const lenient = await gate('--json');
    expect(lenient.code).toBe(0);
    expect(JSON.parse(lenient.stdout)).toMatchObject({
      passed: true,
      policy: 'cnnbench.config.ts',
      warnings: [{ kind: 'cells.failed', subject: 'mlp-1-sigmoid on fake, seed 1, full' }],
    });
    expect((await gate('--strict')).code).toBe(1);
    await writeFile(join(cwd, 'own.json'), '{"gate": {"cells": {"failed": "fali"}}}');
    const refused = await gate('--policy', 'own.json');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/own\.json: gate\.cells\.failed: .*\[E_BAD_POLICY\]/);
    const asJson = await gate('--policy', 'own.json', '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code: 'E_BAD_POLICY' } });
    expect([asJson.code, asJson.stderr]).toEqual([2, refused.stderr]);
  });

  test(
    'on GitHub annotates and summarises the job; a summary that cannot be written is a warning',
    { tags: 'slow' },
    async () => {
      const { call, cwd, read } = await gated('1', 'mlp-1-sigmoid=crash', 1);
      const summary = join(cwd, 'summary.md');
      const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
      const { stderr } = await call(['gate', 'out'], env);
      expect(stderr).toMatch(
        /^::error title=cnnbench gate failed%3A mlp-1-sigmoid on fake%2C seed 1%2C full::crashed: /m,
      );
      expect(await read('summary.md')).toMatch(/^\*\*\u2717 The gate fails: 1 failure\.\*\*\n/);
      const broken = await call(['gate', 'out'], { ...env, GITHUB_STEP_SUMMARY: join(cwd, 'no/such') });
      expect(broken.code).toBe(1);
      expect(broken.stderr).toMatch(/warning: GITHUB_STEP_SUMMARY could not be written: ENOENT/);
    },
  );

  test('is 3 where nothing came to a result, and 2 where there is no run', { tags: 'slow' }, async () => {
    const { call, gate } = await gated('1', 'mlp-1-deep=unsupported,mlp-1-sigmoid=unsupported', 3);
    expect((await gate()).code).toBe(3);
    expect((await call(['gate', 'absent'])).code).toBe(2);
  });

  test('run --gate goes by the same policy, and refuses a wrong one before it runs anything', async () => {
    const { call, cwd } = await world('mlp-1-deep=unsupported');
    const run = ['run', 'mlp-1-deep', '-b', 'fake', '--profile', 'full', '--seeds', '1', '--out', 'out', '--gate'];
    await writeFile(join(cwd, 'cnnbench.config.json'), '{"gate": {"strict": 1}}');
    expect(await call(run)).toMatchObject({ code: 2, stdout: '' });
    await writeFile(join(cwd, 'cnnbench.config.json'), '{"gate": {"cells": {"notRun": "fail"}}}');
    const { code, stderr } = await call(['run', 'mlp-1-deep', 'mlp-1-sigmoid', ...run.slice(2)]);
    expect(code).toBe(1);
    expect(stderr).toContain('mlp-1-deep on fake, seed 1, full: unsupported: the script says so');
    expect(stderr).toContain('The gate fails: 1 failure.');
  });

  test('a sweep that goes on with --gate ends with what the gate says', async () => {
    const { given, call } = await world('mlp-1@lr=3e-4=diverge');
    const grid = ['--lr', '3e-4,1e-3', '-b', 'fake', '--profile', 'smoke', '--seeds', '1', '--out', 'out'];
    await given(['sweep', 'mlp-1', ...grid]);
    const { code, stderr } = await call(['run', '--resume', 'out', '--gate']);
    expect(stderr).toContain('The gate fails: ');
    expect(code).toBe(1);
  });

  test('says why it fails wherever somebody looks, with --json, too', async () => {
    const { call, cwd, read } = await world('mlp-1-sigmoid=crash');
    const github = {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: join(cwd, 'step.md'),
      GITHUB_OUTPUT: join(cwd, 'step'),
    };
    const run = 'run mlp-1-deep mlp-1-sigmoid -b fake --profile full --seeds 1 --out out --gate --json'.split(' ');
    for (const command of [run, ['gate', 'out', '--json']]) {
      await rm(join(cwd, 'step.md'), { force: true });
      await rm(join(cwd, 'step'), { force: true });
      const { code, stdout, stderr } = await call(command, github);
      expect(code).toBe(1);
      expect(stderr).toContain('mlp-1-sigmoid on fake, seed 1, full: crashed: ');
      expect(stderr).toContain('The gate fails: 1 failure.');
      expect(stderr).toMatch(/^::error title=cnnbench gate failed%3A mlp-1-sigmoid on fake/m);
      expect(await read('step.md')).toContain('The gate fails: 1 failure.');
      expect(await read('step')).toBe('gate=failed\nfailures=1\nwarnings=0\n');
      const printed = JSON.parse(stdout) as { gate?: unknown };
      const expected = { passed: false, failures: [{ kind: 'cells.failed' }], warnings: [], policy: null };
      expect(printed.gate ?? printed).toMatchObject(expected);
      if (command !== run) continue;
      await writeFile(join(cwd, 'printed.json'), stdout);
      expect((await call(['report', 'printed.json'])).code).toBe(0);
    }
  });

  test('names the builds of what it judges; run says whose records it keeps, and runs those of another recipe again', async () => {
    const { call, cwd, gate } = await gated('2');
    const change = async (name: string, change: (record: { environment: object }) => object) => {
      const path = join(cwd, 'out/records', name);
      const record = JSON.parse(await readFile(path, 'utf8')) as { environment: object };
      await writeFile(path, JSON.stringify({ ...record, ...change(record) }));
    };
    const older = { cnnbench: '0.0.9', commit: 'a'.repeat(40) };
    for (const seed of [1, 2]) {
      await change(`mlp-1-deep.fake.full.seed${seed}.json`, ({ environment }) => ({
        environment: { ...environment, ...older },
      }));
    }
    const warned = await gate();
    expect(warned.code).toBe(0);
    expect(warned.stdout.replaceAll(/\s+/g, ' ')).toMatch(/the cells were made by .*0\.0\.9, built from aaaaaaaaaaaa/);
    const report = await call(['report', 'out', '--format', 'markdown']);
    expect(report.stdout).toContain('made by 2 builds of cnnbench');
    const again = ['run', '--resume', 'out', '--gate'];
    const kept = await call(again);
    expect(kept.stderr).toMatch(/made by another build of cnnbench: 0\.0\.9, built from aaaaaaaaaaaa.* \(2 cells\)/);
    expect(kept.code).toBe(0);
    await change('mlp-1-deep.fake.full.seed1.json', () => ({ recipeSha256: 'b'.repeat(64) }));
    const failed = await gate();
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('its recipe bbbbbbbbbbbb is not that of this version');
    expect((await call(again)).stderr).toContain('1 cell to run, 3 already done');
    expect((await gate()).code).toBe(0);
  });
});
