import { grouped } from '../../core/grouped.js';
import { AXES, type Axis, type SweepEffect, type SweepGrid, type SweepPoint } from '../../core/sweep.js';
import { meanInterval90, momentsOf } from '../inference/interval.js';
import { mean } from '../inference/sample.js';

/** A point, and the accuracy of each seed that has one. */
export interface MeasuredPoint {
  readonly point: SweepPoint;
  readonly accuracies: ReadonlyMap<number, number>;
}

/**
 * Main effect of every axis that is varied, the largest first: the mean accuracy at each of its values, averaged over the
 * settings of the other axes (blocks; Box, Hunter and Hunter 2005, 5). Only blocks with all values are used, else a value
 * that fails where the others are bad would look good.
 *
 * The interval of a spread is Student's over the differences of the seeds: a seed draws the same numbers at every point, so
 * that the two values are a pair (Box, Hunter and Hunter 2005, 3.2).
 *
 * @param complete points with an accuracy of every seed
 */
export function effectsOf(grid: SweepGrid, complete: readonly MeasuredPoint[]): SweepEffect[] {
  return variedAxes(grid)
    .map((axis) => effectOf(axis, grid, complete))
    .toSorted((a, b) => (b.spread ?? -1) - (a.spread ?? -1));
}

/** Axes with more than one value. */
function variedAxes(grid: SweepGrid): Axis[] {
  return (Object.keys(AXES) as Axis[]).filter((axis) => valuesOf(grid, axis).length > 1);
}

function valuesOf(grid: SweepGrid, axis: Axis): readonly (number | string)[] {
  return grid[AXES[axis]] ?? [];
}

function effectOf(axis: Axis, grid: SweepGrid, complete: readonly MeasuredPoint[]): SweepEffect {
  const values = valuesOf(grid, axis);
  const others = variedAxes(grid).filter((other) => other !== axis);
  const allBlocks = others.reduce((count, other) => count * valuesOf(grid, other).length, 1);
  const blocks = grouped(complete, ({ point }) => others.map((other) => point[AXES[other]]));
  const whole = blocks.filter((block) => block.length === values.length);
  const base = { axis, blocks: whole.length, allBlocks };
  const levels = values.flatMap((value) => {
    const points = whole.flat().filter(({ point }) => point[AXES[axis]] === value);
    const center = mean(points.flatMap(({ point }) => point.mean ?? []));
    return center === undefined ? [] : [{ value, mean: center, points }];
  });
  const [first] = levels;
  if (first === undefined) return { ...base, levels: [] };
  const lowest = levels.reduce((best, each) => (each.mean < best.mean ? each : best));
  const highest = levels.reduce((best, each) => (each.mean > best.mean ? each : best));
  const moments = momentsOf(
    grid.seeds.flatMap((seed) => {
      const [high, low] = [highest, lowest].map(({ points }) =>
        mean(points.flatMap(({ accuracies }) => accuracies.get(seed) ?? [])),
      );
      return high === undefined || low === undefined ? [] : [100 * (high - low)];
    }),
  );
  const interval = moments && meanInterval90(moments);
  return {
    ...base,
    levels: levels.map(({ value, mean: center }) => ({ value, mean: center })),
    spread: 100 * (highest.mean - lowest.mean),
    ...(interval && { interval: [interval.low, interval.high] as [number, number] }),
  };
}
