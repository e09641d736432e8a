import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { summarySchema } from '../../src/core/summary.js';
import { BIN } from './cnnbench.js';
import { world } from './world.js';

/** A run of two cells of the fake backend: the first does what `script` says of mlp-1, the second completes. */
async function twoCells(script: string, ...more: string[]) {
  const here = await world(script);
  const common = ['--backend', 'fake', '--profile', 'smoke', '--seeds', '1', '--out', 'out'];
  return { ...here, args: ['run', 'mlp-1', 'mlp-2', ...common, ...more] };
}

/** Runs both cells and returns the first as the summary on stdout has it, having checked that the second is untouched. */
async function firstCell(behaviour: string, more: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { args, call, records } = await twoCells(`mlp-1=${behaviour}`, '--json', ...more);
  const result = await call(args, env);
  const [first, second] = summarySchema.parse(JSON.parse(result.stdout)).cells;
  expect(second).toMatchObject({ experiment: 'mlp-2', outcome: 'completed' });
  expect(await records()).toHaveLength(2);
  return { code: result.code, outcome: first?.outcome, reason: first?.reason };
}

describe('a cell that dies is recorded with what it died of, and takes nothing with it:', () => {
  const died = async ([behaviour, reason]: readonly [string, RegExp]) =>
    expect(await firstCell(behaviour)).toEqual({ code: 1, outcome: 'crashed', reason: expect.stringMatching(reason) });
  test.for([
    ['crash', /^its process exited with code 13 without a result; its last words: scripted crash$/],
    ['segfault', /^its process was killed by SIGSEGV \(a segmentation fault in native code\)$/],
    ['garbage', /it sent an invalid message: \{"type":"nonsense"\}/],
  ] as const)('%s', died);
  test.for([
    ['leave', /^its process exited with code 0 without a result$/],
    ['throw', /exited with code 1 .*Error: nobody catches this at/],
    ['abort', /killed by SIGABRT \(it aborted\)/],
    ['kill', /^its process was killed by SIGKILL \(killed from outside, perhaps by the system for lack of memory\)$/],
    ['malformed', /it sent an invalid message: a line that is not valid JSON: /],
    ['internal', /it sent an invalid message: \{"cmd":"NODE_HANDLE_ACK"\}/],
    ['endless', /it sent an invalid message: a message of more than 64 MiB/],
    ['hasty', /it sent an invalid message: unexpected "step"/],
  ] as const)('%s', { tags: 'slow' }, died);

  test("heap: JavaScript's memory is full", { tags: 'slow' }, async () => {
    const { outcome, reason } = await firstCell('heap', [], { NODE_OPTIONS: '--max-old-space-size=80' });
    expect(outcome).toBe('crashed');
    expect(reason).toMatch(/\(the JavaScript heap is full\); its last words: .*JavaScript heap out of memory$/);
  });

  test.skipIf(process.platform === 'win32')(
    'hoard: more memory than --memory allows, none of it in V8',
    { tags: 'slow' },
    async () => {
      const { outcome, reason } = await firstCell('hoard', ['--memory', '512MiB', '--timeout', '60']);
      expect(outcome).toBe('crashed');
      expect(reason).toMatch(/^it used \d+ MiB of memory; --memory allows 512 MiB$/);
    },
  );

  const tooLong = async (behaviour: string) => {
    const reason = 'not finished after 5 s; raise the limit with --timeout';
    expect(await firstCell(behaviour, ['--timeout', '5'])).toEqual({ code: 1, outcome: 'timed-out', reason });
  };
  test.for(['hang'])('%s: no end in time', tooLong);
  test.for(['busy', 'torrent'])('%s: no end in time', { tags: 'slow' }, tooLong);

  test.skipIf(process.platform === 'win32')(
    'grandchild: a process that it left behind holds its output',
    { tags: 'slow' },
    async () => {
      const started = performance.now();
      expect(await firstCell('grandchild')).toMatchObject({
        outcome: 'crashed',
        reason: expect.stringContaining('code 13'),
      });
      // It sleeps for 60 s.
      expect(performance.now() - started).toBeLessThan(50_000);
    },
  );
});

describe('a cell may', () => {
  test.each([
    ['noise', 'print megabytes, control characters and JSON of its own'],
    ['flood', 'send a hundred thousand messages'],
    ['twice', 'end twice; the first end counts'],
  ])('%s: %s', { tags: 'slow' }, async (behaviour) => {
    expect(await firstCell(behaviour)).toEqual({ code: 0, outcome: 'completed', reason: undefined });
  });
});

test('nothing that a cell prints is seen on stdout or stderr of the run', async () => {
  const { args, call } = await twoCells('mlp-1=noise');
  const { stdout, stderr } = await call(args);
  expect(stdout + stderr).not.toMatch(/noise|\u001b|\u0000/); // eslint-disable-line no-control-regex
});

test.skipIf(process.platform !== 'linux')(
  'a cell is what Linux ends first when memory runs out',
  { tags: 'slow' },
  async () => {
    const { args, start, records } = await twoCells('mlp-2=hang');
    const { child, result } = start(args);
    await until(async () => (await records()).length === 1 && childrenOf(child.pid!).length === 1);
    const adjustment = (pid: number) => readFile(`/proc/${pid}/oom_score_adj`, 'utf8');
    await until(async () => Number(await adjustment(childrenOf(child.pid!)[0]!)) === 1000);
    expect(Number(await adjustment(child.pid!))).toBeLessThan(1000);
    child.kill('SIGINT');
    await result;
  },
);

describe('an interrupted run', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'ends on %s with 130, finished cells on disk, no process',
    async (signal) => {
      const { args, call, start, records } = await twoCells('mlp-2=busy');
      const { child, result } = start(args);
      await until(async () => (await records()).length === 1 && childrenOf(child.pid!).length === 1);
      const children = childrenOf(child.pid!);
      child.kill(signal);
      const { code, stdout, stderr } = await result;
      expect(code).toBe(130);
      expect(stdout).toBe('');
      expect(stderr).toContain(
        'cnnbench: interrupted [E_INTERRUPTED]\n' +
          '  Finished cells are saved: run the same command again to resume.\n',
      );
      expect(children.filter(isRunning)).toEqual([]);
      expect(await records()).toEqual(['mlp-1.fake.smoke.seed1.json']);
      const again = await call(args, { CNNBENCH_FAKE: '' });
      expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('1 cell to run, 1 already done')]);
    },
  );

  test('leaves no process behind when it is killed itself', { tags: 'slow' }, async () => {
    const { args, start } = await twoCells('mlp-1=hang');
    const { child, result } = start(args);
    await until(() => childrenOf(child.pid!).length === 1);
    const children = childrenOf(child.pid!);
    child.kill('SIGKILL');
    await result;
    await until(() => !children.some(isRunning));
  });

  const hasTerminal = process.platform === 'linux' && existsSync('/usr/bin/script');
  test.skipIf(!hasTerminal)(
    'erases its live line on a terminal, where Ctrl-C reaches the cell, too',
    { tags: 'slow' },
    async () => {
      const { args, cwd, env, records } = await twoCells('mlp-2=hang');
      const command = [process.execPath, BIN, ...args].join(' ');
      const terminal = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
        cwd,
        env: { ...process.env, ...env },
      });
      let seen = '';
      terminal.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      const ended = new Promise((resolve) => terminal.on('close', resolve));
      await until(async () => (await records()).length === 1 && seen.includes('[2/2] mlp-2 fake seed 1  epoch 1/3'));
      terminal.stdin.write('\u0003');
      expect(await ended).toBe(130);
      expect(seen.split('\r\u001b[2K').at(-1)).toBe(
        'cnnbench: interrupted [E_INTERRUPTED]\r\n' +
          '  Finished cells are saved: run the same command again to resume.\r\n',
      );
    },
  );
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await pause(50);
  }
  throw new Error('it never came to that');
}

function childrenOf(parent: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [pid, ppid, state] = line.trim().split(/\s+/);
    return Number(ppid) === parent && !state?.startsWith('Z') ? [Number(pid)] : [];
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
