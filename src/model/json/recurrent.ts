import { z } from 'zod';
import type { Shape } from '../../core/model.js';
import { rule, type Rule } from './rule.js';
import { axisLength } from './topology.js';

const schema = z.object({
  units: axisLength,
  use_bias: z.boolean().default(true),
  return_sequences: z.boolean().default(false),
  return_state: z.boolean().default(false),
  /** GRU: biases of the recurrent product of their own. tf.layers has none, Keras has them by default and says so. */
  reset_after: z.boolean().default(false),
});

/**
 * A recurrent layer: [steps, features] -> [units], or [steps, units]. Each gate has a kernel of features x units, a
 * recurrent one of units x units and a bias, used once a step.
 *
 * @param gates 1 (SimpleRNN), 3 (GRU) or 4 (LSTM)
 * @param states 1, or 2 of an LSTM
 */
export const recurrent = (gates: number, states: number): Rule =>
  rule(schema, (config, [input]) => {
    if (input?.length !== 2) throw new RangeError(`needs an input of rank 2, got ${input?.join('x') ?? 'none'}`);
    const [steps, features] = input as [number, number];
    const { units, reset_after: resetAfter } = config;
    const weights = gates * units * (features + units);
    const state: Shape = [units];
    return {
      outputShape: config.return_sequences ? [steps, units] : state,
      ...(config.return_state && { otherOutputs: Array<Shape>(states).fill(state) }),
      weights,
      biases: config.use_bias ? gates * units * (resetAfter ? 2 : 1) : 0,
      macs: steps * weights,
    };
  });
