import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REMEDIES } from './remedies/index.js';
import { RUN, walk } from './remedies/walk.js';
import { world } from './world.js';

const ALWAYS = ['a record of a newer version', 'a gate on a summary'];

describe('what an error says to do', () => {
  for (const [what, remedy] of Object.entries(REMEDIES)) {
    test(`works: ${what}`, { tags: ALWAYS.includes(what) ? [] : ['slow'] }, () => walk(remedy));
  }

  test('works: a folder that another run writes to', { tags: 'slow' }, async () => {
    const here = await world('mlp-1=hang');
    const args = 'run mlp-1 -b fake --profile smoke --seeds 1 --out out'.split(' ');
    const { child, result } = here.start(args);
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    const refused = await here.call(RUN.split(' '));
    expect(refused.stderr).toMatch(
      /\[E_OUT_LOCKED\]\n {2}Wait for it to end, stop it, or choose another folder with --out\.\n$/,
    );
    expect((await here.call(`${RUN}2`.split(' '))).code).toBe(0);
    child.kill('SIGINT');
    await result;
    expect((await here.call(RUN.split(' '))).code).toBe(0);
  });

  test('works: a folder that was lost to another run', { tags: 'slow' }, async () => {
    const here = await world('mlp-2=hang');
    const args = 'run mlp-1 mlp-2 -b fake --profile smoke --seeds 1 --out out'.split(' ');
    const { child, result } = here.start(args);
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (chunk: Buffer) => chunk.toString().includes('[1/2]') && resolve());
    });
    await rm(join(here.out, 'run.lock'));
    const { code, stderr } = await result;
    expect([code, stderr]).toEqual([2, expect.stringContaining('[E_OUT_LOCKED]')]);
    expect(stderr).toContain('Finished cells are saved: run the same command again when no other run uses the folder.');
    const again = await here.call(args, { CNNBENCH_FAKE: '' });
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('1 cell to run, 1 already done')]);
  });
});
