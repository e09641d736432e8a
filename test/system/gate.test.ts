import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { cnnbench } from './cnnbench.js';

/** A run of the scripted backend, and the gate on its folder as a user would start it. Neither experiment has a claim, and `full` on a stand-in no reference. */
async function fakeRun(seeds: string, script = ''): Promise<string> {
  const cwd = await temporaryFolder();
  await cnnbench(
    ['run', 'mlp-1-deep', 'mlp-1-sigmoid', '-b', 'fake', '--profile', 'full', '--seeds', seeds, '--out', 'out'],
    {
      cwd,
      env: { CNNBENCH_FAKE: script },
    },
  );
  return cwd;
}

describe('cnnbench gate', () => {
  test('passes an honest run, fails one with a missing record, and writes JUnit', async () => {
    const cwd = await fakeRun('2');
    const honest = await cnnbench(['gate', 'out'], { cwd });
    expect(honest).toMatchObject({ code: 0, stdout: 'The gate passes.\n' });
    await rm(join(cwd, 'out/records/mlp-1-deep.fake.full.seed2.json'));
    const { code, stdout } = await cnnbench(['gate', 'out', '--junit', 'junit.xml'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('mlp-1-deep.fake.full.seed2 was planned and has no record');
    expect(await readFile(join(cwd, 'junit.xml'), 'utf8')).toContain('<failure type="left-out"');
  });

  test('goes by the policy in the folder, of --policy, and by --strict', async () => {
    const cwd = await fakeRun('1', 'mlp-1-sigmoid=crash');
    expect((await cnnbench(['gate', 'out'], { cwd })).code).toBe(1);
    await writeFile(
      join(cwd, 'cnnbench.config.ts'),
      "export default { gate: { cells: { failed: 'warn' as const } } };",
    );
    const lenient = await cnnbench(['gate', 'out', '--json'], { cwd });
    expect(lenient.code).toBe(0);
    expect(JSON.parse(lenient.stdout)).toMatchObject({
      passed: true,
      policy: 'cnnbench.config.ts',
      warnings: [{ kind: 'cells.failed', subject: 'mlp-1-sigmoid on fake, seed 1, full' }],
    });
    expect((await cnnbench(['gate', 'out', '--strict'], { cwd })).code).toBe(1);
    await writeFile(join(cwd, 'own.json'), '{"gate": {"cells": {"failed": "fali"}}}');
    const refused = await cnnbench(['gate', 'out', '--policy', 'own.json'], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/own\.json: gate\.cells\.failed: .*\[E_BAD_POLICY\]/);
  });

  test('on GitHub annotates and summarises the job; a summary that cannot be written is a warning', async () => {
    const cwd = await fakeRun('1', 'mlp-1-sigmoid=crash');
    const summary = join(cwd, 'summary.md');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { stdout } = await cnnbench(['gate', 'out'], { cwd, env });
    expect(stdout).toMatch(
      /^::error title=cnnbench gate failed%3A mlp-1-sigmoid on fake%2C seed 1%2C full::crashed: /m,
    );
    expect(await readFile(summary, 'utf8')).toMatch(/^## \u2717 The gate fails: 1 failure\.\n/);
    const broken = await cnnbench(['gate', 'out'], { cwd, env: { ...env, GITHUB_STEP_SUMMARY: join(cwd, 'no/such') } });
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/warning: GITHUB_STEP_SUMMARY could not be written: ENOENT/);
  });

  test('is 3 where nothing came to a result, and 2 where there is no run', async () => {
    const cwd = await fakeRun('1', 'mlp-1-deep=unsupported,mlp-1-sigmoid=unsupported');
    expect((await cnnbench(['gate', 'out'], { cwd })).code).toBe(3);
    expect((await cnnbench(['gate', 'absent'], { cwd })).code).toBe(2);
  });

  test('run --gate goes by the same policy, and refuses a wrong one before it runs anything', async () => {
    const cwd = await temporaryFolder();
    const run = ['run', 'mlp-1-deep', '-b', 'fake', '--profile', 'full', '--seeds', '1', '--out', 'out', '--gate'];
    const options = { cwd, env: { CNNBENCH_FAKE: 'mlp-1-deep=unsupported' } };
    await writeFile(join(cwd, 'cnnbench.config.json'), '{"gate": {"strict": 1}}');
    expect(await cnnbench(run, options)).toMatchObject({ code: 2, stdout: '' });
    await writeFile(join(cwd, 'cnnbench.config.json'), '{"gate": {"cells": {"notRun": "fail"}}}');
    const { code, stdout } = await cnnbench(['run', 'mlp-1-deep', 'mlp-1-sigmoid', ...run.slice(2)], options);
    expect(code).toBe(1);
    expect(stdout).toContain('mlp-1-deep on fake, seed 1, full: unsupported: the script says so');
    expect(stdout).toContain('The gate fails: 1 failure.');
  });
});
