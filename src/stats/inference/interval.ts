import { ascending, mean, standardDeviation } from './sample.js';
import { studentTQuantile, studentTUpperTail } from './student-t.js';

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

/** n, mean and sample standard deviation; `undefined` below two values. */
export function momentsOf(values: readonly number[]): Moments | undefined {
  const center = mean(values);
  const sd = standardDeviation(values);
  return center === undefined || sd === undefined ? undefined : { n: values.length, mean: center, sd };
}

/** A number whose error, in units of its standard error, follows Student's t. */
export interface Estimate {
  readonly value: number;
  /** 0 where nothing varied; then `degreesOfFreedom` has no meaning. */
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** Probability in each tail of a 90 % interval: both one-sided tests are then at 5 % (Schuirmann 1987). */
export const TAIL_90 = 0.05;

/** The mean of a sample of two or more: standard error s / sqrt(n), n - 1 degrees of freedom (Student 1908). */
export function meanEstimate({ n, mean, sd }: Moments): Estimate {
  return { value: mean, standardError: sd / Math.sqrt(n), degreesOfFreedom: n - 1 };
}

/**
 * The difference of the means of two independent samples, first minus second, without assuming equal variances (Welch
 * 1947), degrees of freedom after Satterthwaite (1946).
 */
export function welchDifference(first: Moments, second: Moments): Estimate {
  const [a, b] = [first.sd ** 2 / first.n, second.sd ** 2 / second.n];
  return {
    value: first.mean - second.mean,
    standardError: Math.sqrt(a + b),
    degreesOfFreedom: (a + b) ** 2 / (a ** 2 / (first.n - 1) + b ** 2 / (second.n - 1)),
  };
}

/**
 * The difference of the means of two independent samples, first minus second, with one variance for both (Student's
 * two-sample test; Snedecor and Cochran 1989, 6.8), n1 + n2 - 2 degrees of freedom.
 * A single value has sd 0 here: it adds nothing to the spread, which is then that of the other sample.
 */
export function pooledDifference(first: Moments, second: Moments): Estimate {
  const { variance, degreesOfFreedom } = pooledVariance(first, second);
  return {
    value: first.mean - second.mean,
    standardError: Math.sqrt(variance * (1 / first.n + 1 / second.n)),
    degreesOfFreedom,
  };
}

/** The one variance behind two samples: their squared deviations over n1 + n2 - 2 degrees of freedom. */
export function pooledVariance(
  first: Moments,
  second: Moments,
): { readonly variance: number; readonly degreesOfFreedom: number } {
  const degreesOfFreedom = first.n + second.n - 2;
  const squares = (first.n - 1) * first.sd ** 2 + (second.n - 1) * second.sd ** 2;
  return { variance: squares / degreesOfFreedom, degreesOfFreedom };
}

/**
 * The values that neither one-sided test at level `tail` rejects: value +- t(1 - tail, df) standard errors. Without any
 * spread, the value alone.
 *
 * @param tail probability outside on each side, above 0 and below 1/2
 */
export function intervalOf({ value, standardError, degreesOfFreedom }: Estimate, tail = TAIL_90): Interval {
  const margin = standardError === 0 ? 0 : studentTQuantile(1 - tail, degreesOfFreedom) * standardError;
  return { low: value - margin, high: value + margin };
}

/**
 * One-sided p-value of "the true value is `bound` or less": small where the estimate is far above. Without any spread 0
 * above the bound, else 1.
 */
export function pAtMost({ value, standardError, degreesOfFreedom }: Estimate, bound: number): number {
  if (standardError === 0) return value > bound ? 0 : 1;
  const t = (value - bound) / standardError;
  return t >= 0 ? studentTUpperTail(t, degreesOfFreedom) : 1 - studentTUpperTail(-t, degreesOfFreedom);
}

/** One-sided p-value of "the true value is `bound` or more". */
export function pAtLeast({ value, ...rest }: Estimate, bound: number): number {
  return pAtMost({ value: -value, ...rest }, -bound);
}

/**
 * 90 % confidence interval of a mean: m +- t(0.95, n - 1) s / sqrt(n) (Student 1908; Snedecor and Cochran 1989, 4.6).
 * Identical values give an interval of width zero. Needs n >= 2, which `momentsOf` guarantees.
 */
export function meanInterval90(moments: Moments): Interval {
  return intervalOf(meanEstimate(moments));
}

/**
 * 90 % confidence interval of the difference of the means of two independent samples, first minus second (Welch 1947).
 * Where both samples are constant the interval has width zero.
 */
export function differenceInterval90(first: Moments, second: Moments): Interval {
  return intervalOf(welchDifference(first, second));
}

/**
 * Where one further value of the same kind falls with 95 %: m +- t(0.975, n - 1) s sqrt(1 + 1 / n) (Geisser 1993, 2.1;
 * NIST/SEMATECH e-Handbook). Wider than the interval of the mean, which says nothing of single values.
 */
export function predictionInterval95({ n, mean: center, sd }: Moments): Interval {
  const margin = sd === 0 ? 0 : studentTQuantile(0.975, n - 1) * sd * Math.sqrt(1 + 1 / n);
  return { low: center - margin, high: center + margin };
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
