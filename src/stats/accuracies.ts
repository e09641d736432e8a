import { isTrained } from '../core/experiment.js';
import { grouped, type NonEmpty } from '../core/grouped.js';
import { isFailure } from '../core/record.js';
import type { ClaimVerdict, Summary, SummaryCell, Verdict } from '../core/summary.js';
import { isReal } from './comparable.js';
import { wilsonInterval95 } from './inference/binomial.js';
import { meanInterval90, momentsOf, type Interval } from './inference/interval.js';
import { mean } from './inference/sample.js';
import { levelOf, ONCE } from './judge/looks.js';

/** An interval and its confidence level, a fraction. */
export interface LevelledInterval extends Interval {
  readonly level: number;
}

/** The interval of a claim, a comparison or a known verdict, at the level that it was judged by. */
export function intervalAtLevel({
  interval,
  level = levelOf(ONCE),
}: {
  readonly interval?: readonly [number, number] | undefined;
  readonly level?: number | undefined;
}): LevelledInterval | undefined {
  return interval && { low: interval[0], high: interval[1], level };
}

/** The final test accuracies of an experiment on a backend, in one profile, on one kind of data. */
export interface AccuracyRow {
  readonly experiment: string;
  readonly profile: string;
  readonly backend: string;
  /** Absent where no cell got as far as its data. */
  readonly dataset: SummaryCell['dataset'];
  /** Whether the images are the data set's own. */
  readonly real: boolean;
  /** Those that `mean` is over. */
  readonly seeds: readonly number[];
  /** Cells that crashed, diverged or timed out. */
  readonly failed: number;
  /** The claim on it, as of this backend; absent where no deck prints a number. */
  readonly claim: ClaimVerdict | undefined;
  /** `not run` for what is never held against a deck; absent where no deck prints a number. */
  readonly verdict: Verdict | undefined;
  /** Over `seeds`, a fraction. */
  readonly mean: number | undefined;
  /** Of the mean: the one that decided where something was judged, else 90 %. Absent below two seeds. */
  readonly interval: LevelledInterval | undefined;
  /** Absent where no cell got as far as testing. */
  readonly testImages: number | undefined;
}

/** A row for every experiment, backend, profile and data set that was trained; several where decks print several numbers. */
export function accuracyRows({ cells, claims }: Pick<Summary, 'cells' | 'claims'>): readonly AccuracyRow[] {
  const trained = cells.filter((cell) => isTrained(cell) || cell.testAccuracy !== undefined);
  return grouped(trained, ({ experiment, backend, profile }) => [experiment, backend, profile]).flatMap((same) => {
    const failed = same.filter(isFailure);
    const completed = same.filter(({ testAccuracy }) => testAccuracy !== undefined);
    const samples = grouped(completed.length > 0 ? completed : failed, ({ dataset }) =>
      completed.length > 0 ? [dataset?.fingerprint] : [],
    );
    return samples.flatMap((sample) => rowsOf(sample, failed.length, claims));
  });
}

function rowsOf(cells: NonEmpty<SummaryCell>, failed: number, claims: readonly ClaimVerdict[]): readonly AccuracyRow[] {
  const [{ experiment, profile, backend }] = cells;
  const dataset = cells.find((cell) => cell.dataset !== undefined)?.dataset;
  const completed = cells.filter(({ testAccuracy }) => testAccuracy !== undefined);
  const real = dataset === undefined || isReal(dataset);
  const base = { experiment, profile, backend, dataset, real, failed, testImages: completed[0]?.testImages };
  const own = claims.filter((claim) => claim.kind === 'accuracy' && claim.experiment === experiment);
  const printed = grouped(own, ({ id }) => [id]).map(
    ([first, ...others]) => [first, ...others].find((claim) => claim.backend === backend) ?? first,
  );
  return (printed.length === 0 ? [undefined] : printed).map((claim): AccuracyRow => {
    const here = claim?.backend === backend ? claim : undefined;
    if (here === undefined || !real || profile !== 'full' || here.verdict === 'not run') {
      const verdict = here && 'not run';
      return { ...base, ...sampleOf(completed), claim, verdict };
    }
    const measured = typeof here.measured === 'number' ? here.measured : undefined;
    return {
      ...base,
      seeds: here.seeds ?? [],
      mean: measured,
      interval: intervalAtLevel(here),
      claim,
      verdict: here.verdict,
    };
  });
}

/** All seeds that there are, which nothing was judged by. */
function sampleOf(completed: readonly SummaryCell[]): Pick<AccuracyRow, 'seeds' | 'mean' | 'interval'> {
  const accuracies = completed.flatMap(({ testAccuracy }) => testAccuracy ?? []);
  const moments = momentsOf(accuracies);
  const interval = moments && { ...meanInterval90(moments), level: levelOf(ONCE) };
  return { seeds: completed.map(({ seed }) => seed), mean: mean(accuracies), interval };
}

/** Half of the widest 95 % interval of the accuracies on a test set of so many images (Wilson 1927). */
export interface TestSetNoise {
  readonly images: number;
  /** A fraction. */
  readonly halfWidth: number;
}

/** What the seeds' intervals leave out, because all seeds share it: the test set is a sample itself. Largest test set first. */
export function testSetNoise(rows: readonly Pick<AccuracyRow, 'mean' | 'testImages'>[]): readonly TestSetNoise[] {
  const widest = new Map<number, number>();
  for (const { mean: accuracy, testImages } of rows) {
    if (accuracy === undefined || testImages === undefined || testImages === 0) continue;
    const { low, high } = wilsonInterval95(accuracy, testImages);
    widest.set(testImages, Math.max(widest.get(testImages) ?? 0, (high - low) / 2));
  }
  return [...widest].toSorted(([a], [b]) => b - a).map(([images, halfWidth]) => ({ images, halfWidth }));
}
