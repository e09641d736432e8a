import type { Interval } from './interval.js';

/** The 97.5 % quantile of the normal distribution (NIST Digital Library of Mathematical Functions, 7.17). */
const Z_975 = 1.959963984540054;

/**
 * 95 % interval of a proportion after Wilson (1927), which Newcombe (1998) found to cover well where the simple one does
 * not: near 0 and 1 and for few trials. Never leaves [0, 1], and has a width even where all trials agree.
 *
 * @param proportion from 0 to 1; the mean of several proportions of the same trials is fine
 * @param trials 1 or more
 * @throws RangeError outside of these ranges
 */
export function wilsonInterval95(proportion: number, trials: number): Interval {
  if (!(proportion >= 0 && proportion <= 1)) throw new RangeError(`${proportion} is no proportion`);
  if (!(trials >= 1)) throw new RangeError(`${trials} trials`);
  const z2 = Z_975 ** 2;
  const center = (proportion + z2 / (2 * trials)) / (1 + z2 / trials);
  const margin =
    (Z_975 / (1 + z2 / trials)) * Math.sqrt((proportion * (1 - proportion)) / trials + z2 / (4 * trials ** 2));
  return { low: Math.max(0, center - margin), high: Math.min(1, center + margin) };
}
