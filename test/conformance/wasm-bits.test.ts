import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../fixtures/wasm/train.mjs', import.meta.url));

/** Trains in a process of its own; one that does not end by itself is killed, which is an error. */
async function train(threads: number): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, String(threads)], { timeout: 60_000 });
  return JSON.parse(stdout);
}

const first = train(1);

test('training gives two models, by our module', async () => {
  const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(await first).toEqual({ fallback: null, mlp: digest, cnn: digest });
});

test.for([1, 2, 4])('training again, on %i threads, gives the same bits, and the process ends', async (threads) => {
  expect(await train(threads)).toEqual(await first);
});
