import { pooledVariance, type Moments } from './interval.js';

/**
 * Hedges' g: difference of two means, first minus second, in pooled standard deviations, times 1 - 3 / (4 df - 1), which
 * takes the bias of small samples away (Hedges, J. Educ. Statist. 6 (1981), 107-128). `undefined` where nothing varies.
 */
export function hedgesG(first: Moments, second: Moments): number | undefined {
  const { variance, degreesOfFreedom } = pooledVariance(first, second);
  const pooled = Math.sqrt(variance);
  if (!(pooled > 0)) return undefined;
  return ((first.mean - second.mean) / pooled) * (1 - 3 / (4 * degreesOfFreedom - 1));
}

/**
 * Chance that a value of the second sample is above one of the first, ties counted half, from Mann and Whitney's u of the
 * two: the common-language effect size (McGraw and Wong, Psychol. Bull. 111 (1992); Vargha and Delaney, J. Educ. Behav.
 * Stat. 25 (2000)). 0.5: neither tends to be larger.
 */
export function chanceSecondIsLarger({ u }: { readonly u: number }, n1: number, n2: number): number {
  return 1 - u / (n1 * n2);
}
