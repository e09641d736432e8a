import type { NamedTensor } from '../core/safetensors.js';
import type { Bound, Measure } from './bounds.js';

/** How far a tensor is from the oracle's, and where most. */
export interface Difference {
  /** By the measure that was asked for; absent where the tensors cannot be compared. */
  readonly error?: number;
  /** The place of the largest difference, and what both have there. */
  readonly place?: { readonly index: readonly number[]; readonly actual: number; readonly oracle: number };
  /** Why there is no error: another shape, a value that is no number. */
  readonly reason?: string;
}

/** One tensor held against the oracle's. */
export interface Comparison extends Difference {
  /** The op, or the layer and which of its tensors. */
  readonly subject: string;
  readonly measure: Measure;
  readonly bound: number;
  readonly boundReason: string;
  readonly agrees: boolean;
}

export function compare(
  subject: string,
  actual: NamedTensor | undefined,
  oracle: NamedTensor,
  { measure, limit, reason: boundReason }: Bound,
): Comparison {
  const difference = actual === undefined ? { reason: 'it is missing' } : differenceOf(actual, oracle, measure);
  const agrees = difference.error !== undefined && difference.error <= limit;
  return { subject, ...difference, measure, bound: limit, boundReason, agrees };
}

/** NaN and infinities are never the same as anything. */
export function differenceOf(actual: NamedTensor, oracle: NamedTensor, measure: Measure): Difference {
  if (actual.shape.join() !== oracle.shape.join()) {
    return { reason: `its shape is [${actual.shape.join(', ')}] instead of [${oracle.shape.join(', ')}]` };
  }
  for (const [who, { values }] of [['it', actual] as const, ['the oracle', oracle] as const]) {
    const at = values.findIndex((value: number) => !Number.isFinite(value));
    if (at >= 0) return { reason: `${who} has ${values[at]} at [${indexOf(at, oracle.shape).join(', ')}]` };
  }
  const [largest, sumOfSquares] = [largestOf(oracle.values), squaresOf(oracle.values)];
  let worst = { at: 0, size: 0 };
  let squares = 0;
  for (let at = 0; at < oracle.values.length; at++) {
    const expected = oracle.values[at] as number;
    const distance = Math.abs((actual.values[at] as number) - expected);
    squares += distance * distance;
    const size = measure === 'elementwise' ? ratio(distance, Math.abs(expected)) : distance;
    if (size > worst.size) worst = { at, size };
  }
  const errors: Record<Measure, () => number> = {
    normwise: () => ratio(worst.size, largest),
    elementwise: () => worst.size,
    absolute: () => worst.size,
    euclidean: () => ratio(Math.sqrt(squares), Math.sqrt(sumOfSquares)),
  };
  const error = errors[measure]();
  if (error === 0) return { error };
  const index = indexOf(worst.at, oracle.shape);
  const place = { index, actual: actual.values[worst.at] as number, oracle: oracle.values[worst.at] as number };
  return error === Infinity ? { place, reason: 'the oracle has zeros there' } : { error, place };
}

function ratio(difference: number, scale: number): number {
  return difference === 0 ? 0 : difference / scale;
}

function largestOf(values: NamedTensor['values']): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function squaresOf(values: NamedTensor['values']): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

function indexOf(at: number, shape: readonly number[]): number[] {
  let rest = at;
  return shape
    .toReversed()
    .map((length) => {
      const index = rest % length;
      rest = Math.floor(rest / length);
      return index;
    })
    .toReversed();
}
