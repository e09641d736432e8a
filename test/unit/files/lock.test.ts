import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tryLock, waitForLock, type Attempt, type FileLock } from '../../../src/files/lock.js';
import { ownIdentity, whereaboutsOf, type ProcessIdentity } from '../../../src/files/process-identity.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnbench-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function taken(attempt: Attempt): FileLock {
  if (attempt.lock === undefined) throw new Error(`refused: ${JSON.stringify(attempt.holder)}`);
  return attempt.lock;
}

/** Writes the lock file of another owner. */
async function lockOf(owner: Partial<ProcessIdentity>, ageSeconds = 0): Promise<void> {
  const since = '2026-01-01T00:00:00.000Z';
  await writeFile(path, JSON.stringify({ token: 'a'.repeat(32), ...ownIdentity(), since, ...owner }));
  const time = Date.now() / 1000 - ageSeconds;
  await utimes(path, time, time);
}

const linux = process.platform === 'linux';

/** Of a process, as its lock file says it; nothing but on Linux. */
const startOf = (pid: number) =>
  linux ? /^.*\) (?:\S+ ){19}(\S+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] : undefined;

describe('a lock', () => {
  test('is had by one, and by the next when it is given back', async () => {
    const lock = taken(await tryLock(path));
    const refused = await tryLock(path);
    expect(refused).toMatchObject({ holder: { elsewhere: false, owner: { pid: process.pid } } });
    expect(await readdir(folder)).toEqual(['lock']);
    lock.release();
    expect(await readdir(folder)).toEqual([]);
    taken(await tryLock(path)).release();
  });

  test('says nothing of the name of the machine', async () => {
    const lock = taken(await tryLock(path));
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8')) as object).sort()).toEqual(
      ['token', ...Object.keys(ownIdentity()), 'since'].sort(),
    );
    expect(ownIdentity().machine).toMatch(/^[0-9a-f]{16}$/);
    lock.release();
  });

  test('is waited for', async () => {
    const lock = taken(await tryLock(path));
    const seen: unknown[] = [];
    const waiting = waitForLock(path, { onWait: (holder) => seen.push(holder) });
    await pause(500);
    lock.release();
    (await waiting).release();
    expect(seen).toMatchObject([{ owner: { pid: process.pid } }]);
  });

  test('is no longer waited for when a signal is aborted', async () => {
    const lock = taken(await tryLock(path));
    await expect(waitForLock(path, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    lock.release();
  });

  test('is not taken where no file can be made', async () => {
    await expect(tryLock(join(folder, 'no', 'lock'))).rejects.toThrow('ENOENT');
  });

  test('gives signs of life, and says when it is lost to another', async () => {
    const lock = taken(await tryLock(path, { heartbeatMs: 20 }));
    await utimes(path, 0, 0);
    await expect.poll(async () => (await stat(path)).mtimeMs).toBeGreaterThan(Date.now() - 10_000);
    expect(lock.lost.aborted).toBe(false);
    await lockOf({});
    await expect.poll(() => lock.lost.aborted).toBe(true);
    lock.release();
    expect(await readdir(folder)).toEqual(['lock']);
  });

  test('is lost when its file is deleted', async () => {
    const lock = taken(await tryLock(path, { heartbeatMs: 20 }));
    await rm(path);
    await expect.poll(() => lock.lost.aborted).toBe(true);
    lock.release();
  });
});

describe('the lock of an owner that', () => {
  const child = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });

  test('lives is respected, however old it is', async () => {
    const other = child();
    const { pid } = other as { pid: number };
    await lockOf({ pid, started: startOf(pid) }, linux ? 1e6 : 0);
    expect(await tryLock(path)).toMatchObject({ holder: { owner: { pid }, elsewhere: false } });
    other.kill('SIGKILL');
    await once(other, 'exit');
    const lock = taken(await tryLock(path));
    expect(lock.takenFrom).toMatchObject({ owner: { pid }, elsewhere: false });
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  test('is gone is taken, also where another process died while it took it over', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    await lockOf({ pid });
    await writeFile(`${path}.takeover`, await readFile(path));
    taken(await tryLock(path)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    [299, true],
    [301, false],
  ])(
    'lives, if it is not another process with its number, and is silent for %d s: respected? %s',
    async (seconds, respected) => {
      await lockOf({ started: undefined }, seconds);
      const attempt = await tryLock(path);
      if (respected) expect(attempt).toMatchObject({ holder: { elsewhere: false, owner: { pid: process.pid } } });
      else taken(attempt).release();
    },
  );

  test.skipIf(!linux)('has died, and whose number another process has now, is taken', async () => {
    await lockOf({ pid: process.pid, started: '1' });
    taken(await tryLock(path)).release();
  });

  test.skipIf(!linux)('ran before the system was started again is taken', async () => {
    await lockOf({ boot: '00000000-0000-0000-0000-000000000000' });
    taken(await tryLock(path)).release();
  });

  test.each([
    [299, true],
    [301, false],
  ])('is on another machine and silent for %d s: respected? %s', async (seconds, respected) => {
    await lockOf({ machine: 'elsewhere', pid: 1 }, seconds);
    const attempt = await tryLock(path);
    if (respected) expect(attempt).toMatchObject({ holder: { elsewhere: true, silentSeconds: expect.any(Number) } });
    else taken(attempt).release();
  });

  test('is on another machine whose clock is ahead is not silent for a negative time', async () => {
    await lockOf({ machine: 'elsewhere' }, -3600);
    expect(await tryLock(path)).toMatchObject({ holder: { silentSeconds: 0 } });
  });

  test.each([
    ['empty', ''],
    ['damaged', '{"token": '],
    ['of no process', JSON.stringify({ token: 'a'.repeat(32), pid: -1, machine: 'x', since: '2026-01-01T00:00:00Z' })],
    ['endless', 'x'.repeat(100_000)],
  ])('cannot be known, the file being %s, is judged by its signs of life', async (_, content) => {
    await writeFile(path, content);
    const refused = await tryLock(path);
    expect(refused).toMatchObject({ holder: { elsewhere: true } });
    expect(refused).not.toHaveProperty('holder.owner');
    await utimes(path, 0, 0);
    taken(await tryLock(path)).release();
  });
});

describe.skipIf(!linux)('a process', () => {
  test('that ended and is not yet waited for by its parent is dead', async () => {
    const shell = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
    expect(whereaboutsOf({ ...ownIdentity(), pid, started: undefined })).toBe('dead');
    shell.kill('SIGKILL');
  });

  test('with brackets and spaces in its name is known by its start', () => {
    expect(ownIdentity().started).toMatch(/^\d+$/);
    expect(whereaboutsOf(ownIdentity())).toBe('alive');
  });
});
