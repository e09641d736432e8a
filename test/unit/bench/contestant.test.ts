import { describe, expect, test } from 'vitest';
import { BENCHMARKS, commandOf, parseContestant } from '../../../src/bench/contestant.js';
import { findExperiment } from '../../../src/suites/recipe.js';

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
  const torch = commandOf(parseContestant('torch-2'), workload, '/opt/python');
  expect(torch).toEqual({
    file: '/opt/python',
    args: [expect.stringMatching(/reference.pytorch.steps\.py$/), ...what],
  });
  const wasm = commandOf(parseContestant('wasm-2'), workload, '/opt/python');
  expect(wasm.file).toBe(process.execPath);
  expect(wasm.args.slice(1)).toEqual(['--backend', 'wasm', ...what]);
});

test('every workload is a recipe that trains', () => {
  for (const { workloads } of Object.values(BENCHMARKS)) {
    for (const { experiment } of workloads) expect(findExperiment(experiment).kind).toBe('training');
  }
});
