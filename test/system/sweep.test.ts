import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { summarySchema } from '../../src/core/summary.js';
import { trained } from './trained.js';
import { summaryIn, world } from './world.js';

async function sweeps(script = '') {
  const here = await world(script);
  const sweep = (...args: string[]) => here.call(['sweep', 'mlp-2', '--profile', 'smoke', '--out', here.out, ...args]);
  return { ...here, sweep };
}
const FAKE = ['--backend', 'fake', '--seeds', '2'];

test('a sweep lists every point, keeps its records and is reported again from its folder', async () => {
  const { out, sweep, call } = await sweeps();
  const { code, stdout } = await sweep('--lr', '1e-4,0.001', '--epochs', '1,2,3', ...FAKE);
  expect(code).toBe(0);
  expect(stdout).toContain('6 points, means from 81.15% to 83.15%');
  expect(stdout).toMatch(/Not held against it:\s+profile\s+smoke on stand-in images/);
  expect((await readdir(join(out, 'records'))).sort()).toEqual([
    'mlp-2@epochs=3.fake.smoke.seed1.json',
    'mlp-2@epochs=3.fake.smoke.seed2.json',
    'mlp-2@lr=1e-4,epochs=3.fake.smoke.seed1.json',
    'mlp-2@lr=1e-4,epochs=3.fake.smoke.seed2.json',
  ]);
  expect(await readFile(join(out, 'report.md'), 'utf8')).toContain('## What is left out of mlp-2');
  const again = await call(['report', out]);
  const points = (text: string) => text.slice(text.indexOf('What is left out'), text.indexOf('What matters'));
  expect(points(again.stdout)).toBe(points(stdout));
  expect(points(stdout)).not.toBe('');
  const { stdout: json } = await call(['report', out, '--json']);
  expect(summarySchema.parse(JSON.parse(json)).sweep?.points).toHaveLength(6);
  const more = await sweep('--lr', '1e-4,1e-3', '--epochs', '1,2,3', '--backend', 'fake', '--seeds', '3');
  expect(more.stderr).toContain('2 cells to run, 4 already done');
});

test('a setting that diverges is a result, one that crashes is a failure', { tags: 'slow' }, async () => {
  const diverging = await sweeps('mlp-2@lr=3e-3=diverge');
  const { code, stdout } = await diverging.sweep('--lr', '1e-3,3e-3', ...FAKE);
  expect(code).toBe(0);
  expect(stdout).toContain('diverged');
  const crashing = await sweeps('mlp-2@lr=3e-3,batch=64=crash');
  expect((await crashing.sweep('--lr', '3e-3', '--batch', '64', ...FAKE)).code).toBe(3);
  expect((await crashing.sweep('--lr', '1e-3,3e-3', '--batch', '64', ...FAKE)).code).toBe(1);
});

test('goes on with run --resume, and is a sweep then, too', { tags: 'slow' }, async () => {
  const { out, call, sweep } = await sweeps('mlp-2@lr=3e-3,epochs=2=crash');
  const whole = await sweeps();
  const flags = ['--lr', '1e-3,3e-3', '--epochs', '1,2', ...FAKE];
  expect((await sweep(...flags)).code).toBe(1);
  const resumed = await call(['run', '--resume', out], { CNNBENCH_FAKE: '' });
  expect(resumed.stderr).toContain('2 cells to run, 2 already done');
  expect(resumed.code).toBe(0);
  const { stdout } = await whole.sweep(...flags);
  const tables = (text: string) => text.replace(/^cnnbench run .*/, '').replaceAll(whole.out, out);
  expect(tables(resumed.stdout)).toBe(tables(stdout));
  expect(resumed.stdout).toContain('4 points, means from');
});

test('--dry-run prints the plan of the defaults and writes nothing', async () => {
  const { sweep, out } = await sweeps();
  const { stdout } = await sweep('--over', 'lr,epochs,init,batch', '--dry-run', ...FAKE);
  expect(stdout).toContain('72 cells');
  await expect(readdir(out)).rejects.toThrow();
});

test.each([
  [[], /there is nothing to vary/],
  [['--over', 'depth'], /"depth" cannot be varied/],
  [['--lr', '1e-3,2'], /"2": a learning rate is between 0 and 1/],
  [['--init', 'ones'], /a scheme is one of he-uniform/],
  [['--batch', '5000'], /trains on 4096 images/],
  [['--lr', '1e-3', '--seeds', '0'], /--seeds 0/],
])('%s is wrong usage', async (args, message) => {
  const { sweep } = await sweeps();
  const { code, stderr } = await sweep('--backend', 'fake', ...args);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test(
  'for real, on wasm: a point is the experiment itself, and epochs read from a curve are those of a shorter training',
  { tags: 'slow' },
  async () => {
    const { sweep, summary } = await sweeps();
    expect(await sweep('--epochs', '1,2', '--seeds', '1')).toMatchObject({ code: 0 });
    const swept = await summary();
    const own = (await summaryIn(trained().out)).cells.find(({ experiment }) => experiment === 'mlp-2');
    expect(own?.outcome).toBe('completed');
    expect(swept.sweep?.points.map(({ experiment }) => experiment)).toEqual(['mlp-2@epochs=2', 'mlp-2@epochs=2']);
    expect(swept.sweep?.points[0]?.mean).toBe(own?.testAccuracy);
    expect(swept.cells[0]?.curve?.[0]).toMatchObject({ testLoss: own?.curve?.[0]?.testLoss });
  },
);
