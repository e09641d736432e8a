import { describe, expect, test } from 'vitest';
import {
  idleCpuSeconds,
  imagesPerSecond,
  kernelShares,
  outsideKernels,
  processorsUsed,
  resultOf,
  speedRatio,
  spread,
  type Measured,
} from '../../../src/bench/statistics.js';
import { block, failed, measured, workload } from './fixture.js';

describe('a spread', () => {
  test('is the median between the ends, whatever the order', () => {
    expect(spread([5, 1, 3])).toEqual({ median: 3, lowest: 1, highest: 5 });
    expect(spread([4, 1])).toEqual({ median: 2.5, lowest: 1, highest: 4 });
  });

  test('is absent for an empty sample', () => {
    expect(spread([])).toBeUndefined();
  });
});

test('the speed of a block counts the images of all its steps', () => {
  expect(imagesPerSecond(block([0.25, 0.75]), 64)).toBe(128);
});

describe('the ratio of two contestants', () => {
  const pair = workload('mlp-2', 64, [
    measured('wasm-1', [block([1]), block([4]), block([10])]),
    measured('torch-1', [block([0.5, 0.5]), block([2, 2]), block([2.5, 2.5])]),
    failed('wasm-stock', 'no such kernel'),
  ]);

  test('is taken round by round, so that a slow spell cancels out', () => {
    expect(speedRatio(pair, 'wasm-1', 'torch-1')).toEqual({ median: 0.5, lowest: 0.25, highest: 0.5 });
    expect(speedRatio(pair, 'torch-1', 'wasm-1')).toEqual({ median: 2, lowest: 2, highest: 4 });
  });

  test('is absent where one failed or did not take part', () => {
    expect(speedRatio(pair, 'wasm-1', 'wasm-stock')).toBeUndefined();
    expect(speedRatio(pair, 'wasm-1', 'wasm-2')).toBeUndefined();
  });
});

describe('a traced block', () => {
  const traced = block([0.01, 0.03], { kernelSeconds: [{ Add: 0.004, MatMul: 0.005 }, { MatMul: 0.02 }] });

  test('tells what no kernel accounts for, in milliseconds a step', () => {
    const { median, lowest, highest } = outsideKernels(traced) ?? { median: NaN, lowest: NaN, highest: NaN };
    expect([median, lowest, highest].map((value) => value.toFixed(6))).toEqual(['5.500000', '1.000000', '10.000000']);
  });

  test('tells the share of each kernel, largest first', () => {
    const shares = kernelShares(traced).map(([name, share]) => `${name} ${share.toFixed(6)}`);
    expect(shares).toEqual(['MatMul 0.625000', 'Add 0.100000']);
  });

  test('has neither without a trace', () => {
    expect(outsideKernels(block([1]))).toBeUndefined();
    expect(kernelShares(block([1]))).toEqual([]);
  });
});

test('processors are told for the blocks and for the time between them', () => {
  const blocks = [block([1, 1], { cpuSeconds: 3, idleCpuSeconds: 0.5 }), block([2], { cpuSeconds: 3 })];
  const result = resultOf(workload('mlp-2', 64, [measured('wasm-2', blocks)]), 'wasm-2') as Measured;
  expect(processorsUsed(result)).toBe(1.5);
  expect(idleCpuSeconds(result)).toBe(0.25);
});
