/**
 * Largest difference relative to the largest magnitude of the oracle's values.
 *
 * @param unit the least magnitude to be relative to, where an error does not shrink with its result: sums whose terms
 * cancel, and what is made of exponentials
 */
export function relativeError(actual: Float32Array, oracle: Float32Array, unit = 0): number {
  if (actual.length !== oracle.length) return Infinity;
  const scale = oracle.reduce((largest, value) => Math.max(largest, Math.abs(value)), unit);
  const difference = oracle.reduce((largest, value, index) => {
    const error = Math.abs(value - (actual[index] as number));
    return Number.isNaN(error) ? Infinity : Math.max(largest, error);
  }, 0);
  return difference === 0 ? 0 : difference / scale;
}

/** A generator of small random problems, printed with its seed so that a failure can be run again. */
export function randomNumbers(seed: number): {
  readonly integer: (low: number, high: number) => number;
  readonly values: (count: number) => Float32Array;
} {
  let state = seed >>> 0;
  // Numerical Recipes' linear congruential generator: good enough to draw test shapes.
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return {
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    values: (count) => Float32Array.from({ length: count }, () => next() * 2 - 1),
  };
}
