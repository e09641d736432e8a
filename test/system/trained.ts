import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { cnnbench, type CliResult } from './cnnbench.js';

declare module 'vitest' {
  interface ProvidedContext {
    trained: CliResult & { readonly out: string };
  }
}

/** An MLP, a CNN, a sheet of operations and an architecture on wasm and on the stand-in: many tests start from them. */
export const COMMAND = 'run mlp-2 cnn-2 ops-pooling lenet-5 --backend wasm --profile smoke --seeds 1 --out'.split(' ');

/** Trains once, before the tests of the project; vitest calls it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cwd = await mkdtemp(join(tmpdir(), 'cnnbench-trained-'));
  const env = { XDG_CACHE_HOME: join(cwd, 'cache'), CNNBENCH_OFFLINE: '1' };
  const result = await cnnbench([...COMMAND, 'out'], { cwd, env });
  project.provide('trained', { ...result, out: join(cwd, 'out') });
  return () => rm(cwd, { recursive: true, force: true });
}

/** What the run printed, its exit code and its folder, which nobody may write to. */
export const trained = () => inject('trained');

/** A copy of the run, for those who go on with it or break it. */
export async function copyOfTrained(folder: string): Promise<void> {
  await cp(trained().out, folder, { recursive: true });
}
