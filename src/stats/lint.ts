import { cellId } from '../core/cell.js';
import { grouped, type NonEmpty } from '../core/grouped.js';
import type { CellRecord } from '../core/record.js';
import { isCompletedTraining, type CompletedTraining } from './comparable.js';

/** What the seeds of a run must keep to, each with what breaks it. */
export const LINT_RULES = ['seed-twice', 'unseeded', 'start-differs', 'not-final-epoch', 'left-out'] as const;
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
 * - `unseeded`: two seeds of an experiment, backend and profile start from the same weights, or end at them: a random stream
 *   ignores its seed;
 * - `start-differs`: a seed of one recipe starts from other weights on another backend: a stream is seeded by something else, too;
 * - `not-final-epoch`: the accuracy is not that of the last of the recipe's epochs;
 * - `left-out`: a planned cell has no record. Without a plan: the seeds have a gap.
 *
 * A shuffle that ignores its seed shows only where the start does, too: records keep no digest of the order of the batches.
 *
 * @param records of one run, every outcome
 * @param plannedCells ids of the cells that the run planned
 */
export function lintRecords(records: readonly CellRecord[], plannedCells?: readonly string[]): readonly LintFinding[] {
  const trained = records.filter(isCompletedTraining);
  return [
    ...seedsTwice(records),
    ...grouped(trained, groupOf).flatMap(unseeded),
    ...grouped(trained, ({ recipeSha256, cell }) => [recipeSha256, cell.seed]).flatMap(differentStarts),
    ...trained.flatMap(notFinalEpoch),
    ...(plannedCells === undefined ? grouped(records, groupOf).flatMap(gaps) : leftOut(records, plannedCells)),
  ];
}

function groupOf({ cell: { experiment, backend, profile } }: CellRecord): readonly string[] {
  return [experiment, backend, profile];
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
    ...repeated(seeds, ({ result }) => result.weightsSha256, 'ends at the same weights as'),
  ];
}

/** Every seed whose digest an earlier one has. A second record of the same seed is another rule's. */
function repeated(
  seeds: readonly CompletedTraining[],
  digestOf: (record: CompletedTraining) => string,
  what: string,
): readonly LintFinding[] {
  return grouped(seeds, (record) => [digestOf(record)]).flatMap(([first, ...others]) =>
    others
      .filter(({ cell }) => cell.seed !== first.cell.seed)
      .map((record) =>
        finding('unseeded', record, `${what} seed ${first.cell.seed}: a random stream ignores its seed`),
      ),
  );
}

function differentStarts([first, ...others]: NonEmpty<CompletedTraining>): readonly LintFinding[] {
  return others
    .filter(({ result }) => result.initialWeightsSha256 !== first.result.initialWeightsSha256)
    .map((record) =>
      finding('start-differs', record, `starts from other weights than ${cellId(first.cell)}, which has the same seed`),
    );
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
      : [finding('left-out', record, `follows seed ${before}: the seeds between them are not there`)];
  });
}

function finding(rule: LintRule, { cell }: CellRecord, what: string): LintFinding {
  return { rule, cell: cellId(cell), message: `${cellId(cell)} ${what}` };
}
