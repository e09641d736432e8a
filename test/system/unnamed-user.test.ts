import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { BIN } from './cnnbench.js';

// As `docker run --user 12345` does; only root may become somebody else.
test.skipIf(process.getuid?.() !== 0)('works for a user that the system does not know (skipped unless root)', () => {
  const env = { PATH: process.env['PATH'] ?? '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'run', 'mlp-1', '-b', 'fake', '--dry-run'], {
    ...{ uid: 12_345, gid: 12_345, cwd: '/', env, encoding: 'utf8' },
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('mlp-1');
});
