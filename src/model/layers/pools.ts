import type { Shape } from '../../core/model.js';
import { grid, perAxis, type Effect, type EffectOf } from './effect.js';
import { slide, type PaddingSpec, type Sliding } from './windows.js';

interface Pool {
  readonly size: number | readonly number[];
  readonly stride?: number | readonly number[] | undefined;
  readonly padding?: PaddingSpec | undefined;
  readonly ceil?: boolean | undefined;
}

/** The window of a pooling on an input with `rank` axes of positions. */
export function slidePool({ size, stride = size, padding, ceil = false }: Pool, input: Shape, rank: number): Sliding {
  const { lengths } = grid(input, rank);
  if (padding !== undefined && typeof padding !== 'string') {
    for (const [axis, each] of perAxis(padding, rank).entries()) {
      const length = perAxis(size, rank)[axis] as number;
      if (2 * each > length) throw new RangeError(`padding ${each} is more than half of ${length}`);
    }
  }
  return slide(lengths, { size, stride, padding, ceil: ceil && typeof padding !== 'string' });
}

function pool(layer: Pool, input: Shape, rank: number): Effect {
  const { size, stride, positions } = slidePool(layer, input, rank);
  return { outputShape: [...positions, input.at(-1) as number], window: { size, stride } };
}

export const pool2d: EffectOf<'max-pool' | 'average-pool'> = (layer, input) => pool(layer, input, 2);
export const pool1d: EffectOf<'max-pool1d' | 'average-pool1d'> = (layer, input) => pool(layer, input, 1);

export const globalPool =
  (rank: number) =>
  (_: object, input: Shape): Effect => ({
    outputShape: [grid(input, rank).channels],
  });
