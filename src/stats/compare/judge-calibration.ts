import type { RandomStream } from '../../core/random.js';
import { ratioOfMediansInterval95, resample } from '../inference/bootstrap.js';
import type { Interval } from '../inference/interval.js';
import { median } from '../inference/sample.js';
import { percent } from '../wording.js';
import { changeThreshold, judgeSpeeds, relativeNoise, type SpeedDifference } from './speed-rule.js';

/** The speed of one process, in the order in which they ran. */
export interface CalibrationRun {
  readonly label: 'A' | 'B';
  readonly imagesPerSecond: number;
}

/** What equal processes say of a machine. Changes are fractions. */
export interface CalibrationResult {
  readonly imagesPerSecond: number;
  /** See `relativeNoise`. */
  readonly noise: number;
  /** The change above which a comparison on this machine counts. */
  readonly threshold: number;
  /** Of the B over the A, where nothing but the label differs. */
  readonly difference: SpeedDifference;
  readonly interval: Interval;
  /** Of the second half of the processes over the first. */
  readonly drift: SpeedDifference;
  /** The smallest slow-down that a comparison of as many processes per side would find four times in five. */
  readonly smallestChange?: number;
  readonly verdict: 'quiet' | 'noisy' | 'unfit';
  readonly reason: string;
}

/** Above this noise no change below 30 % counts: such a machine measures nothing. */
const MOST_NOISE = 0.1;

/**
 * Judges the processes of an A/A calibration.
 *
 * @param stream source of randomness, for the interval and for the simulated comparisons
 * @throws RangeError where a label has no run
 */
export function judgeCalibration(runs: readonly CalibrationRun[], stream: RandomStream): CalibrationResult {
  const speeds = runs.map(({ imagesPerSecond }) => imagesPerSecond);
  const labelled = (wanted: 'A' | 'B') =>
    runs.flatMap(({ label, imagesPerSecond }) => (label === wanted ? imagesPerSecond : []));
  const [a, b] = [labelled('A'), labelled('B')];
  const half = Math.floor(speeds.length / 2);
  const [imagesPerSecond, noise] = [median(speeds), relativeNoise(speeds)];
  const threshold = changeThreshold(noise);
  const difference = judgeSpeeds(a, b, threshold);
  const drift = judgeSpeeds(speeds.slice(0, half), speeds.slice(half), changeThreshold(undefined));
  const interval = ratioOfMediansInterval95(b, a, stream);
  if (imagesPerSecond === undefined || noise === undefined || !difference || !drift || !interval) {
    throw new RangeError('a calibration needs a run of each label');
  }
  const smallestChange = smallestFound(speeds, Math.min(a.length, b.length), threshold, stream);
  return {
    ...{ imagesPerSecond, noise, threshold, difference, interval, drift },
    ...(smallestChange !== undefined && { smallestChange }),
    ...verdictOf(noise, threshold, difference, drift),
  };
}

function verdictOf(
  noise: number,
  threshold: number,
  difference: SpeedDifference,
  drift: SpeedDifference,
): Pick<CalibrationResult, 'verdict' | 'reason'> {
  const faults = [
    ...(noise > MOST_NOISE ? [`the speeds of equal processes vary by ${percent(noise)}`] : []),
    ...(drift.verdict === 'no difference shown'
      ? []
      : [`the second half of the processes is ${percent(drift.change)} ${drift.verdict} than the first`]),
    ...(difference.verdict === 'no difference shown'
      ? []
      : [`B came out ${difference.verdict}, although it is the same as A`]),
  ];
  if (faults.length > 0) return { verdict: 'unfit', reason: faults.join('; ') };
  if (threshold > changeThreshold(0)) {
    return { verdict: 'noisy', reason: `changes of speed count from ${percent(threshold)} on: three times the noise` };
  }
  return { verdict: 'quiet', reason: `changes of speed count from ${percent(threshold)} on` };
}

/** Simulated comparisons for each slow-down that is tried, and how many of them have to find it (a power of 80 %). */
const [SIMULATIONS, FOUND] = [400, 320];

/** Slow-downs are tried in steps of one hundredth, up to this many. */
const MOST_HUNDREDTHS = 90;

/**
 * The smallest slow-down that comparisons of two samples of `perSide` speeds find in at least four of five cases, by
 * simulation: both sides are drawn from the speeds of equal processes, and one is slowed down. Bisection, because a larger
 * change is found more often. `undefined` where not even 90 % would be found.
 */
function smallestFound(
  speeds: readonly number[],
  perSide: number,
  threshold: number,
  stream: RandomStream,
): number | undefined {
  const side = () => resample(speeds, stream).slice(0, perSide);
  const isFound = (hundredths: number) => {
    let found = 0;
    for (let simulation = 0; simulation < SIMULATIONS; simulation++) {
      const slowed = side().map((speed) => speed * (1 - hundredths / 100));
      if (judgeSpeeds(side(), slowed, threshold)?.verdict === 'slower') found++;
    }
    return found >= FOUND;
  };
  if (!isFound(MOST_HUNDREDTHS)) return undefined;
  let [missed, caught] = [0, MOST_HUNDREDTHS];
  while (caught - missed > 1) {
    const middle = Math.floor((missed + caught) / 2);
    if (isFound(middle)) caught = middle;
    else missed = middle;
  }
  return caught / 100;
}
