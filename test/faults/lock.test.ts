import { spawn, spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tryLock } from '../../src/files/lock.js';
import { ownIdentity } from '../../src/files/process-identity.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';
import { LONG, SEED } from './seed.js';

const CONTENDER = fileURLToPath(new URL('./lock-contender.js', import.meta.url));

/** Starts a contender; resolves with its error output when it has ended. */
function contend(args: readonly string[], onLine: (line: string) => void): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CONTENDER, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    createInterface(child.stdout).on('line', onLine);
    child.on('close', () => resolve(stderr));
  });
}

/** A machine that is busy with other things is slow, and nothing else. */
const TIMEOUT = LONG ? 1_800_000 : 300_000;

const CONTENDERS = LONG ? 24 : 8;

test.each(Array.from({ length: LONG ? 20 : 2 }, (_, round) => round))(
  'of many processes that find a dead owner at the same time, exactly one gets the lock: round %d',
  { tags: 'slow', timeout: TIMEOUT },
  async () => {
    const folder = await temporaryFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const dead = { token: '0'.repeat(32), ...ownIdentity(), pid, since: new Date().toISOString() };
    await writeFile(join(folder, 'lock'), JSON.stringify(dead));
    const said: string[] = [];
    const onLine = (line: string) => {
      said.push(line);
      if (said.length === CONTENDERS) void writeFile(join(folder, 'go'), '');
      if (said.length === 2 * CONTENDERS) void writeFile(join(folder, 'stop'), '');
    };
    const errors = await Promise.all(Array.from({ length: CONTENDERS }, () => contend(['once', folder], onLine)));
    expect(errors.join('')).toBe('');
    const answers = said.filter((line) => line !== 'ready').sort();
    expect(answers).toEqual(['got it from the dead', ...new Array<string>(CONTENDERS - 1).fill('no')]);
    expect((await readdir(folder)).sort()).toEqual(['go', 'stop']);
  },
);

test(
  'no two processes ever have a lock at once, however many die with it',
  { tags: 'slow', timeout: TIMEOUT },
  async () => {
    const folder = await temporaryFolder();
    const deaths = LONG ? 300 : 8;
    const taken: Record<string, number> = { free: 0, dead: 0 };
    let stopped = false;
    const onLine = (line: string) => {
      taken[line] = (taken[line] ?? 0) + 1;
      if (taken['dead'] !== deaths || stopped) return;
      stopped = true;
      void writeFile(join(folder, 'stop'), '');
    };
    const keepContending = async (name: number) => {
      for (let life = 0; !stopped; life++) {
        expect(await contend(['loop', folder, `${SEED}/${name}/${life}`], onLine)).toBe('');
      }
    };
    await Promise.all(Array.from({ length: 4 }, (_, name) => keepContending(name)));
    const { free, dead } = taken;
    process.stdout.write(`lock: ${free} times taken when free, ${dead} times from the dead, seed ${SEED}\n`);
    const last = await tryLock(join(folder, 'lock'));
    last.lock?.release();
    expect((await readdir(folder)).filter((name) => name.startsWith('lock') && !name.endsWith('.tmp'))).toEqual([]);
  },
);
