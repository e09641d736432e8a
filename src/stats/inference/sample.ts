/** Summaries of a sample. Every function gives `undefined` where the sample is too small to have the statistic. */

/** Arithmetic mean; `undefined` for an empty sample. */
export function mean(values: readonly number[]): number | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  // Around the first value, so that identical values have exactly that value as their mean.
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

/**
 * Sample standard deviation with divisor n - 1, from the deviations of the mean (two passes; Chan, Golub and LeVeque
 * 1983). `undefined` below two values: one value says nothing about spread. Exactly 0 for identical values.
 */
export function standardDeviation(values: readonly number[]): number | undefined {
  const center = mean(values);
  if (center === undefined || values.length < 2) return undefined;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

/** Middle value, or mean of the two middle values; `undefined` for an empty sample. */
export function median(values: readonly number[]): number | undefined {
  const sorted = ascending(values);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : lower + (upper - lower) / 2;
}

/** A copy, smallest first. */
export function ascending(values: readonly number[]): readonly number[] {
  return values.toSorted((left, right) => left - right);
}
