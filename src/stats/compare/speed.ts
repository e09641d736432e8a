import type { RandomStream } from '../../core/random.js';
import { ratioOfMediansInterval95 } from '../inference/bootstrap.js';
import { chanceSecondIsLarger } from '../inference/effect.js';
import type { Interval } from '../inference/interval.js';
import { smallestP } from '../inference/mann-whitney.js';
import { median } from '../inference/sample.js';
import { percent } from '../wording.js';
import type { Pair } from './match.js';
import type { ComparedCell } from './side.js';
import { changeThreshold, isTimedLongEnough, judgeSpeeds, LONG_ENOUGH, SPEED_LEVEL } from './speed-rule.js';

/** Speeds of a pair: one median for each cell, images a second. */
export interface SpeedComparison {
  readonly a: { readonly cells: number; readonly imagesPerSecond: number };
  readonly b: { readonly cells: number; readonly imagesPerSecond: number };
  /** Median of B over median of A, and its 95 % bootstrap interval; none where a side is one cell. */
  readonly ratio: number;
  readonly interval?: Interval;
  /** Two-sided, of Mann and Whitney's test. */
  readonly p: number;
  /** Chance that a cell of B is faster than one of A. */
  readonly chanceFaster: number;
  /** The change that counts on this machine, a fraction. */
  readonly threshold: number;
  readonly verdict: 'slower' | 'faster' | 'no difference shown' | 'not judged';
  readonly reason: string;
}

/** What is known of the noise of the machine behind a pair. */
export interface KnownNoise {
  readonly noise: number;
  readonly calibratedAt: string;
}

/** Speeds of both sides; nothing where a side was not timed. */
export function compareSpeeds(
  pair: Pair,
  known: KnownNoise | undefined,
  stream: RandomStream,
): SpeedComparison | undefined {
  const [a, b] = [speedsOf(pair.a.cells), speedsOf(pair.b.cells)];
  const threshold = changeThreshold(known?.noise);
  const difference = judgeSpeeds(a, b, threshold);
  const interval = ratioOfMediansInterval95(b, a, stream);
  if (difference === undefined) return undefined;
  const { ratio, test, verdict } = difference;
  const obstacle = obstacleTo(pair, a.length, b.length);
  return {
    a: { cells: a.length, imagesPerSecond: median(a) as number },
    b: { cells: b.length, imagesPerSecond: median(b) as number },
    ...{ ratio, ...(interval && { interval }), p: test.p, threshold },
    chanceFaster: chanceSecondIsLarger(test, a.length, b.length),
    verdict: obstacle === undefined ? verdict : 'not judged',
    reason: obstacle ?? [thresholdInWords(threshold, known), ...orderInWords(pair)].join('; '),
  };
}

function speedsOf(cells: readonly ComparedCell[]): readonly number[] {
  return cells.flatMap(({ throughput }) => throughput?.imagesPerSecond ?? []);
}

/** Why speeds are shown and not judged. */
function obstacleTo({ a, b, differences }: Pair, n1: number, n2: number): string | undefined {
  const cells = [...a.cells, ...b.cells];
  if (differences.some(({ cause }) => cause === 'machine'))
    return 'different machines: speeds are for information only';
  if (differences.some(({ cause }) => cause === 'profile')) return 'different profiles: batch sizes may differ';
  if (cells.some(({ software }) => software)) return 'software rendering: its speed says nothing about a GPU';
  if (cells.some(({ throughput }) => throughput !== undefined && !isTimedLongEnough(throughput))) {
    return `too short to be timed: a speed needs ${LONG_ENOUGH}; use a larger profile`;
  }
  const smallest = smallestP(n1, n2);
  if (smallest < SPEED_LEVEL) return undefined;
  return `too few cells: with ${n1} and ${n2}, p cannot be below ${smallest.toPrecision(2)}, but ${SPEED_LEVEL} is required; use 7 per side`;
}

function thresholdInWords(threshold: number, known: KnownNoise | undefined): string {
  const counts = threshold < 1 ? `a change counts above ${percent(threshold)}` : 'no change counts on this machine';
  return known === undefined
    ? `${counts}: this machine is not calibrated, see cnnbench calibrate`
    : `${counts}: noise ${percent(known.noise)}, calibrated ${known.calibratedAt.slice(0, 10)}`;
}

/** A machine that changes between two runs looks like a change of speed. */
function orderInWords({ a, b }: Pair): readonly string[] {
  const times = (cells: readonly ComparedCell[]) => cells.map(({ startedAt }) => Date.parse(startedAt));
  const [first, second] = [times(a.cells), times(b.cells)];
  const apart = Math.max(...first) < Math.min(...second) || Math.max(...second) < Math.min(...first);
  return apart
    ? ['one side ran after the other, so a change of the machine in between would look like a difference']
    : [];
}
