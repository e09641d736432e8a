import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cnnbench } from './cnnbench.js';
import { world } from './world.js';

describe('cnnbench calibrate', () => {
  test('keeps the noise of this machine where compare finds it', { tags: 'slow' }, async () => {
    const { call, given, env } = await world();
    const { code, stdout, stderr } = await call(['calibrate', '--backend', 'fake', '--runs', '7']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^noise +0\.00%/m);
    expect(stdout).toMatch(/^finds +a slow-down of 11% four times in five, with 7 processes per side$/m);
    expect(stderr).toContain('[14/14] mlp-1 fake seed 1');
    expect(await readdir(join(env.XDG_CACHE_HOME, 'cnnbench', 'calibration'))).toHaveLength(1);

    const args = ['run', 'mlp-1', '-b', 'fake', '--profile', 'smoke', '--seeds', '7', '--out'];
    for (const name of ['a', 'b']) await given([...args, name]);
    const compared = await call(['compare', 'a', 'b']);
    expect(compared.stdout).toMatch(/a change counts above 10\.00%: noise 0\.00%, calibrated 20\d\d-\d\d-\d\d/);
    const elsewhere = await call(['compare', 'a', 'b'], { XDG_CACHE_HOME: '/nowhere' });
    expect(elsewhere.stdout).toContain('this machine is not calibrated');
  });

  test('says why there is no speed', async () => {
    const { call, cwd } = await world('mlp-1=crash');
    const { code, stderr } = await call(['calibrate', '--backend', 'fake']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/could not measure the speed of mlp-1 on fake, quick: crashed: .*\[E_NO_SPEED\]/);
    expect(await readdir(cwd)).toEqual([]);
  });

  test('can be interrupted, and then keeps nothing', async () => {
    const { cwd, start } = await world();
    const { child, result } = start(['calibrate', '--backend', 'fake', '--runs', '25', '--json']);
    child.stderr?.once('data', () => child.kill('SIGINT')); // The line of the first process.
    const { code, stdout } = await result;
    expect(code).toBe(130);
    const remedy = 'Nothing was saved. Run the same command again.';
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'E_INTERRUPTED', remedy } });
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
