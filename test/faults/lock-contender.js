/**
 * A process that wants a lock. `once DIR`: tries once, as soon as there is a DIR/go, and keeps what it gets until there is a DIR/stop.
 * `loop DIR SEED`: until there is a DIR/stop, takes the lock again and again, proves that nobody else has it, and gives it back; or, one
 * time in five, dies with it. Prints a line for each lock it got.
 */
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import seedrandom from 'seedrandom';
import { tryLock } from '../../dist/files/lock.js';

const [mode, folder, seed] = process.argv.slice(2);
const path = join(folder, 'lock');
const is = (name) => existsSync(join(folder, name));

/** Throws if another process is between the two ends of this. */
async function alone(milliseconds) {
  const inside = join(folder, 'inside');
  closeSync(openSync(inside, 'wx'));
  await pause(milliseconds);
  rmSync(inside);
}

async function tryOnce() {
  process.stdout.write('ready\n');
  while (!is('go')) await pause(1);
  const { lock } = await tryLock(path);
  process.stdout.write(lock === undefined ? 'no\n' : lock.takenFrom ? 'got it from the dead\n' : 'got it\n');
  while (lock !== undefined && !is('stop')) await pause(10);
}

async function tryAgainAndAgain() {
  const random = seedrandom(seed);
  while (!is('stop')) {
    const { lock } = await tryLock(path);
    if (lock !== undefined) {
      process.stdout.write(lock.takenFrom ? 'dead\n' : 'free\n');
      await alone(3 * random());
      if (random() < 0.2) process.kill(process.pid, 'SIGKILL');
      lock.release();
    }
    await pause(3 * random());
  }
}

await (mode === 'once' ? tryOnce() : tryAgainAndAgain());
