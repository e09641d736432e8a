import { describe, expect, test } from 'vitest';
import { BENCHMARKS, commandOf, parseContestant } from '../../../src/bench/contestant.js';
import { withPythons } from '../../../src/bench/pythons.js';
import { LEDGER } from '../../fixtures/ledger.js';

describe('the name of a contestant', () => {
  test.each([
    ['wasm-2', 'wasm', 2, false],
    ['wasm-fma-2', 'wasm', 2, true],
    ['wasm-stock', 'wasm-stock', 1, false],
    ['wasm-stock-2', 'wasm-stock', 2, false],
    ['torch-16', 'torch', 16, false],
    ['js', 'js', 1, false],
  ])('%s is the backend %s with %i threads, fused multiply-add: %s', (name, backend, threads, fma) => {
    expect(parseContestant(name)).toEqual({ name, backend, threads, fma });
  });

  test.each(['', 'wasm-', 'wasm-0', '-1', 'WASM', 'wasm 1'])('"%s" is refused with examples', (name) => {
    expect(() => parseContestant(name)).toThrow(
      expect.objectContaining({
        code: 'E_USAGE',
        remedy: expect.stringContaining(BENCHMARKS.wasm.contestants.join(', ')),
      }),
    );
  });
});

test('PyTorch gets the Python that was asked for, a backend this Node', () => {
  const workload = { experiment: 'cnn-2', batch: 64 };
  const what = ['--threads', '2', '--experiment', 'cnn-2', '--batch', '64'];
  const torch = commandOf({ ...parseContestant('torch-2'), python: '/opt/python' }, workload);
  expect(torch).toEqual({
    file: '/opt/python',
    args: [expect.stringMatching(/reference.pytorch.steps\.py$/), ...what],
  });
  const wasm = commandOf(parseContestant('wasm-2'), workload);
  expect(wasm.file).toBe(process.execPath);
  expect(wasm.args.slice(1)).toEqual(['--backend', 'wasm', ...what]);
});

test('several Pythons are as many contestants, one keeps the name', () => {
  const contestants = ['wasm-1', 'torch-1', 'torch-2'].map(parseContestant);
  const namesOf = (...labels: string[]) =>
    withPythons(
      contestants,
      labels.map((label) => ({ file: `/opt/${label}`, label })),
    ).map(({ name, python }) => [name, python]);
  expect(namesOf('2.15')).toEqual([
    ['wasm-1', undefined],
    ['torch-1', '/opt/2.15'],
    ['torch-2', '/opt/2.15'],
  ]);
  expect(namesOf('1.13', '2.15').map(([name]) => name)).toEqual([
    'wasm-1',
    'torch-1.13-1',
    'torch-2.15-1',
    'torch-1.13-2',
    'torch-2.15-2',
  ]);
});

test('every workload is a recipe that trains', () => {
  for (const { workloads } of Object.values(BENCHMARKS)) {
    for (const { experiment } of workloads) expect(LEDGER.experiment(experiment).kind).toBe('training');
  }
});
