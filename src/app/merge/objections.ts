import { cellId } from '../../core/cell.js';
import { shardInWords } from '../../core/shard.js';
import { cellsOfPlan } from '../../records/manifest.js';
import { cellsInWords } from '../../report/words.js';
import { listed, type Objection } from '../objection.js';
import type { Run } from '../summarize-runs.js';
import { mixed } from './mixed.js';

/** What may be merged all the same, when it is allowed by name. */
export const ALLOWANCES = ['dirty'] as const;
export type Allowance = (typeof ALLOWANCES)[number];

export interface Allowed {
  /** Cells may be missing. */
  readonly partial: boolean;
  readonly allow: readonly Allowance[];
}

/** As many cells as a message names. */
const MOST_NAMED = 20;

/** What speaks against taking the records of these folders for those of one run; two results of one cell are found by `pickRecords`. */
export function objectionsTo(runs: readonly Run[], { partial, allow }: Allowed): readonly Objection[] {
  const plans = otherPlans(runs);
  return [
    ...plans,
    ...runs.flatMap(looked),
    ...mixed(runs),
    ...(allow.includes('dirty') ? [] : dirty(runs)),
    // Against which plan, if there are several?
    ...(plans.length > 0 ? [] : [...strays(runs), ...(partial ? [] : missing(runs))]),
    ...(runs.some(({ records }) => records.length > 0)
      ? []
      : [{ what: 'none of the folders has a record', remedy: 'Run the shards first.' }]),
  ];
}

/** The cells of the plan that none of the folders has a record of, in its order. */
export function missingCells(runs: readonly Run[]): readonly string[] {
  const present = new Set(runs.flatMap(({ records }) => records.map(({ cell }) => cellId(cell))));
  return planOf(runs).filter((cell) => !present.has(cell));
}

/** Ids of the cells of the plan that all folders share, in its order. */
export function planOf([first]: readonly Run[]): readonly string[] {
  return first === undefined ? [] : [...new Set(cellsOfPlan(first.manifest))];
}

function otherPlans(runs: readonly Run[]): readonly Objection[] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  return others.flatMap((run): readonly Objection[] => {
    const difference = planDifference(first, run);
    if (difference === undefined) return [];
    return [
      {
        what: `${run.directory} has another plan than ${first.directory}: ${difference}`,
        remedy: 'Merge runs of one plan: the same experiments, --backend, seeds, profile and data.',
      },
    ];
  });
}

function planDifference(first: Run, other: Run): string | undefined {
  const [ours, theirs] = [planOf([first]), planOf([other])];
  const only = (cells: readonly string[], known: readonly string[]) => {
    const there = new Set(known);
    return cells.filter((cell) => !there.has(cell));
  };
  const [more, less] = [only(theirs, ours), only(ours, theirs)];
  const words = [
    ...(more.length > 0 ? [`it has ${listed(more)}`] : []),
    ...(less.length > 0 ? [`it lacks ${listed(less)}`] : []),
  ];
  if (words.length > 0) return words.join('; ');
  if (ours.join('\n') !== theirs.join('\n')) return 'it has the same cells in another order';
  if (JSON.stringify(first.manifest.sweep) !== JSON.stringify(other.manifest.sweep))
    return 'it belongs to another sweep';
  return first.manifest.planId === other.manifest.planId
    ? undefined
    : 'it has the same cells, but other recipes or data, or only one of them uses --trace or --wasm-fma';
}

/** Such a run decides after each look what it plans next. */
function looked({ directory, manifest }: Run): readonly Objection[] {
  if (manifest.looks === undefined) return [];
  return [
    {
      what: `${directory} was run with --until-decided, which needs all seeds at each look`,
      remedy: 'Merge runs with a fixed number of --seeds.',
    },
  ];
}

/** Two builds with changes may be two programs, whatever commit they name. */
function dirty(runs: readonly Run[]): readonly Objection[] {
  const folders = runs.filter(({ records }) => records.some(({ environment }) => environment.dirty === true));
  if (folders.length === 0) return [];
  return [
    {
      what: `${listed(folders.map(({ directory }) => directory))}: made by builds with uncommitted changes, which may differ`,
      remedy: 'Commit, build and run again, or use --allow dirty if you know that they are the same.',
    },
  ];
}

function strays(runs: readonly Run[]): readonly Objection[] {
  const plan = new Set(planOf(runs));
  return runs.flatMap(({ directory, records }) => {
    const cells = records.map(({ cell }) => cellId(cell)).filter((cell) => !plan.has(cell));
    if (cells.length === 0) return [];
    return [
      {
        what: `${directory} has records of ${cellsInWords(cells.length)} that are not in the plan: ${listed(cells)}`,
        remedy: 'They come from an earlier command with the same --out: move them away.',
      },
    ];
  });
}

function missing(runs: readonly Run[]): readonly Objection[] {
  const cells = missingCells(runs);
  if (cells.length === 0) return [];
  const [of = 0, ...others] = new Set(runs.map(({ manifest }) => manifest.shard?.count));
  const absent =
    others.length > 0
      ? []
      : Array.from({ length: of }, (_, index) => ({ index: index + 1, count: of })).filter(
          ({ index }) => !runs.some(({ manifest }) => manifest.shard?.index === index),
        );
  const shards = absent.length === 0 ? '' : ` (no folder is ${listed(absent.map(shardInWords), MOST_NAMED)})`;
  return [
    {
      what: `${cells.length} of the ${cellsInWords(planOf(runs).length)} of the plan have no record${shards}: ${listed(cells, MOST_NAMED)}`,
      remedy:
        'Also give the folders that have them, or use --partial: the merged run is then unfinished, and "run" can resume it.',
    },
  ];
}
