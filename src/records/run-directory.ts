import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeckFile } from '../core/deck.js';
import { CnnbenchError, messageOf } from '../core/errors.js';
import { SCHEMA_VERSION } from '../core/record.js';
import { shardInWords, type Shard } from '../core/shard.js';
import { steadily } from '../files/steadily.js';
import { isTemporary, removeTemporaryFiles } from './atomic.js';
import { copiesOf, writeDeckCopies } from './deck-copies.js';
import { CHECKPOINTS, removeCheckpoints } from './checkpoint-files.js';
import { lockRun, RUN_LOCK, type RunLock } from './lock.js';
import { readManifest, writeManifest, type RunManifest, type RunPlan } from './manifest.js';

export interface RunDirectory {
  readonly path: string;
  readonly manifest: RunManifest;
  /** Whether the folder held a run of this plan already. */
  readonly resumed: boolean;
  /** Keeps other runs out of the folder until this process ends. */
  readonly lock: RunLock;
}

export interface OpenOptions extends RunPlan {
  /** The folder given with --out. */
  readonly out?: string | undefined;
  /** Where runs go without --out. */
  readonly root: string;
  /** Run every cell again. Old records are kept aside, never deleted; checkpoints are removed. */
  readonly fresh: boolean;
  /** Files that its experiments and claims come from: copied into the folder. */
  readonly decks?: readonly DeckFile[];
  readonly now: Date;
  /** Gets one line for what a user should know. */
  readonly onNotice?: (line: string) => void;
}

/**
 * The folder a run writes to, locked. With --out that folder, whatever it holds of the same plan is resumed; without it the
 * newest unfinished run of the same plan below `root` that no other process is on, else a new folder named by time and id.
 * Temporary files that a killed run left there are removed.
 *
 * @throws CnnbenchError E_OUT_LOCKED where another run writes to the folder of --out; E_OUT_UNWRITABLE; E_OUT_FOREIGN where
 * --out is a folder with other things in it, with a run that is judged at other numbers of seeds, or with another shard
 */
export async function openRunDirectory(options: OpenOptions): Promise<RunDirectory> {
  const id = `${timestamp(options.now)}-${randomBytes(3).toString('hex')}`;
  const { path, lock } = await claim(options, id);
  try {
    return { path, lock, ...(await prepare(path, id, options)) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Claimed {
  readonly path: string;
  readonly lock: RunLock;
}

async function claim(options: OpenOptions, id: string): Promise<Claimed> {
  const { out, root, fresh, onNotice } = options;
  if (out !== undefined) return lockFolder(out, onNotice);
  const claimed = (fresh ? undefined : await claimUnfinished(options)) ?? (await lockFolder(join(root, id), onNotice));
  await ignoreInGit(root);
  return claimed;
}

/** Runs are of one machine and grow: none gets into a repository by "git add .". Whoever wants them there changes the file. */
async function ignoreInGit(root: string): Promise<void> {
  const text = '# Made by cnnbench: runs are published by "cnnbench publish", not by adding them here.\n*\n';
  await writeFile(join(root, '.gitignore'), text, { flag: 'wx' }).catch(() => undefined);
}

/** The newest unfinished run of a plan that nobody is on. */
async function claimUnfinished({ root, planId, shard, onNotice }: OpenOptions): Promise<Claimed | undefined> {
  const isUnfinished = async (path: string) => {
    const manifest = await readManifest(path).catch(() => undefined);
    return manifest?.planId === planId && !manifest.finished && isSameShard(manifest.shard, shard);
  };
  const names = await readdir(root).catch(() => []);
  for (const name of names.sort().reverse()) {
    const path = join(root, name);
    if (!(await isUnfinished(path))) continue;
    try {
      const claimed = await lockFolder(path, onNotice);
      if (await isUnfinished(path)) return claimed;
      claimed.lock.release(); // Another process finished it just before it was locked.
    } catch (error) {
      if (!(error instanceof CnnbenchError && error.code === 'E_OUT_LOCKED')) throw error;
      onNotice?.(`note: ${error.message}; this run starts over`);
    }
  }
  return undefined;
}

async function lockFolder(path: string, onNotice: OpenOptions['onNotice']): Promise<Claimed> {
  if ((await readManifest(path)) === undefined) await refuseForeign(path);
  try {
    await makeFolder(path);
    return { path, lock: await lockRun(path, onNotice) };
  } catch (error) {
    throw error instanceof CnnbenchError ? error : unwritable(path, error);
  }
}

async function prepare(
  path: string,
  id: string,
  options: OpenOptions,
): Promise<Pick<RunDirectory, 'manifest' | 'resumed'>> {
  for (const folder of ['.', 'records', 'trace', CHECKPOINTS]) await removeTemporaryFiles(join(path, folder));
  const existing = await readManifest(path);
  if (existing !== undefined && options.fresh) {
    await setAside(path, options.now);
    await removeCheckpoints(path);
  }

  const resumed = existing !== undefined && !options.fresh;
  if (resumed) {
    refuseOtherLooks(path, existing.looks, options.looks);
    refuseOtherShard(path, existing.shard, options.shard);
  }
  const started = { id, startedAt: options.now.toISOString() };
  const { planId, command, cells, looks, settings, sweep, shard } = options;
  const manifest: RunManifest = {
    schemaVersion: SCHEMA_VERSION,
    ...(resumed ? { id: existing.id, startedAt: existing.startedAt } : started),
    ...{ planId, command, cells, looks, settings, finished: false, sweep, shard },
    ...(options.decks?.length && { decks: copiesOf(options.decks) }),
  };
  try {
    // In this order: a folder with anything but a lock in it and without a plan is none of ours.
    await writeManifest(path, manifest);
    await makeFolder(join(path, 'records'));
    await writeDeckCopies(path, options.decks ?? [], options.onNotice);
  } catch (error) {
    throw unwritable(path, error);
  }
  return { manifest, resumed };
}

function unwritable(path: string, cause: unknown): CnnbenchError {
  const message = `cannot write to ${path}: ${messageOf(cause)}`;
  return new CnnbenchError('E_OUT_UNWRITABLE', message, 'Choose a folder you can write to with --out.', { cause });
}

/** Adds the cells of the next look to the plan of a run. */
export async function planMore(directory: RunDirectory, cells: readonly string[]): Promise<RunDirectory> {
  const manifest = { ...directory.manifest, cells: [...new Set([...directory.manifest.cells, ...cells])] };
  await writeManifest(directory.path, manifest);
  return { ...directory, manifest };
}

export async function markFinished(directory: RunDirectory): Promise<void> {
  await writeManifest(directory.path, { ...directory.manifest, finished: true });
}

/** Like mkdir -p. Node's own `recursive` never ends below /proc and its like, where mkdir says ENOENT of a parent that exists. */
async function makeFolder(path: string): Promise<void> {
  const tryOnce = () =>
    mkdir(path).then(
      () => undefined,
      (error: unknown) => error as NodeJS.ErrnoException,
    );
  const first = await tryOnce();
  if (first?.code === 'ENOENT' && dirname(path) !== path) await makeFolder(dirname(path));
  const error = first?.code === 'ENOENT' ? await tryOnce() : first;
  if (error !== undefined && !(error.code === 'EEXIST' && (await stat(path)).isDirectory())) throw error;
}

/** Whoever looked at seeds along the way may not call them fixed beforehand, nor the other way round. */
function refuseOtherLooks(
  path: string,
  there: readonly number[] | undefined,
  wanted: readonly number[] | undefined,
): void {
  if (there?.join() === wanted?.join()) return;
  const inWords = (looks: readonly number[] | undefined) =>
    looks === undefined ? 'once, after all seeds' : `at ${looks.join(', ')} seeds`;
  throw new CnnbenchError(
    'E_OUT_FOREIGN',
    `${path} has a run that is judged ${inWords(there)}; this one would be judged ${inWords(wanted)}`,
    'Use the same --until-decided and --max-seeds, choose another folder with --out, or run every cell again with --fresh.',
  );
}

function isSameShard(one: Shard | undefined, other: Shard | undefined): boolean {
  return one?.index === other?.index && one?.count === other?.count;
}

function refuseOtherShard(path: string, there: Shard | undefined, wanted: Shard | undefined): void {
  if (isSameShard(there, wanted)) return;
  const inWords = (shard: Shard | undefined) => (shard === undefined ? 'a whole plan' : shardInWords(shard));
  throw new CnnbenchError(
    'E_OUT_FOREIGN',
    `${path} has a run of ${inWords(there)}; this one would be of ${inWords(wanted)}`,
    'Give each shard its own folder with --out, and merge them with "cnnbench merge".',
  );
}

/** A lock and temporary files are what a run leaves that is killed before it has written its plan. */
async function refuseForeign(path: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new CnnbenchError(
      'E_OUT_UNWRITABLE',
      `cannot use ${path}: ${messageOf(error)}`,
      'Choose a folder with --out.',
      {
        cause: error,
      },
    );
  }
  if (names.some((name) => name !== RUN_LOCK && !name.startsWith(`${RUN_LOCK}.`) && !isTemporary(name))) {
    throw new CnnbenchError(
      'E_OUT_FOREIGN',
      `${path} is not empty and contains no cnnbench run`,
      'Choose a new or empty folder with --out, or that of an earlier run.',
    );
  }
}

/** Moves the records of a run aside; a result is never deleted. */
async function setAside(path: string, now: Date): Promise<void> {
  const aside = join(path, `records-before-${timestamp(now)}-${randomBytes(2).toString('hex')}`);
  await steadily(() => rename(join(path, 'records'), aside)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}

/** `20261121T021530Z`: sorts by time and is a safe file name. */
function timestamp(now: Date): string {
  return now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
