import { z } from 'zod';

const position = z.number().int().min(1);

/** The most symptoms of a cell, and tensors of a symptom: more than any model here has. */
const MOST = 1000;

/**
 * What is wrong with a training that came to its end.
 * - `zero-gradient`: the gradients of whole weight tensors were exactly zero. Each tensor is named once, where it was first seen.
 * - `chance-accuracy`: guessing explains the test accuracy of every epoch from `epoch` to the last.
 */
export const symptomSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('zero-gradient'),
    epoch: position,
    step: position,
    /** `dense1.kernel`, in the order of the model. */
    tensors: z.array(z.string().max(200)).min(1).max(MOST),
  }),
  z.strictObject({ kind: z.literal('chance-accuracy'), epoch: position }),
]);
export type Symptom = z.infer<typeof symptomSchema>;
export type ZeroGradient = Extract<Symptom, { kind: 'zero-gradient' }>;

/** Absent where there are none. */
export const symptomsSchema = z.array(symptomSchema).min(1).max(MOST).optional();
