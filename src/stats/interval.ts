import { ascending, mean, standardDeviation } from './sample.js';
import { studentTQuantile } from './student-t.js';

/** A closed interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What an interval of a mean is computed from: a sample, or a guess of what a larger sample would look like. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation, divisor n - 1. */
  readonly sd: number;
}

/** Probability in each tail of a 90 % interval: both one-sided tests are then at 5 % (Schuirmann 1987). */
const UPPER_QUANTILE_90 = 0.95;

/** n, mean and sample standard deviation; `undefined` below two values. */
export function momentsOf(values: readonly number[]): Moments | undefined {
  const center = mean(values);
  const sd = standardDeviation(values);
  return center === undefined || sd === undefined ? undefined : { n: values.length, mean: center, sd };
}

/**
 * 90 % confidence interval of a mean: m +- t(0.95, n - 1) s / sqrt(n) (Student 1908; Snedecor and Cochran 1989, 4.6).
 * Identical values give an interval of width zero. Needs n >= 2, which `momentsOf` guarantees.
 */
export function meanInterval90({ n, mean: center, sd }: Moments): Interval {
  const margin = sd === 0 ? 0 : (studentTQuantile(UPPER_QUANTILE_90, n - 1) * sd) / Math.sqrt(n);
  return { low: center - margin, high: center + margin };
}

/**
 * 90 % confidence interval of the difference of the means of two independent samples, first minus second, without
 * assuming equal variances (Welch 1947), degrees of freedom after Satterthwaite (1946).
 * Where both samples are constant the interval has width zero.
 */
export function differenceInterval90(first: Moments, second: Moments): Interval {
  const difference = first.mean - second.mean;
  const [a, b] = [first.sd ** 2 / first.n, second.sd ** 2 / second.n];
  if (a + b === 0) return { low: difference, high: difference };
  const degreesOfFreedom = (a + b) ** 2 / (a ** 2 / (first.n - 1) + b ** 2 / (second.n - 1));
  const margin = studentTQuantile(UPPER_QUANTILE_90, degreesOfFreedom) * Math.sqrt(a + b);
  return { low: difference - margin, high: difference + margin };
}

/**
 * Interval of a median from order statistics: the narrowest symmetric pair x(l), x(n + 1 - l) that covers the median
 * with at least 95 %, whatever the distribution: coverage is 1 - 2 P(Binomial(n, 1/2) < l) (David and Nagaraja 2003,
 * 7.1). The extremes where even they cover less, which is so below six values. `undefined` for an empty sample.
 */
export function medianInterval95(values: readonly number[]): Interval | undefined {
  const sorted = ascending(values);
  const n = sorted.length;
  const skipped = Math.max(lowerRank(n, 0.025) - 1, 0);
  const [low, high] = [sorted[skipped], sorted[n - 1 - skipped]];
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** Largest l with P(Binomial(n, 1/2) < l) <= tail, summed in logarithms because (1/2)^n underflows. */
function lowerRank(n: number, tail: number): number {
  let logProbability = -n * Math.LN2;
  let cumulated = Math.exp(logProbability);
  let rank = 0;
  while (cumulated <= tail) {
    logProbability += Math.log((n - rank) / (rank + 1));
    rank++;
    cumulated += Math.exp(logProbability);
  }
  return rank;
}
