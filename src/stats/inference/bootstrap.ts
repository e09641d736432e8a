import type { RandomStream } from '../../core/random.js';
import type { Interval } from './interval.js';
import { ascending, median } from './sample.js';

const RESAMPLES = 9999;

/**
 * 95 % percentile interval of median(numerator) / median(denominator), two independent samples of positive values: both
 * are drawn again with replacement, and the middle 95 % of the ratios are the interval (Efron and Tibshirani,
 * An Introduction to the Bootstrap (1993), 13.3 and 8.3).
 *
 * The median of few values takes few values when resampled, so below about seven a side the interval covers less than it
 * says. One value has itself as its median, always, and so no interval.
 *
 * @param stream source of randomness; the same stream gives the same interval
 * @param resamples how often both are drawn; one less than a multiple of 40, so that 2.5 % of them are whole values
 * @returns `undefined` where a sample has fewer than two values
 */
export function ratioOfMediansInterval95(
  numerator: readonly number[],
  denominator: readonly number[],
  stream: RandomStream,
  resamples = RESAMPLES,
): Interval | undefined {
  if (numerator.length < 2 || denominator.length < 2) return undefined;
  const ratios = ascending(
    Array.from({ length: resamples }, () => resampledMedian(numerator, stream) / resampledMedian(denominator, stream)),
  );
  const outside = (resamples + 1) / 40;
  return { low: ratios[outside - 1] as number, high: ratios[resamples - outside] as number };
}

function resampledMedian(values: readonly number[], stream: RandomStream): number {
  return median(resample(values, stream)) as number;
}

/** As many values as there are, each drawn from all of them. */
export function resample(values: readonly number[], stream: RandomStream): readonly number[] {
  return values.map(() => values[Math.floor(stream() * values.length)] as number);
}
