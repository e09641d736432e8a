import { readFile } from 'node:fs/promises';

/** Of `multiplyAndAdd` of assembly/limit.ts, a round. */
const OPERATIONS = 384;
/** A few milliseconds. */
const ROUNDS = 1_000_000;
const TRIALS = 40;

/** What a thread reaches at best with multiplications and additions of float32 in registers of WebAssembly, GFLOP/s. */
export async function machineLimit(now: () => number): Promise<number> {
  const module = await WebAssembly.compile(await readFile(new URL('../../build/limit.wasm', import.meta.url)));
  const { multiplyAndAdd } = new WebAssembly.Instance(module, {}).exports as {
    multiplyAndAdd: (rounds: number, seed: number) => number;
  };
  const seconds = Array.from({ length: TRIALS }, () => {
    const start = now();
    multiplyAndAdd(ROUNDS, 0.5);
    return (now() - start) / 1000;
  });
  return (OPERATIONS * ROUNDS) / Math.min(...seconds) / 1e9;
}
