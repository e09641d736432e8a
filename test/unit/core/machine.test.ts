import { describe, expect, test } from 'vitest';
import { machineDifferences, machineFacts, machineFactsInWords, machineKey } from '../../../src/core/machine.js';
import type { BackendDescription } from '../../../src/core/record.js';
import { ENVIRONMENT } from '../../fixtures/records/build.js';

const BACKEND: BackendDescription = {
  ...{ name: 'wasm', version: '4.22.0', device: 'Example CPU', threads: 2, variant: 'SIMD', ownKernels: [] },
};
const facts = machineFacts(ENVIRONMENT, BACKEND);
const differences = (
  environment: Partial<typeof ENVIRONMENT>,
  backend: Partial<BackendDescription> = {},
): readonly string[] =>
  machineDifferences(facts, machineFacts({ ...ENVIRONMENT, ...environment }, { ...BACKEND, ...backend }));

describe('the facts of a machine', () => {
  test('are the same for what is being compared: versions, commits, patches of Node', () => {
    const commit = 'a'.repeat(40);
    expect(differences({ cnnbench: '9.9.9', node: '20.99.0', commit, dirty: true }, { version: '5.0.0' })).toEqual([]);
  });

  test('are the same for a kernel that keeps some megabytes more', () => {
    expect(differences({ memory: ENVIRONMENT.memory - 50 * 2 ** 20 })).toEqual([]);
  });

  test.each([
    [{ platform: 'darwin' }, {}, 'platform: linux and darwin'],
    [{ arch: 'arm64' }, {}, 'architecture: x64 and arm64'],
    [{ cpu: 'Other CPU' }, {}, 'processor: Example CPU 2.50GHz and Other CPU'],
    [{ cores: 4 }, {}, 'cores: 2 and 4'],
    [{ memory: 2 ** 34 }, {}, 'memory: 8 GiB and 16 GiB'],
    [{ node: 'v22.1.0' }, {}, 'node: 20 and 22'],
    [{}, { name: 'cpu' as const }, 'backend: wasm and cpu'],
    [{}, { device: 'nvidia' }, 'device: Example CPU and nvidia'],
    [{}, { threads: 1 }, 'threads: 2 and 1'],
    [{}, { variant: 'SIMD, FMA' }, 'variant: SIMD and SIMD, FMA'],
    [{}, { library: 'libtensorflow 2.18.1' }, 'library: none and libtensorflow 2.18.1'],
  ])('differ for %j %j', (environment, backend, expected) => {
    expect(differences(environment, backend)).toEqual([expected]);
  });

  test('of a backend differ from those without', () => {
    expect(machineDifferences(machineFacts(ENVIRONMENT), facts)).toContain('threads: not known and 2');
  });

  test('have one key, in whatever order they come', () => {
    expect(machineKey(Object.fromEntries(Object.entries(facts).toReversed()))).toBe(machineKey(facts));
    expect(machineKey({ ...facts, cores: '3' })).not.toBe(machineKey(facts));
  });

  test('read as one line', () => {
    expect(machineFactsInWords(facts)).toBe('linux x64, Example CPU 2.50GHz, 2 cores, 8 GiB, Node 20, SIMD, 2 threads');
  });
});
