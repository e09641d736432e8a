import { describe, expect, test } from 'vitest';
import { world } from './world.js';

describe('cnnbench setup', () => {
  test('names the tool that is missing, and what to install', async () => {
    const { call } = await world();
    const { code, stdout, stderr } = await call(['setup', 'cpu'], { PATH: '/nowhere' });
    expect(stderr).toMatch(/^cnnbench: npm is needed and was not found .*\[E_SETUP_TOOL\]\n {2}Install npm/m);
    expect([code, stdout]).toEqual([3, '']);
  });

  test('knows cpu and gpu only', async () => {
    const { call } = await world();
    const { code, stderr } = await call(['setup', 'tpu']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Expected tpu to be one of: cpu, gpu [E_USAGE]')]);
  });
});
