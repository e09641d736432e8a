import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ownIdentity, whereaboutsOf } from './process-identity.js';
import { steadily } from './steadily.js';

/** How often the owner of a lock gives a sign of life, milliseconds. */
const HEARTBEAT_MS = 30_000;

/** Silence after which an owner that cannot be looked at counts as dead, milliseconds. */
export const DEAD_AFTER_MS = 300_000;

/** Far more than a lock file has, bytes: what is longer is none. */
const LARGEST = 4096;

/** How often `waitForLock` tries, milliseconds. */
const RETRY_MS = 200;

/** What a lock file says. */
const ownerSchema = z.strictObject({
  token: z.string().regex(/^[0-9a-f]{32}$/),
  pid: z.int().positive(),
  started: z.string().max(30).optional(),
  boot: z.string().max(50).optional(),
  machine: z.string().max(20),
  /** When the lock was taken. */
  since: z.iso.datetime(),
});
type Owner = z.infer<typeof ownerSchema>;

/** Who has a lock that is not to be had. */
export interface Holder {
  /** Absent where the lock file cannot be read. */
  readonly owner?: Pick<Owner, 'pid' | 'since'>;
  /** Whether the owner cannot be looked at from here, so that only its signs of life count. */
  readonly elsewhere: boolean;
  /** Seconds since its last sign of life. */
  readonly silentSeconds: number;
}

/** A lock that this process has, until it is released or the process ends. */
export interface FileLock {
  /** The dead owner it was taken from. */
  readonly takenFrom?: Holder;
  /** Aborted if the lock file is gone or another's. */
  readonly lost: AbortSignal;
  readonly release: () => void;
}

/** A lock, or who has it. */
export type Attempt = { readonly lock: FileLock } | { readonly lock?: never; readonly holder: Holder };

export interface LockOptions {
  /** Default 30,000. */
  readonly heartbeatMs?: number;
}

/** A lock file as it was found. */
interface Found extends Holder {
  readonly text: string;
  readonly dead: boolean;
}

/**
 * Takes a lock: makes the file `path`, unless it is there and its owner lives. Of all the processes that find a dead
 * owner at once, one gets the lock: only who has the lock `<path>.takeover` may replace a dead owner's file, and looks again before.
 * docs/decisions/0011-run-lock.md has the alternatives.
 *
 * @throws what the file system says where no file can be made
 */
export async function tryLock(path: string, options: LockOptions = {}): Promise<Attempt> {
  const owner: Owner = { token: randomBytes(16).toString('hex'), ...ownIdentity(), since: new Date().toISOString() };
  const text = `${JSON.stringify(owner)}\n`;
  const candidate = `${path}.${owner.token.slice(0, 8)}.${process.pid}.tmp`;
  try {
    await writeFile(candidate, text, { flag: 'wx' });
    for (;;) {
      // On Windows a file that is being removed is in the way until nobody has it open any more.
      if (await steadily(() => appear(candidate, path, text))) return { lock: hold(path, text, options) };
      const found = await steadily(() => lookAt(path));
      if (found === undefined) continue;
      if (!found.dead) return { holder: found };
      const guard = await tryLock(`${path}.takeover`, options);
      if (guard.lock === undefined) return guard;
      try {
        const again = await steadily(() => lookAt(path));
        if (again?.text !== found.text || !again.dead) continue;
        await steadily(() => rename(candidate, path));
        return { lock: hold(path, text, options, found) };
      } finally {
        guard.lock.release();
      }
    }
  } finally {
    await steadily(() => rm(candidate, { force: true }));
  }
}

/**
 * Takes a lock as soon as it is free.
 *
 * @param onWait called once if another process has it
 * @throws the reason of `signal` when that is aborted; what `tryLock` throws
 */
export async function waitForLock(
  path: string,
  { signal, onWait }: { readonly signal?: AbortSignal | undefined; readonly onWait?: (holder: Holder) => void } = {},
): Promise<FileLock> {
  for (let tries = 0; ; tries++) {
    const taken = await tryLock(path);
    if (taken.lock !== undefined) return taken.lock;
    if (tries === 0) onWait?.(taken.holder);
    await pause(RETRY_MS);
    signal?.throwIfAborted();
  }
}

/** Makes `path` with all its content in one step. @returns whether it did; not where `path` is there already */
async function appear(candidate: string, path: string, text: string): Promise<boolean> {
  try {
    await link(candidate, path).catch(async (error: unknown) => {
      if (codeOf(error) === 'EEXIST') throw error;
      // A file system without hard links: for a moment the file is empty, which counts as a living owner.
      await writeFile(path, text, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What is known of the owner of a lock file; nothing where there is no file. */
async function lookAt(path: string): Promise<Found | undefined> {
  try {
    const { mtimeMs, size } = await stat(path);
    const text = size > LARGEST ? '' : await readFile(path, 'utf8');
    const silentMs = Date.now() - mtimeMs;
    const owner = ownerOf(text);
    const whereabouts = owner === undefined ? 'elsewhere' : whereaboutsOf(owner);
    const elsewhere = whereabouts === 'elsewhere';
    // Without its start, a process that lives may be another one that has got its number, as after a restart of the system.
    const isSure = !elsewhere && (whereabouts === 'dead' || owner?.started !== undefined);
    const dead = isSure ? whereabouts === 'dead' : silentMs > DEAD_AFTER_MS;
    return { text, dead, elsewhere, silentSeconds: Math.max(0, silentMs / 1000), ...(owner && { owner }) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerOf(text: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Keeps a lock that was taken, and gives it back when the process ends, however it ends but by SIGKILL. */
function hold(path: string, text: string, { heartbeatMs = HEARTBEAT_MS }: LockOptions, takenFrom?: Holder): FileLock {
  const lost = new AbortController();
  const beat = async () => {
    const there = await readFile(path, 'utf8').catch((error: unknown) => (codeOf(error) === 'ENOENT' ? '' : text));
    if (there === text) return utimes(path, new Date(), new Date()).catch(() => undefined);
    clearInterval(timer);
    lost.abort();
  };
  const timer = setInterval(() => void beat(), heartbeatMs).unref();
  const release = () => {
    clearInterval(timer);
    process.off('exit', release);
    removeOwn(path, text);
  };
  process.once('exit', release);
  return { lost: lost.signal, release, ...(takenFrom && { takenFrom }) };
}

/** Never throws: where the file cannot be removed, its owner is dead soon. */
function removeOwn(path: string, text: string): void {
  try {
    if (readFileSync(path, 'utf8') === text) rmSync(path);
  } catch {
    // It is gone, or its folder is.
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
