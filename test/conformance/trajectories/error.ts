import { relativeError } from '../numbers.js';
import type { Answer } from './problem.js';

/** The largest difference of losses, outputs and weights, each relative to the largest of its kind. */
export function errorOf(found: Answer, wanted: Answer): number {
  const errors = [
    relativeError(Float32Array.from(found.losses), Float32Array.from(wanted.losses)),
    relativeError(Float32Array.from(found.outputs), Float32Array.from(wanted.outputs)),
    ...Object.entries(wanted.weights).map(([name, values]) =>
      relativeError(Float32Array.from(found.weights[name] ?? []), Float32Array.from(values)),
    ),
  ];
  return Math.max(...errors);
}
