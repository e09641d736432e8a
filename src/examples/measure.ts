import { messageOf } from '../core/errors.js';
import type { Operation } from '../core/operation.js';
import type { Measurement } from '../core/record.js';
import type { Primitives } from './primitives.js';
import { runOperation } from './run-operation.js';

/** Runs operations one after the other. One that the backend refuses is recorded with its words and ends no other. */
export async function measure(primitives: Primitives, operations: readonly Operation[]): Promise<Measurement[]> {
  const measured: Measurement[] = [];
  for (const operation of operations) {
    const { name } = operation;
    try {
      const { shape, values } = await runOperation(primitives, operation);
      if (!values.every(Number.isFinite)) throw new RangeError('the result holds NaN or an infinity');
      measured.push({ name, shape: [...shape], values: [...values] });
    } catch (error) {
      measured.push({ name, shape: [], values: [], error: messageOf(error).slice(0, 1000) });
    }
  }
  return measured;
}
