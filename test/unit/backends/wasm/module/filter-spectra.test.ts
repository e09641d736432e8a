import { beforeEach, describe, expect, test } from 'vitest';
import { FilterSpectra } from '../../../../../src/backends/wasm/module/filter-spectra.js';
import type { KernelModule } from '../../../../../src/backends/wasm/module/kernel-module.js';

const MIB = 2 ** 20;

/** Blocks that are taken, by address. */
const taken = new Map<number, number>();
let next = 1;
const allocate = (bytes: number) => {
  taken.set(next, bytes);
  return next++;
};
const free = (address: number) => void taken.delete(address);
const module = {
  allocate,
  free,
  withMemory: (sizes: readonly number[], use: (...addresses: number[]) => void) => {
    const addresses = sizes.map(allocate);
    use(...addresses);
    addresses.forEach(free);
  },
};

const gone = new Set<object>();
let spectra: FilterSpectra;
let computed: number;
beforeEach(() => {
  taken.clear();
  gone.clear();
  computed = 0;
  spectra = new FilterSpectra(module as unknown as KernelModule, (owner) => !gone.has(owner));
});

const [first, second, third] = [{}, {}, {}];
/** @returns the address that was lent */
function lend(owner: object, mib = 1, key = 'circle of 16'): number {
  let lent = 0;
  const compute = () => {
    computed++;
  };
  spectra.lend(owner, key, mib * MIB, compute, (address) => {
    expect(taken.has(address)).toBe(true);
    lent = address;
  });
  return lent;
}

describe('the spectrum of a filter', () => {
  test('is computed once', () => {
    expect(lend(first)).toBe(lend(first));
    expect(computed).toBe(1);
  });

  test('is another one for other values, and on another circle', () => {
    lend(first);
    lend(second);
    lend(first, 1, 'circle of 22');
    expect(computed).toBe(3);
    expect(taken.size).toBe(2);
  });

  test('makes room when its filter is gone', () => {
    lend(first);
    gone.add(first);
    lend(second);
    expect(taken.size).toBe(1);
  });

  test('makes room when there is not enough, the one used longest ago first', () => {
    lend(first, 30);
    lend(second, 30);
    lend(first, 30);
    lend(third, 30);
    expect(computed).toBe(3);
    lend(first, 30);
    expect(computed).toBe(3);
    lend(second, 30);
    expect(computed).toBe(4);
  });

  test('is not kept where it is larger than all that may be kept', () => {
    lend(first);
    lend(second, 65);
    lend(second, 65);
    expect([computed, taken.size]).toEqual([3, 1]);
  });

  test('is not kept where it could not be computed', () => {
    const fail = () => {
      throw new Error('no thread answers');
    };
    expect(() => spectra.lend(first, '', MIB, fail, fail)).toThrow('no thread answers');
    expect(taken.size).toBe(0);
  });

  test('goes with the rest', () => {
    lend(first);
    lend(second);
    spectra.dispose();
    expect(taken.size).toBe(0);
  });
});
