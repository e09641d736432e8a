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
      measured.push({
        name,
        shape: [...shape],
        values: values.map((value) => (Number.isFinite(value) ? value : null)),
      });
    } catch (error) {
      measured.push({ name, shape: [], values: [], error: messageOf(error).slice(0, 1000) });
    }
  }
  return measured;
}
