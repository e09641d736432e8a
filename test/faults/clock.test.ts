import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { summarySchema } from '../../src/core/summary.js';
import { compileShim } from './shim.js';
import { filesIn, faultyWorld, until, untilSaid } from './world.js';

const SHIM = compileShim();

test.skipIf(SHIM === undefined)(
  'a clock that jumps back an hour during a run changes no duration, and frees no lock (skipped without a C compiler)',
  { tags: 'slow' },
  async () => {
    const { cwd, out, start, run } = await faultyWorld('mlp-2=flood,mlp-3=hang');
    const jump = join(cwd, 'jump');
    const words = ['mlp-1', 'mlp-2', 'mlp-3'];
    const clock = { LD_PRELOAD: SHIM ?? '', SHIM_CLOCK: jump };
    const records = async () => (await filesIn(out)).filter((name) => name.startsWith('records/')).length;
    const first = start(words, out, clock);
    await untilSaid(first.child, '[1/3]');
    await writeFile(jump, '');
    await until(async () => (await records()) === 2);
    const refused = await run(words, out, clock);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('[E_OUT_LOCKED]')]);
    first.child.kill('SIGKILL');
    await first.result;
    const { code, stderr } = await run(words, out, { ...clock, CNNBENCH_FAKE: '' });
    expect(stderr).toContain('is gone; this one takes it over\n1 cell to run, 2 already done');
    expect(code).toBe(0);
    const { cells } = summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
    const [before, during, after] = cells.map(({ startedAt }) => Date.parse(startedAt));
    expect(during! - before!).toBeGreaterThan(0);
    expect(after! - during!).toBeLessThan(-3_000_000);
    for (const { seconds } of cells) expect(seconds).toBeGreaterThan(0);
    for (const { seconds } of cells) expect(seconds).toBeLessThan(3000);
  },
);
