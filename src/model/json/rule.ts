import { z } from 'zod';
import { list } from '../../core/list.js';
import type { Shape } from '../../core/model.js';
import type { LayerSummary } from '../summary.js';
import { axisLength } from './topology.js';

/** What a layer makes of the shapes of its inputs. Parts that cost nothing are left out. */
export type Effect = Pick<LayerSummary, 'outputShape' | 'window'> &
  Partial<Pick<LayerSummary, 'weights' | 'biases' | 'nonTrainable' | 'macs'>> & {
    /** Of a layer with several outputs: the others, after `outputShape`. */
    readonly otherOutputs?: readonly Shape[];
  };

/** Reads the configuration (throws ZodError) and the inputs' shapes (throws RangeError). */
export type Rule = (config: unknown, inputs: readonly Shape[]) => Effect;

export function rule<Config>(
  schema: z.ZodType<Config>,
  effect: (config: Config, inputs: readonly Shape[]) => Effect,
): Rule {
  return (config, inputs) => effect(schema.parse(config), inputs);
}

export function single(inputs: readonly Shape[]): Shape {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) throw new RangeError(`takes one input, not ${inputs.length}`);
  return input;
}

/** An input with `rank` axes of positions, and channels last. */
export function grid(inputs: readonly Shape[], rank: number): { readonly lengths: Shape; readonly channels: number } {
  const input = single(inputs);
  if (input.length !== rank + 1) {
    throw new RangeError(`needs an input of rank ${rank + 1}, got ${input.join('x')}`);
  }
  return { lengths: input.slice(0, -1), channels: input.at(-1) as number };
}

/** One number for all axes, or one for each. */
export function perAxis(rank: number) {
  return z.union([
    axisLength.transform((length): number[] => Array<number>(rank).fill(length)),
    list(axisLength, { least: rank, most: rank }),
  ]);
}

export const ones = (rank: number): number[] => Array<number>(rank).fill(1);

export const channelsLast = z.literal('channels_last', 'only channels_last is supported').nullish();

export const unchanged = rule(z.unknown(), (_, inputs) => ({ outputShape: single(inputs) }));
