import type { Verdict } from '../core/summary.js';
import {
  AXES,
  type Axis,
  type SweepEffect,
  type SweepPoint,
  type SweepPrinted,
  type SweepResult,
} from '../core/sweep.js';
import { counted, percent, percentInterval, pointsInterval } from '../stats/wording.js';
import { accuracyInWords, halfWidthOf, verdictInWords } from './words.js';

/** The lines of a sweep's report, in plain text; escaping and layout are the renderer's job. */

export const POINT_COLUMNS = ['lr', 'init', 'batch', 'epochs', 'seeds', 'accuracy'] as const;

/** A row of the table of points. A failed point shows the mean of the seeds that have one, and how many failed. */
export function pointRow(point: SweepPoint): readonly string[] {
  const { seeds, failures, missing } = point;
  const counts = [
    String(seeds.length),
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
  ];
  const { interval } = point;
  const halfWidth = halfWidthOf(interval && { low: interval[0], high: interval[1] }, seeds.length);
  return [
    valueInWords('lr', point.learningRate),
    point.initialisation,
    String(point.batchSize),
    String(point.epochs),
    counts.join(' + '),
    point.mean === undefined ? '\u2013' : accuracyInWords(point.mean, halfWidth),
  ];
}

/** The range of the means, with the settings at its ends, and who is not in it. */
export function rangeLines({ points, lowest, highest, grid }: SweepResult): readonly string[] {
  const outside = points.filter(({ seeds }) => seeds.length < grid.seeds.length).length;
  const left =
    outside === 0 ? [] : [`${counted(outside, 'point')} of ${points.length} lack seeds and are not in the range.`];
  const [low, high] = [lowest, highest].map((index) => (index === undefined ? undefined : points[index]));
  if (low?.mean === undefined || high?.mean === undefined)
    return ['No point has all its seeds: there is no range.', ...left];
  const end = (point: SweepPoint, mean: number) =>
    `${percent(mean)}${point.interval === undefined ? '' : ` (CI90 ${percentInterval({ low: point.interval[0], high: point.interval[1] })})`}: ${settingsInWords(point)}`;
  return [
    `${counted(points.length, 'point')}, means from ${percent(low.mean)} to ${percent(high.mean)}.`,
    `lowest ${end(low, low.mean)}`,
    `highest ${end(high, high.mean)}`,
    ...left,
  ];
}

/** `lr: 4.10 points, 3.90 to 4.30 (1e-4 42.10%, 1e-3 46.20%)`. */
export function effectLine({ axis, levels, spread, interval, blocks, allBlocks }: SweepEffect): string {
  if (spread === undefined) return `${axis}: nothing to compare, no settings of the other axes have all its values`;
  const of = blocks === allBlocks ? '' : `, over ${blocks} of ${allBlocks} settings of the other axes`;
  const between = interval === undefined ? '' : `, CI90 ${pointsInterval({ low: interval[0], high: interval[1] })}`;
  const means = levels.map(({ value, mean }) => `${valueInWords(axis, value)} ${percent(mean)}`).join(', ');
  return `${axis}: ${spread.toFixed(2)} points${between}${of} (${means})`;
}

const POSITIONS: Readonly<Record<NonNullable<SweepPrinted['position']>, string>> = {
  inside: 'lies inside the range',
  overlapping: 'lies partly inside the range',
  above: 'lies above the whole range',
  below: 'lies below the whole range',
};

/** The deck's number beside the range, or why it is not held against it. */
export function printedLine(
  { deck, place, printed, low, high, position, verdicts }: SweepPrinted,
  { points, incomparable }: SweepResult,
): string {
  const slide = `Deck ${deck}, ${place}, prints ${printed} (${percentInterval({ low, high })})`;
  if (verdicts === undefined) return `${slide}. Not held against it: ${incomparable ?? 'not comparable'}.`;
  const counts = Object.entries(verdicts).flatMap(([verdict, count]) =>
    count > 0 ? [`${count} ${verdictInWords(verdict as Verdict)}`] : [],
  );
  const where = position === undefined ? '' : `: it ${POSITIONS[position]}`;
  return `${slide}${where}. ${verdicts.reproduced} of ${points.length} points reproduce it (${counts.join(', ')}).`;
}

/** What a reader of any of these numbers has to know. */
export const SWEEP_NOTE =
  'Accuracy after the last epoch of each setting, mean over the seeds \u00b1 half its 90% interval. A seed draws the same numbers at every point, so that differences of points are paired and surer than their intervals suggest. The ends of the range were found by looking at all points: chance widens it.';

function settingsInWords({ learningRate, initialisation, batchSize, epochs }: SweepPoint): string {
  return `lr ${learningRate.toExponential()}, ${initialisation}, batch ${batchSize}, ${counted(epochs, 'epoch')}`;
}

function valueInWords(axis: Axis, value: number | string): string {
  return AXES[axis] === 'learningRate' ? Number(value).toExponential() : String(value);
}
