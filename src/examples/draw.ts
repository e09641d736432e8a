import type { Values } from '../core/operation.js';

/**
 * Digits 0 to `below` - 1 that look random and are the same everywhere: the upper bits of a linear congruential
 * generator (Numerical Recipes). Small integers, so that every backend's sums are exact.
 */
export function drawDigits(shape: readonly number[], below: number, seed: number): Values {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  next();
  return { shape, values: Array.from({ length: sizeOf(shape) }, () => Math.floor(next() * below)) };
}

export function constant(shape: readonly number[], value: number): Values {
  return { shape, values: new Array<number>(sizeOf(shape)).fill(value) };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** 0, 1, ..., or from 1. */
export function upTo(last: number, first = 1): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

export function rows(table: readonly (readonly number[])[]): Values {
  return { shape: [table.length, table[0]?.length ?? 0], values: table.flat() };
}

export function largestDifference(left: Values, right: Values): number {
  if (left.values.length !== right.values.length) return Infinity;
  return left.values.reduce((largest, value, index) => {
    const difference = Math.abs(value - (right.values[index] as number));
    return Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }, 0);
}

/** [H, W] turned by 180 degrees; [H, W, 1, 1] likewise. */
export function turned({ shape, values }: Values): Values {
  return { shape, values: [...values].reverse() };
}
