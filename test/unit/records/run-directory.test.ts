import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  markFinished,
  openRunDirectory,
  type OpenOptions,
  type RunDirectory,
} from '../../../src/records/run-directory.js';
import { spawnSync } from 'node:child_process';
import { ownIdentity } from '../../../src/files/process-identity.js';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'cnnbench-'))));
const open: RunDirectory[] = [];
afterEach(async () => {
  for (const { lock } of open.splice(0)) lock.release();
  await rm(root, { recursive: true, force: true });
});

async function openRun(more: Partial<OpenOptions> = {}): Promise<RunDirectory> {
  const now = new Date('2026-01-01T00:00:00Z');
  const plan = { planId: 'plan', cells: ['mlp-1.wasm.smoke.seed1'], command: 'cnnbench run mlp-1' };
  const settings = { fma: false, trace: false, timeoutMs: 1000 };
  const directory = await openRunDirectory({ root, ...plan, settings, fresh: false, now, ...more });
  open.push(directory);
  return directory;
}

/** The files of a folder and those below it, folders with a slash at the end. */
async function tree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1) + (entry.isDirectory() ? '/' : ''))
    .sort();
}

const LOCKED = expect.objectContaining({ code: 'E_OUT_LOCKED', exitCode: 2 });

describe('the folder of a run', () => {
  test('is one run at a time, with --fresh and with another plan, too', async () => {
    const out = join(root, 'out');
    const { lock } = await openRun({ out });
    const before = await readFile(join(out, 'run.json'), 'utf8');
    for (const more of [{}, { fresh: true }, { planId: 'other' }]) {
      await expect(openRun({ out, ...more })).rejects.toThrow(LOCKED);
    }
    expect(await readFile(join(out, 'run.json'), 'utf8')).toBe(before);
    expect(await tree(out)).toEqual(['records/', 'run.json', 'run.lock']);
    lock.release();
    expect(await openRun({ out })).toMatchObject({ resumed: true });
  });

  test('that another process is on is left to it where no --out was given', async () => {
    const first = await openRun();
    const notices: string[] = [];
    const second = await openRun({ onNotice: (line) => notices.push(line) });
    expect(second).toMatchObject({ resumed: false });
    expect(second.path).not.toBe(first.path);
    expect(notices).toEqual([expect.stringMatching(/^note: another run, process \d+, has been writing to /)]);
    first.lock.release();
    expect(await openRun()).toMatchObject({ resumed: true, path: first.path });
  });

  test('ignores itself in git without --out, and leaves a file that somebody changed', async () => {
    await openRun({ out: join(root, 'out') });
    expect(await readdir(root)).toEqual(['out']);
    await openRun();
    expect(await readFile(join(root, '.gitignore'), 'utf8')).toMatch(/^\*$/m);
    await writeFile(join(root, '.gitignore'), 'mine');
    await openRun({ planId: 'other' });
    expect(await readFile(join(root, '.gitignore'), 'utf8')).toBe('mine');
  });

  test('that is finished is not gone on with where no --out was given', async () => {
    const first = await openRun();
    await markFinished(first);
    first.lock.release();
    expect((await openRun()).path).not.toBe(first.path);
  });

  test('is unlocked again where it turns out to hold another run', async () => {
    const out = join(root, 'out');
    (await openRun({ out })).lock.release();
    await expect(openRun({ out, looks: [3, 5] })).rejects.toThrow(expect.objectContaining({ code: 'E_OUT_FOREIGN' }));
    expect(await tree(out)).toEqual(['records/', 'run.json']);
  });

  test('is gone on with from wherever a run was killed, which is said once', async () => {
    const out = join(root, 'out');
    await mkdir(out);
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const dead = { token: '0'.repeat(32), ...ownIdentity(), pid, since: '2026-01-01T00:00:00.000Z' };
    await writeFile(join(out, 'run.lock'), JSON.stringify(dead));
    for (const name of [`run.json.${pid}.tmp`, `run.lock.0123abcd.${pid}.tmp`]) await writeFile(join(out, name), '');
    const notices: string[] = [];
    await openRun({ out, onNotice: (line) => notices.push(line) });
    expect(notices).toEqual([
      `note: the run of process ${pid}, since ${dead.since}, had ${out} and is gone; this one takes it over`,
    ]);
    expect(await tree(out)).toEqual(['records/', 'run.json', 'run.lock']);
  });

  test('loses the temporary files that a killed run left there, and nothing else', async () => {
    const out = join(root, 'out');
    (await openRun({ out })).lock.release();
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const kept = ['mine.tmp', 'records/a.json', `records/a.json.${process.ppid}.tmp`, 'own/a.json.1.tmp', '1.tmp'];
    const left = ['run.json', 'report.md', 'records/a.json', 'trace/a.json', 'checkpoints/a.bin'];
    for (const folder of ['trace', 'checkpoints', 'own', `${pid}.${pid}.tmp`]) await mkdir(join(out, folder));
    for (const name of kept) await writeFile(join(out, name), '');
    for (const name of left) await writeFile(join(out, `${name}.${pid}.tmp`), '');
    // A process of a container often has the number of the one before it.
    await writeFile(join(out, 'records', `b.json.${process.pid}.tmp`), '');
    await openRun({ out });
    expect(await tree(out)).toEqual(
      [...kept, `${pid}.${pid}.tmp/`, 'run.json', 'run.lock', 'checkpoints/', 'own/', 'records/', 'trace/'].sort(),
    );
  });
});
