import type { ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { world } from '../system/world.js';

/** Runs of the scripted backend; what one of them keeps elsewhere goes to `temporary`. */
export async function faultyWorld(script = '') {
  const here = await world(script);
  const temporary = await temporaryFolder();
  const command = (words: readonly string[], out: string) =>
    ['run', ...words, '--backend', 'fake', '--profile', 'smoke', '--seeds', '1', '--out', out] as const;
  return {
    ...here,
    temporary,
    /** Starts `run WORDS --out OUT`. */
    start: (words: readonly string[], out: string, more: Readonly<Record<string, string>> = {}) =>
      here.start(command(words, out), { TMPDIR: temporary, ...more }),
    run: (words: readonly string[], out: string, more: Readonly<Record<string, string>> = {}) =>
      here.call(command(words, out), { TMPDIR: temporary, ...more }),
  };
}

/** The files of a folder and those below it, by their paths in it. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Waits until a process has said something on stderr: a run says `[1/2]` once a record is on disk and the next cell begins. */
export async function untilSaid(child: ChildProcess, words: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(() => said.includes(words));
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error('it never came to that');
}
