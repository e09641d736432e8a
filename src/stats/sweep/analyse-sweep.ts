import type { AccuracyClaim } from '../../core/claim.js';
import { datasetUsed, isFailure, type CellRecord } from '../../core/record.js';
import type { SweepGrid, SweepPoint, SweepPrinted, SweepResult, SweepSettings } from '../../core/sweep.js';
import { failureInWords, isCompletedTraining, isReal } from '../comparable.js';
import { meanInterval90, momentsOf, type Interval } from '../inference/interval.js';
import { mean } from '../inference/sample.js';
import { decide, type Region } from '../judge/decide.js';
import { expectedOfAccuracy } from '../judge/training.js';
import { whyNoSample } from '../population.js';
import { effectsOf, type MeasuredPoint } from './effects.js';

export interface SweepInput {
  readonly grid: SweepGrid;
  /** Every point of the grid, with the id of the experiment that was trained for it. */
  readonly points: readonly (SweepSettings & { readonly experiment: string })[];
  readonly records: readonly CellRecord[];
  /** What the decks print for the experiment of the grid. */
  readonly claims: readonly AccuracyClaim[];
}

/**
 * The accuracies that a grid of settings leads to: every point, the range of their means, what each axis does, and the deck's
 * number beside it. Final epoch of each setting. A point with a failed seed counts as failed, and is in neither the range
 * nor the effects; it is listed like any other.
 */
export function analyseSweep({ grid, points, records, claims }: SweepInput): SweepResult {
  const own = records.filter(
    ({ cell }) => cell.backend === grid.backend && cell.profile === grid.profile && grid.seeds.includes(cell.seed),
  );
  const measured = points.map((point) => measure(point, grid.seeds, own));
  const complete = measured.filter((point) => isComplete(point, grid));
  const ends = extremes(measured, complete);
  const ids = new Set(points.map(({ experiment }) => experiment));
  const incomparable = whyIncomparable(
    grid,
    own.filter(({ cell }) => ids.has(cell.experiment)),
  );
  return {
    grid,
    points: measured.map(({ point }) => point),
    ...ends,
    effects: effectsOf(grid, complete),
    printed: claims.map((claim) => beside(claim, measured, complete, incomparable === undefined)),
    ...(incomparable !== undefined && { incomparable }),
  };
}

function measure(
  { experiment, ...settings }: SweepInput['points'][number],
  seeds: readonly number[],
  records: readonly CellRecord[],
): MeasuredPoint {
  const accuracies = new Map<number, number>();
  const failures: string[] = [];
  const missing: number[] = [];
  for (const seed of seeds) {
    const record = records.find(({ cell }) => cell.experiment === experiment && cell.seed === seed);
    const accuracy = record && accuracyAfter(record, settings.epochs);
    if (accuracy !== undefined) accuracies.set(seed, accuracy);
    else if (record !== undefined && isFailure(record)) failures.push(failureInWords(record));
    else missing.push(seed);
  }
  const center = mean([...accuracies.values()]);
  const moments = momentsOf([...accuracies.values()]);
  const interval = moments && meanInterval90(moments);
  return {
    point: {
      experiment,
      ...settings,
      seeds: [...accuracies.keys()],
      failures,
      missing,
      ...(center !== undefined && { mean: center }),
      ...(moments && { sd: moments.sd }),
      ...(interval && { interval: [interval.low, interval.high] as [number, number] }),
    },
    accuracies,
  };
}

/** Test accuracy after so many epochs, also of a training that diverged later; nothing where it never got there. */
function accuracyAfter(record: CellRecord, epochs: number): number | undefined {
  if (isCompletedTraining(record) && record.result.epochs === epochs) return record.result.testAccuracy;
  const curve = isCompletedTraining(record) ? record.result.curve : record.outcome === 'diverged' ? record.curve : [];
  return curve.find(({ epoch }) => epoch === epochs)?.testAccuracy;
}

function isComplete({ accuracies }: MeasuredPoint, { seeds }: SweepGrid): boolean {
  return accuracies.size === seeds.length;
}

function extremes(
  points: readonly MeasuredPoint[],
  complete: readonly MeasuredPoint[],
): Pick<SweepResult, 'lowest' | 'highest'> {
  const [first] = complete;
  if (first === undefined) return {};
  const better = (sign: 1 | -1) => (best: MeasuredPoint, each: MeasuredPoint) =>
    sign * ((each.point.mean ?? 0) - (best.point.mean ?? 0)) > 0 ? each : best;
  return { lowest: points.indexOf(complete.reduce(better(-1))), highest: points.indexOf(complete.reduce(better(1))) };
}

/** Only profile `full` on real data, and one set of files, may be held against a deck. */
function whyIncomparable({ profile }: SweepGrid, records: readonly CellRecord[]): string | undefined {
  const datasets = records.flatMap((record) => datasetUsed(record) ?? []);
  const standIn = datasets.find((dataset) => !isReal(dataset));
  if (profile !== 'full' || standIn !== undefined) {
    const data =
      standIn === undefined ? '' : standIn.provenance === 'stand-in' ? ' on stand-in images' : ' on unrecognised data';
    return `profile ${profile}${data}: the deck's number needs --profile full on real data`;
  }
  const why = whyNoSample(records);
  return why && `the points were trained ${why}`;
}

function beside(
  claim: AccuracyClaim,
  points: readonly MeasuredPoint[],
  complete: readonly MeasuredPoint[],
  comparable: boolean,
): SweepPrinted {
  const region = expectedOfAccuracy(claim);
  const { id, deck, place, printed } = claim;
  const { value, low, high } = region;
  const means = complete.flatMap(({ point }) => point.mean ?? []);
  const counts = { reproduced: 0, 'not reproduced': 0, inconclusive: 0, 'not run': 0 };
  for (const { point } of points) counts[verdictOf(point, region)]++;
  return {
    ...{ claim: id, deck, place, printed, value, low, high },
    ...(comparable && {
      ...(means.length > 0 && { position: positionOf(region, { low: Math.min(...means), high: Math.max(...means) }) }),
      verdicts: counts,
    }),
  };
}

/** As `judgeAccuracy` has it: a failed seed fails the point, and one seed decides nothing. */
function verdictOf({ failures, missing, interval }: SweepPoint, region: Region) {
  if (failures.length > 0) return 'not reproduced';
  if (missing.length > 0) return 'not run';
  return interval === undefined ? 'inconclusive' : decide({ low: interval[0], high: interval[1] }, region);
}

/** Where the printed interval lies, seen from the range of means. */
function positionOf(printed: Interval, range: Interval): NonNullable<SweepPrinted['position']> {
  if (printed.low > range.high) return 'above';
  if (printed.high < range.low) return 'below';
  return range.low <= printed.low && printed.high <= range.high ? 'inside' : 'overlapping';
}
