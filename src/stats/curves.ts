import type { CurvePoint } from '../core/record.js';
import { mean } from './inference/sample.js';

/** One value of a curve at one epoch, over the seeds. */
export interface CurveMean {
  readonly epoch: number;
  readonly mean: number;
  /** Lowest and highest seed. */
  readonly low: number;
  readonly high: number;
}

/** Mean and range over the seeds at each epoch that some of them have, in ascending order. */
export function curveOverSeeds(
  seeds: readonly (readonly CurvePoint[])[],
  valueOf: (point: CurvePoint) => number,
): readonly CurveMean[] {
  const byEpoch = new Map<number, number[]>();
  for (const point of seeds.flat()) {
    const values = byEpoch.get(point.epoch);
    if (values === undefined) byEpoch.set(point.epoch, [valueOf(point)]);
    else values.push(valueOf(point));
  }
  return [...byEpoch]
    .toSorted(([a], [b]) => a - b)
    .map(([epoch, values]) => ({ epoch, mean: mean(values) ?? NaN, ...extremesOf(values) }));
}

/** The lowest and the highest of values. Math.min(...values) overflows the stack for a hundred thousand of them. */
export function extremesOf(values: readonly number[]): { readonly low: number; readonly high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return { low, high };
}
