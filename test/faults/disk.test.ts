import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { recordSchema } from '../../src/core/record.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { type CliResult } from '../system/cnnbench.js';
import { compileShim } from './shim.js';
import { filesIn, faultyWorld, until, untilSaid } from './world.js';

const SHIM = compileShim();
const MAY_MOUNT = mayMount();
const IS_ROOT = process.getuid?.() === 0;

const mounted: string[] = [];
afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync('umount', [folder]);
});

/** A file system of its own, in memory. */
async function mount(options: string): Promise<string> {
  const folder = await temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  mounted.push(folder);
  return folder;
}

function remount(folder: string, options: string): void {
  execFileSync('mount', ['-o', `remount,${options}`, folder]);
}

function mayMount(): boolean {
  return process.platform === 'linux' && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0;
}

/** One message with its code and remedy, nothing on stdout, exit code 2. */
function expectFailure({ code, stdout, stderr }: CliResult, said: RegExp, errorCode = 'E_WRITE'): void {
  expect(stderr).toMatch(said);
  expect(stderr).toMatch(new RegExp(`\\ncnnbench: .* \\[${errorCode}\\]\\n {2}\\S.*\\n$`));
  expect(stderr.match(/\[E_/g)).toHaveLength(1);
  expect([code, stdout]).toEqual([2, '']);
}

/** The record that a message says is kept elsewhere. */
async function rescued({ stderr }: CliResult): Promise<{ from: string; to: string }> {
  const [, from = '', to = ''] =
    /is in (\S+) \[E_WRITE\]\n.*move that file to (\S+), and run the same command again: finished cells are kept\./.exec(
      stderr,
    ) ?? [];
  recordSchema.parse(JSON.parse(await readFile(from, 'utf8')));
  return { from, to };
}

const left = async (out: string) => (await filesIn(out)).filter((name) => /\.tmp$|lock/.test(name));
const RECORDS = ['records/mlp-1.fake.smoke.seed1.json', 'records/mlp-2.fake.smoke.seed1.json'];
const recordsIn = async (out: string) => (await filesIn(out)).filter((name) => name.startsWith('records/'));

test.skipIf(!MAY_MOUNT)(
  'a disk that is full when a cell ends (skipped where nothing can be mounted): its record is kept elsewhere, and the run goes on from there',
  async () => {
    const { run, start } = await faultyWorld();
    const disk = await mount('size=64k');
    const out = join(disk, 'out');
    // The second record is larger than the disk.
    const words = ['lenet-5', 'densenet-121'];
    const failed = await start(words, out).result;
    expectFailure(failed, /ENOSPC: no space left on device/);
    expect(await recordsIn(out)).toEqual(['records/lenet-5.fake.smoke.seed0.json']);
    expect(await left(out)).toEqual([]);
    const { from, to } = await rescued(failed);
    remount(disk, 'size=8m');
    await writeFile(to, await readFile(from));
    const again = await run(words, out);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('0 cells to run, 2 already done')]);
  },
);

describe.skipIf(!MAY_MOUNT)('a disk (skipped where nothing can be mounted)', { tags: 'slow' }, () => {
  test('that is full when the reports are written: every record is kept', async () => {
    const { run } = await faultyWorld();
    const disk = await mount('size=32k');
    const out = join(disk, 'out');
    expectFailure(await run(['mlp-1', 'mlp-2'], out), /could not write .*ENOSPC/);
    expect(await recordsIn(out)).toEqual(RECORDS);
    expect(await left(out)).toEqual([]);
    remount(disk, 'size=8m');
    const again = await run(['mlp-1', 'mlp-2'], out);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('0 cells to run, 2 already done')]);
    expect(await filesIn(out)).toContain('report.md');
  });

  test('that is full before the run begins', async () => {
    const { run } = await faultyWorld();
    const disk = await mount('size=16k');
    await writeFile(join(disk, 'ballast'), Buffer.alloc(12_288));
    const failed = await run(['mlp-1'], join(disk, 'out'));
    expect(failed.stderr).toMatch(/^cnnbench: cannot write to .*ENOSPC.* \[E_OUT_UNWRITABLE\]\n {2}\S/);
    expect(failed.code).toBe(2);
    expect(await left(disk)).toEqual([]);
    await rm(join(disk, 'ballast'));
    remount(disk, 'size=8m');
    expect((await run(['mlp-1'], join(disk, 'out'))).code).toBe(0);
  });

  test('that is read-only from the start', async () => {
    const { run } = await faultyWorld();
    const disk = await mount('size=8m,ro');
    const failed = await run(['mlp-1'], join(disk, 'out'));
    expect(failed.stderr).toMatch(/^cnnbench: cannot write to .*EROFS.* \[E_OUT_UNWRITABLE\]\n {2}\S/);
    expect(failed.code).toBe(2);
    remount(disk, 'rw');
    expect((await run(['mlp-1'], join(disk, 'out'))).code).toBe(0);
  });

  test('that becomes read-only during a run, as after an error: the lock that stays there holds nobody up', async () => {
    const { run, start } = await faultyWorld('mlp-2=flood');
    const disk = await mount('size=8m');
    const out = join(disk, 'out');
    const { child, result } = start(['mlp-1', 'mlp-2'], out);
    await untilSaid(child, '[1/2]');
    remount(disk, 'ro');
    const failed = await result;
    expectFailure(failed, /EROFS: read-only file system/);
    const { from, to } = await rescued(failed);
    expect(await filesIn(out)).toEqual([RECORDS[0], 'run.json', 'run.lock']);
    remount(disk, 'rw');
    await writeFile(to, await readFile(from));
    const again = await run(['mlp-1', 'mlp-2'], out);
    expect(again.stderr).toMatch(
      /^note: the run of process \d+, .* is gone; this one takes it over\n0 cells to run, 2/,
    );
    expect(again.code).toBe(0);
    expect(await left(out)).toEqual([]);
  });
});

describe.skipIf(SHIM === undefined)('a faulty disk (skipped without a C compiler)', { tags: 'slow' }, () => {
  const EIO = '5';
  const EPERM = '1';
  const faulty = (call: string, path: string, errno = EIO) => ({
    LD_PRELOAD: SHIM ?? '',
    SHIM_CALL: call,
    SHIM_PATH: path,
    SHIM_ERRNO: errno,
  });

  test.each(['write', 'fsync', 'rename'])('fails to %s a record, which is kept elsewhere', async (call) => {
    const { run, out } = await faultyWorld();
    const failed = await run(['mlp-1', 'mlp-2'], out, faulty(call, '/out/records/mlp-2'));
    expectFailure(failed, /could not write .*mlp-2.*EIO: i\/o error/);
    expect(await filesIn(out)).toEqual([RECORDS[0], 'run.json']);
    const { from, to } = await rescued(failed);
    await rename(from, to);
    const again = await run(['mlp-1', 'mlp-2'], out);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('0 cells to run, 2 already done')]);
  });

  test('and no other place either: the cell is run again', async () => {
    const { run, out, cwd } = await faultyWorld();
    const nowhere = { TMPDIR: join(cwd, 'nowhere') };
    const failed = await run(['mlp-1', 'mlp-2'], out, { ...faulty('write', '/out/records/mlp-2'), ...nowhere });
    expectFailure(failed, /EIO: i\/o error, write; nor could the record be kept elsewhere: ENOENT/);
    expect(failed.stderr).toContain(
      'Fix the problem and run the same command again: all finished cells but this one are kept.',
    );
    const again = await run(['mlp-1', 'mlp-2'], out);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('1 cell to run, 1 already done')]);
  });

  test.each(['/out/run.json', '/out/run.lock'])('fails to write %s: nothing begins', async (path) => {
    const { run, out } = await faultyWorld();
    const failed = await run(['mlp-1'], out, faulty('write', path));
    expect(failed.stderr).toMatch(/^cnnbench: cannot write to .*EIO: i\/o error.* \[E_OUT_UNWRITABLE\]\n {2}\S.*\n$/);
    expect(failed.code).toBe(2);
    expect(await filesIn(out)).toEqual([]);
    expect((await run(['mlp-1'], out)).code).toBe(0);
  });

  test('fails to write a report: every record is kept', async () => {
    const { run, out } = await faultyWorld();
    expectFailure(await run(['mlp-1', 'mlp-2'], out, faulty('rename', '/out/summary.json')), /summary\.json: EIO/);
    expect(await filesIn(out)).toEqual([...RECORDS, 'run.json']);
    expect((await run(['mlp-1', 'mlp-2'], out)).stderr).toContain('0 cells to run, 2 already done');
  });

  test('has no hard links, as FAT has none: a run locks its folder all the same', async () => {
    const { run, start, out } = await faultyWorld('mlp-1=hang');
    const { child, result } = start(['mlp-1'], out, faulty('link', '/out/run.lock', EPERM));
    await until(async () => (await filesIn(out)).includes('run.json'));
    const refused = await run(['mlp-1'], out, faulty('link', '/out/run.lock', EPERM));
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('[E_OUT_LOCKED]')]);
    child.kill('SIGTERM');
    await result;
    expect(await left(out)).toEqual([]);
  });
});

describe('the folder of a run', { tags: 'slow' }, () => {
  test('that vanishes while a cell runs: what the cell came to is kept elsewhere', async () => {
    const { run, start, out } = await faultyWorld('mlp-2=flood');
    const { child, result } = start(['mlp-1', 'mlp-2'], out);
    await untilSaid(child, '[1/2]');
    await rm(out, { recursive: true });
    const failed = await result;
    expectFailure(failed, /ENOENT: no such file or directory/);
    const { from, to } = await rescued(failed);
    expect(from).toContain('mlp-2.fake.smoke.seed1.json');
    expect(to).toBe(join(out, RECORDS[1]!));
    expect((await run(['mlp-1', 'mlp-2'], out)).code).toBe(0);
    expect(await recordsIn(out)).toEqual(RECORDS);
  });

  test.each([
    ['out', 'E_OUT_UNWRITABLE'],
    ['out/records', 'E_OUT_UNWRITABLE'],
  ])('with a file where the folder %s should be', async (name, code) => {
    const { run, cwd, out } = await faultyWorld();
    if (name !== 'out') {
      await run(['mlp-1'], out);
      await rm(join(cwd, name), { recursive: true });
    }
    await writeFile(join(cwd, name), 'mine');
    const failed = await run(['mlp-1'], out);
    expect(failed.stderr).toMatch(new RegExp(`^cnnbench: cannot .* \\[${code}\\]\\n {2}\\S.*\\n$`));
    expect([failed.code, failed.stdout]).toEqual([2, '']);
    expect(await left(out)).toEqual([]);
    await rm(join(cwd, name));
    expect((await run(['mlp-1'], out)).code).toBe(0);
  });

  test('with a folder where a record should be', async () => {
    const { run, start, out } = await faultyWorld('mlp-2=flood');
    const { child, result } = start(['mlp-1', 'mlp-2'], out);
    await untilSaid(child, '[1/2]');
    await mkdir(join(out, RECORDS[1]!));
    const failed = await result;
    expectFailure(failed, /could not write .*mlp-2.*/);
    const { from, to } = await rescued(failed);
    await rm(to, { recursive: true });
    await rename(from, to);
    expect((await run(['mlp-1', 'mlp-2'], out)).stderr).toContain('0 cells to run, 2 already done');
  });

  test.skipIf(IS_ROOT)('that may not be written to (skipped for root, who may)', async () => {
    const { run, cwd } = await faultyWorld();
    await chmod(cwd, 0o555);
    const failed = await run(['mlp-1'], join(cwd, 'out'));
    await chmod(cwd, 0o755);
    expect(failed.stderr).toMatch(/^cnnbench: cannot write to .*EACCES.* \[E_OUT_UNWRITABLE\]\n {2}\S.*\n$/);
    expect(failed.code).toBe(2);
    expect((await run(['mlp-1'], join(cwd, 'out'))).code).toBe(0);
  });
});
