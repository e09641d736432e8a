import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../fixtures/wasm/start.mjs', import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly report: Record<string, unknown>;
}

/** Runs the program in a process of its own. One that does not end by itself is killed, and its exit code is null. */
function start(...args: (string | number)[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, ...args.map(String)], { timeout: 30_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      if (stdout === '') reject(new Error(`exit code ${code}, nothing on stdout: ${stderr}`));
      else resolve({ code, report: JSON.parse(stdout) as Record<string, unknown> });
    });
  });
}

/** Of the chain of the program, on the build that tfjs itself starts. */
const single = start('single', 1);

describe('startWasm', () => {
  test('single: as tfjs starts it, with unshared memory and no thread', async () => {
    const { code, report } = await single;
    expect(code).toBe(0);
    expect(report).toMatchObject({
      used: 1,
      workers: 0,
      shared: false,
      isTheHeap: true,
      importable: false,
      restored: true,
    });
  });

  test.for([1, 2, 4])('threaded, %i threads: same bits as single, shared memory, the process ends', async (threads) => {
    const { code, report } = await start('threaded', threads);
    const { first } = (await single).report;
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      version: '4.22.0',
      used: threads,
      workers: threads - 1,
      shared: true,
      isTheHeap: true,
      importable: true,
      restored: true,
      sameBackend: true,
      filled: true,
      first,
      afterGrowth: first,
      other: { code: 'E_BACKEND_UNAVAILABLE' },
    });
    expect(report['grownBy']).toBeGreaterThan(0);
  });

  test('takes as many threads as XNNPACK does', async () => {
    const { code, report } = await start('threaded', 12);
    expect(code).toBe(0);
    expect(report).toMatchObject({ used: 8, workers: 7, first: (await single).report['first'] });
  });

  test.for([
    ['refused', 'no threads here'],
    ['dying', 'died young'],
    ['leaving', 'a thread ended with exit code 7'],
    ['silent', 'no answer within 1 s'],
  ] as const)('threads that cannot work (%s) are an error, and the other build still starts', async ([fault, why]) => {
    const { code, report } = await start('threaded', 3, fault);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      failure: {
        code: 'E_BACKEND_UNAVAILABLE',
        message: expect.stringContaining(why),
        remedy: 'Use fewer threads: --threads 1 starts none besides the main one.',
      },
      restored: true,
      afterwards: (await single).report['first'],
    });
  });

  test('a thread that ends later ends the process instead of leaving it waiting', async () => {
    const { code, report } = await start('threaded', 2, 'killed');
    expect(code).toBe(1);
    expect(report).toMatchObject({ uncaught: { code: 'E_BACKEND_UNAVAILABLE' } });
  });
});
