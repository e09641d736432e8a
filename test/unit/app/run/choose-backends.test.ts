import { describe, expect, test } from 'vitest';
import { chooseBackends } from '../../../../src/app/run/choose-backends.js';
import type { BackendName } from '../../../../src/core/cell.js';
import type { ProbeResult } from '../../../../src/runner/parent/probe-backend.js';

const { signal } = new AbortController();

/** Probes of a machine where these backends work. */
const machine =
  (working: readonly (BackendName | 'software webgpu')[]) =>
  (name: BackendName): Promise<ProbeResult> => {
    const software = name === 'webgpu' && working.includes('software webgpu');
    if (!software && !working.includes(name)) {
      return Promise.resolve({ name, works: false, reason: `no ${name}`, remedy: 'Buy one.' });
    }
    const facts = { version: '1', device: 'a device', threads: 1, variant: '', ownKernels: [] };
    const description = { name, ...facts, ...(software && { software: true as const }) };
    return Promise.resolve({ name, works: true, description, gigaflops: 1, missingKernels: [] });
  };

const choose = async (words: readonly string[] | undefined, ...working: Parameters<typeof machine>[0]) => {
  const chosen = await chooseBackends(words, signal, machine(working));
  for (const { name, description } of chosen) expect(description).toMatchObject({ name, version: '1' });
  return chosen.map(({ name, software }) => ({ name, software }));
};

describe('chooseBackends', () => {
  test('takes a GPU by default, and js only when it is named', async () => {
    expect(await choose(undefined, 'wasm', 'webgpu', 'js')).toEqual([
      { name: 'wasm', software: false },
      { name: 'webgpu', software: false },
    ]);
  });

  test('takes software rendering only when it is named', async () => {
    expect(await choose(undefined, 'wasm', 'software webgpu')).toEqual([{ name: 'wasm', software: false }]);
    expect(await choose(['webgpu,wasm'], 'wasm', 'software webgpu')).toEqual([
      { name: 'webgpu', software: true },
      { name: 'wasm', software: false },
    ]);
  });

  test('has nothing to run with software rendering alone', async () => {
    await expect(choose(undefined, 'software webgpu')).rejects.toMatchObject({
      code: 'E_NO_BACKEND',
      remedy: 'Run "cnnbench doctor" to see why and how to fix it.',
    });
  });

  test('refuses a named one that does not work, with its reason', async () => {
    await expect(choose(['wasm', 'webgpu'], 'wasm')).rejects.toMatchObject({
      code: 'E_BACKEND_UNAVAILABLE',
      message: 'the backend webgpu does not work here: no webgpu',
      remedy: 'Buy one.',
    });
  });
});
