import type { NamedTensor } from '../core/safetensors.js';
import { GOLDEN_CHANGE, GOLDEN_LOSSES } from './bounds.js';
import { compare, type Comparison } from './difference.js';
import { LOSSES, tensorName } from './task.js';

/** The steps that PyTorch took of a golden trajectory. */
export interface ReferenceSteps {
  /** Of each step's batch, before the step. */
  readonly losses: readonly number[];
  /** By `layer.kernel` or `layer.bias`: L2 norm of what all steps changed it by. */
  readonly weights: Readonly<Record<string, { readonly changeNorm: number }>>;
}

/**
 * Holds a replay against PyTorch: the losses and, where all steps were taken, the lengths of what they changed.
 *
 * @param actual what `computeGolden` left, by name
 * @param steps that were replayed
 */
export function compareGolden(
  actual: ReadonlyMap<string, NamedTensor>,
  reference: ReferenceSteps,
  steps: number,
): Comparison[] {
  const losses = Float32Array.from(reference.losses.slice(0, steps));
  const expected = [
    { subject: LOSSES, tensor: { shape: [losses.length], values: losses }, bound: GOLDEN_LOSSES },
    ...(steps < reference.losses.length ? [] : Object.entries(reference.weights)).map(([name, { changeNorm }]) => ({
      subject: changeLengthName(name.replace(/\.(?=kernel$|bias$)/, ' ')),
      tensor: { shape: [], values: Float32Array.of(changeNorm) },
      bound: GOLDEN_CHANGE,
    })),
  ];
  return expected.map(({ subject, tensor, bound }) => {
    const name = tensorName('golden', subject);
    return compare(subject, actual.get(name), { name, ...tensor }, bound);
  });
}

/** @param weight layer and part, `PART_SEPARATOR` between them */
export function changeLengthName(weight: string): string {
  return `change of ${weight}`;
}
