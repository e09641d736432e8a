import { cellId } from '../../core/cell.js';
import { grouped, type NonEmpty } from '../../core/grouped.js';
import type { CellRecord } from '../../core/record.js';
import { isCompletedTraining, type CompletedTraining } from '../comparable.js';

/** What the seeds of a run must keep to, each with what breaks it. */
export const LINT_RULES = [
  'seed-twice',
  'unseeded',
  'start-differs',
  'order-differs',
  'not-final-epoch',
  'left-out',
] as const;
export type LintRule = (typeof LINT_RULES)[number];

export interface LintFinding {
  readonly rule: LintRule;
  /** Id of the cell that breaks the rule. */
  readonly cell: string;
  /** One sentence, with the other cell where two are concerned. */
  readonly message: string;
}

/**
 * Whether the seeds of a run are what they are counted as: independent draws, all of them, after the last epoch.
 *
 * - `seed-twice`: a cell has two records, so that one draw would count as two;
 * - `unseeded`: two seeds of an experiment, backend and profile start from the same weights, take the examples in the same order, or
 *   end at the same weights: a random stream ignores its seed;
 * - `start-differs`: a seed of one recipe starts from other weights on another backend: a stream is seeded by something else, too;
 * - `order-differs`: the same of the order of the examples;
 * - `not-final-epoch`: the accuracy is not that of the last of the recipe's epochs;
 * - `left-out`: a planned cell has no record. Without a plan: the seeds have a gap.
 *
 * Nothing is said of the order in records of earlier versions, which do not keep it.
 *
 * @param records of one run, every outcome
 * @param plannedCells ids of the cells that the run planned
 */
export function lintRecords(records: readonly CellRecord[], plannedCells?: readonly string[]): readonly LintFinding[] {
  const trained = records.filter(isCompletedTraining);
  return [
    ...seedsTwice(records),
    ...grouped(trained, groupOf).flatMap(unseeded),
    ...grouped(trained, seedOf).flatMap((same) =>
      differing('start-differs', same, ({ result }) => result.initialWeightsSha256, 'starts from other weights'),
    ),
    // Another number of images has another order.
    ...grouped(trained.filter(saysItsOrder), (record) => [...seedOf(record), record.result.trainImages]).flatMap(
      (same) =>
        differing('order-differs', same, ({ result }) => result.orderSha256, 'takes the examples in another order'),
    ),
    ...trained.flatMap(notFinalEpoch),
    ...(plannedCells === undefined ? grouped(records, groupOf).flatMap(gaps) : leftOut(records, plannedCells)),
  ];
}

function groupOf({ cell: { experiment, backend, profile } }: CellRecord): readonly string[] {
  return [experiment, backend, profile];
}

/** One recipe's seed, on whatever backend. */
function seedOf({ recipeSha256, cell }: CompletedTraining): readonly unknown[] {
  return [recipeSha256, cell.seed];
}

function saysItsOrder({ result }: CompletedTraining): boolean {
  return result.orderSha256 !== undefined;
}

function seedsTwice(records: readonly CellRecord[]): readonly LintFinding[] {
  return grouped(records, ({ cell }) => [cellId(cell)]).flatMap((same) =>
    same.length < 2
      ? []
      : [finding('seed-twice', same[0], `has ${same.length} records: one draw would count ${same.length} times`)],
  );
}

function unseeded(seeds: readonly CompletedTraining[]): readonly LintFinding[] {
  return [
    ...repeated(seeds, ({ result }) => result.initialWeightsSha256, 'starts from the same weights as'),
    ...repeated(seeds, ({ result }) => result.orderSha256, 'takes the examples in the same order as'),
    ...repeated(seeds, ({ result }) => result.weightsSha256, 'ends at the same weights as'),
  ];
}

/** Every seed whose digest an earlier one has. A second record of the same seed is another rule's. */
function repeated(
  seeds: readonly CompletedTraining[],
  digestOf: (record: CompletedTraining) => string | undefined,
  what: string,
): readonly LintFinding[] {
  const known = seeds.filter((record) => digestOf(record) !== undefined);
  return grouped(known, (record) => [digestOf(record)]).flatMap(([first, ...others]) =>
    others
      .filter(({ cell }) => cell.seed !== first.cell.seed)
      .map((record) =>
        finding('unseeded', record, `${what} seed ${first.cell.seed}: a random stream ignores its seed`),
      ),
  );
}

/** Every record of one seed that has another digest than the first, though nothing but the backend differs. */
function differing(
  rule: LintRule,
  [first, ...others]: NonEmpty<CompletedTraining>,
  digestOf: (record: CompletedTraining) => string | undefined,
  what: string,
): readonly LintFinding[] {
  return others
    .filter((record) => digestOf(record) !== digestOf(first))
    .map((record) => finding(rule, record, `${what} than ${cellId(first.cell)}, which has the same seed`));
}

function notFinalEpoch(record: CompletedTraining): readonly LintFinding[] {
  const { curve, epochs, testAccuracy } = record.result;
  const complete = curve.length === epochs && curve.every(({ epoch }, index) => epoch === index + 1);
  if (!complete) {
    const seen = curve.map(({ epoch }) => epoch).join(', ');
    return [finding('not-final-epoch', record, `trained ${epochs} epochs, and its curve has the epochs ${seen}`)];
  }
  const last = curve.at(-1)?.testAccuracy;
  if (last === testAccuracy) return [];
  return [
    finding('not-final-epoch', record, `gives ${testAccuracy} as its accuracy, and ${last} after its last epoch`),
  ];
}

function leftOut(records: readonly CellRecord[], plannedCells: readonly string[]): readonly LintFinding[] {
  const present = new Set(records.map(({ cell }) => cellId(cell)));
  return plannedCells
    .filter((cell) => !present.has(cell))
    .map((cell) => ({ rule: 'left-out', cell, message: `${cell} was planned and has no record` }));
}

function gaps(seeds: readonly CellRecord[]): readonly LintFinding[] {
  const sorted = seeds.toSorted((left, right) => left.cell.seed - right.cell.seed);
  return sorted.flatMap((record, index) => {
    const before = sorted[index - 1]?.cell.seed;
    return before === undefined || record.cell.seed - before <= 1
      ? []
      : [finding('left-out', record, `follows seed ${before}: the seeds between them are missing`)];
  });
}

function finding(rule: LintRule, { cell }: CellRecord, what: string): LintFinding {
  return { rule, cell: cellId(cell), message: `${cellId(cell)} ${what}` };
}
