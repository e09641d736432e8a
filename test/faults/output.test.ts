import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BIN } from '../system/cnnbench.js';
import { filesIn, faultyWorld } from './world.js';

/** Runs a line of shell in which $CNNBENCH is the command, whose exit code it writes to the file `code`. */
async function shell(line: string) {
  const { cwd, out } = await faultyWorld();
  const command = `"${process.execPath}" "${BIN}"`;
  const env = { PATH: process.env['PATH'], HOME: cwd, XDG_CACHE_HOME: join(cwd, 'cache'), CNNBENCH_FAKE: '' };
  const printed = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile('/bin/sh', ['-c', line.replaceAll('$CNNBENCH', command)], { cwd, env }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
  return { ...printed, out, code: Number(await readFile(join(cwd, 'code'), 'utf8')) };
}

const RUN = '$CNNBENCH run mlp-1 mlp-2 -b fake --profile smoke --seeds 1 --out out';

describe.skipIf(process.platform === 'win32')('where nobody reads', () => {
  test('stdout (| head), a run writes all it has to, and its exit code is that of its results', async () => {
    const { code, stdout, stderr, out } = await shell(`{ ${RUN}; echo $? >code; } | head -n 1`);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^cnnbench run .*\n$/)]);
    expect(stderr).toMatch(/^2 cells to run.*\n\[1\/2\].*\n\[2\/2\].*\nReport: out\/report\.md\n$/);
    expect(await filesIn(out)).toEqual(expect.arrayContaining(['report.md', 'summary.json']));
  });

  test('stdout from the start, nor progress on stderr, a run goes on to its end', { tags: 'slow' }, async () => {
    const { code, out } = await shell(`{ ${RUN}; echo $? >code; } 2>&1 | true`);
    expect(code).toBe(0);
    expect((await filesIn(out)).filter((name) => name.startsWith('records/'))).toHaveLength(2);
    expect(await filesIn(out)).toContain('report.md');
    expect(await filesIn(out)).not.toContain('run.lock');
  });

  test('a long list, there is no trace', { tags: 'slow' }, async () => {
    const { code, stderr } = await shell('{ $CNNBENCH list --json; echo $? >code; } | head -c 10');
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe.skipIf(!existsSync('/dev/full'))('where there is no room', () => {
  test.each(['list', 'list --json', '--help'])('for stdout, there is one message: %s', async (words) => {
    const { code, stderr } = await shell(`$CNNBENCH ${words} >/dev/full; echo $? >code`);
    expect(stderr).toMatch(/^cnnbench: the result could not be written to stdout: ENOSPC.* \[E_WRITE\]\n {2}\S.*\n$/);
    expect(code).toBe(2);
  });

  test('for stdout, a run keeps all it has written, and "cnnbench report" prints it', { tags: 'slow' }, async () => {
    const { code, stderr, stdout, out } = await shell(`${RUN} >/dev/full; echo $? >code; $CNNBENCH report out`);
    expect(stderr).toContain(
      '[E_WRITE]\n  Free some space, or send stdout elsewhere. Records and reports of a run are saved: "cnnbench report DIR" prints them again.',
    );
    expect(stdout).toContain('mlp-2');
    expect(code).toBe(2);
    expect(await filesIn(out)).toEqual(expect.arrayContaining(['report.md', 'summary.json']));
    expect(JSON.parse(await readFile(join(out, 'run.json'), 'utf8'))).toMatchObject({ finished: true });
  });

  test('for stderr, a run goes on to its end', { tags: 'slow' }, async () => {
    const { code, stdout } = await shell(`${RUN} 2>/dev/full; echo $? >code`);
    expect([code, stdout]).toEqual([0, expect.stringContaining('mlp-2')]);
  });
});
