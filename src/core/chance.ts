import type { CurvePoint } from './record.js';

/**
 * Guessing comes out above chance by luck this often: one honest guesser in a thousand. The level is the customary one of
 * Fisher's tables ("0.1%"; Statistical Methods for Research Workers, 1925) and not tuned to any experiment.
 */
const CHANCE_LEVEL = 0.001;

/**
 * P(X >= successes) for X ~ Binomial(trials, p): the sum of the probabilities on the side away from the mean, by the ratio of
 * neighbours (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.6.18), none of it approximated.
 *
 * @param successes an integer; all of 0 or below, none above `trials`
 * @param trials an integer, 0 or more
 * @param p between 0 and 1, both excluded
 * @throws RangeError outside of these ranges
 */
export function binomialTail(successes: number, trials: number, p: number): number {
  if (!Number.isInteger(successes)) throw new RangeError(`${successes} successes`);
  if (!Number.isInteger(trials) || trials < 0) throw new RangeError(`${trials} trials`);
  if (!(p > 0 && p < 1)) throw new RangeError(`${p} is no probability between 0 and 1`);
  if (successes <= 0) return 1;
  if (successes > trials) return 0;
  // Terms fall away from the mean, so that the first one is the largest and the rest cannot underflow before it does.
  if (successes > trials * p) return upperSum(successes, trials, p);
  return 1 - upperSum(trials - successes + 1, trials, 1 - p);
}

/** P(X >= first) for a `first` above the mean. */
function upperSum(first: number, trials: number, p: number): number {
  let term = Math.exp(logProbability(first, trials, p));
  let sum = 0;
  for (let k = first; k <= trials && term > 0; k++) {
    sum += term;
    term *= ((trials - k) / (k + 1)) * (p / (1 - p));
  }
  return sum;
}

/** Natural logarithm of P(X = k). */
function logProbability(k: number, trials: number, p: number): number {
  let log = k * Math.log(p) + (trials - k) * Math.log1p(-p);
  for (let factor = 1; factor <= k; factor++) log += Math.log((trials - k + factor) / factor);
  return log;
}

/**
 * Whether guessing explains an accuracy: the exact one-sided binomial test of "no better than one in `classes`" does not
 * reject at `CHANCE_LEVEL`. An accuracy below chance is at chance, too.
 *
 * @param accuracy 0 to 1, of `images` images
 */
export function isAtChance(accuracy: number, images: number, classes: number): boolean {
  // One class is no guess: every answer is right.
  if (classes < 2) return false;
  return binomialTail(Math.round(accuracy * images), images, 1 / classes) > CHANCE_LEVEL;
}

/**
 * The first epoch since which the test accuracy has been at chance until the end; `undefined` where it is not in the end.
 *
 * @param curve of all epochs, in order
 */
export function atChanceSince(
  curve: readonly Pick<CurvePoint, 'epoch' | 'testAccuracy'>[],
  testImages: number,
  classes: number,
): number | undefined {
  const lastAbove = curve.findLastIndex(({ testAccuracy }) => !isAtChance(testAccuracy, testImages, classes));
  return curve[lastAbove + 1]?.epoch;
}
