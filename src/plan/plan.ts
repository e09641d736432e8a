import { createHash } from 'node:crypto';
import { cellId, type BackendName, type Cell } from '../core/cell.js';
import type { Experiment, Profile } from '../core/experiment.js';
import { recipeDigest } from '../ledger/recipe.js';
import { estimateSeconds, type CountsOf } from './estimate.js';
import { skipReason } from './limit.js';

export interface PlannedCell {
  readonly id: string;
  readonly cell: Cell;
  readonly experiment: Experiment;
  readonly recipeSha256: string;
  readonly estimateSeconds: number;
  /** Why it is not to be started. */
  readonly skipReason?: string;
}

export interface Plan {
  /** Short digest of the cells and their recipes: the same plan has the same id everywhere. */
  readonly id: string;
  readonly profile: Profile;
  readonly cells: readonly PlannedCell[];
}

/** Seeds a profile runs when none are asked for: one is enough for smoke, verdicts need more. */
export const DEFAULT_SEED_COUNT: Readonly<Record<Profile, number>> = { smoke: 1, quick: 3, full: 5 };

export interface PlanOptions {
  /** Backends whose GPU is played by a processor. */
  readonly software?: readonly BackendName[];
  /** Sizes of data sets that are not built in, for the estimate. */
  readonly countsOf?: CountsOf;
  /** Training that would take longer, by its estimate, is skipped. */
  readonly limitSeconds?: number;
}

/**
 * The matrix of cells: experiment by backend by seed, in that order. Only training draws at random; everything else takes
 * one cell a backend, with seed 0.
 */
export function planCells(
  experiments: readonly Experiment[],
  backends: readonly BackendName[],
  seeds: readonly number[],
  profile: Profile,
  options: PlanOptions = {},
): Plan {
  const cells = experiments.flatMap((experiment) =>
    backends.flatMap((backend) =>
      (experiment.kind === 'training' ? seeds : [0]).map((seed) =>
        planCell(experiment, { experiment: experiment.id, backend, seed, profile }, options),
      ),
    ),
  );
  return planOf(cells, profile);
}

/** One cell of a plan. */
export function planCell(
  experiment: Experiment,
  cell: Cell,
  { software = [], countsOf, limitSeconds = Infinity }: PlanOptions = {},
): PlannedCell {
  const { backend, profile } = cell;
  const estimate = estimateSeconds(experiment, backend, profile, software.includes(backend), countsOf);
  const reason = experiment.kind === 'training' ? skipReason(backend, estimate, limitSeconds) : undefined;
  return {
    id: cellId(cell),
    cell,
    experiment,
    recipeSha256: recipeDigest(experiment, profile),
    estimateSeconds: estimate,
    ...(reason !== undefined && { skipReason: reason }),
  };
}

/** The plan of these cells, in this order. */
export function planOf(cells: readonly PlannedCell[], profile: Profile): Plan {
  const id = createHash('sha256')
    .update(JSON.stringify(cells.map((cell) => [cell.id, cell.recipeSha256])))
    .digest('hex');
  return { id: id.slice(0, 8), profile, cells };
}
