import type { Verdict } from '../../core/summary.js';
import {
  AXES,
  type Axis,
  type SweepEffect,
  type SweepPoint,
  type SweepPrinted,
  type SweepResult,
} from '../../core/sweep.js';
import { intervalAtLevel } from '../../stats/accuracies.js';
import { counted, percent, percentInterval, pointsInterval } from '../../stats/wording.js';
import { ABSENT, accuracy, digits, number, text } from '../cells.js';
import { list, paragraph, section, table, type Block, type Cell, type ColumnOf } from '../document.js';
import { verdictInWords } from '../words.js';
import { SWEEP_CAPTION } from './captions.js';

const COLUMNS: readonly ColumnOf<SweepPoint>[] = [
  { head: 'lr', align: 'right', cell: ({ learningRate }) => digits(learningRate, valueInWords('lr', learningRate)) },
  { head: 'init', cell: ({ initialisation }) => text(initialisation) },
  { head: 'batch', align: 'right', cell: ({ batchSize }) => digits(batchSize, String(batchSize), 'images') },
  { head: 'epochs', align: 'right', cell: ({ epochs }) => number(epochs) },
  { head: 'seeds', cell: seedsCell },
  {
    head: 'accuracy',
    align: 'right',
    cell: (point) =>
      point.mean === undefined ? ABSENT : accuracy(point.mean, intervalAtLevel(point), { seeds: point.seeds.length }),
  },
];

/** The points of a sweep, their range, the deck's number beside it, and what matters most. */
export function sweepSections(result: SweepResult): readonly Block[] {
  const { experiment, profile, backend } = result.grid;
  return [
    ...section(`What is left out of ${experiment}`, [
      paragraph(`Profile ${profile}, backend ${backend}.`),
      ...table(COLUMNS, result.points, { caption: SWEEP_CAPTION }),
    ]),
    ...section('Range', list([...rangeLines(result), ...result.printed.map((each) => printedLine(each, result))])),
    ...section('What matters most', list(result.effects.map(effectLine))),
  ];
}

/** A failed point has the mean of the seeds that have one, and how many failed. */
function seedsCell({ seeds, failures, missing }: SweepPoint): Cell {
  const counts = [
    String(seeds.length),
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
  ];
  return text(counts.join(' + '), failures.length > 0 ? 'bad' : undefined);
}

/** The range of the means, with the settings at its ends, and who is not in it. */
function rangeLines({ points, lowest, highest, grid }: SweepResult): readonly string[] {
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
function effectLine({ axis, levels, spread, interval, blocks, allBlocks }: SweepEffect): string {
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
function printedLine(
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

function settingsInWords({ learningRate, initialisation, batchSize, epochs }: SweepPoint): string {
  return `lr ${learningRate.toExponential()}, ${initialisation}, batch ${batchSize}, ${counted(epochs, 'epoch')}`;
}

function valueInWords(axis: Axis, value: number | string): string {
  return AXES[axis] === 'learningRate' ? Number(value).toExponential() : String(value);
}
