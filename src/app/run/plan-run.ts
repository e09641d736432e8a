import { CnnbenchError } from '../../core/errors.js';
import type { CountsOf } from '../../plan/estimate.js';
import { countsIn } from '../../data/deck/form.js';
import type { Experiment } from '../../core/experiment.js';
import type { Shard } from '../../core/shard.js';
import type { Summary } from '../../core/summary.js';
import type { Ledger } from '../../ledger/ledger.js';
import { DEFAULT_SEED_COUNT, planCells, type Plan, type PlannedCell } from '../../plan/plan.js';
import { seedsUpTo } from '../../plan/seeds.js';
import { selectExperiments } from '../../plan/select.js';
import { cellsOfShard } from '../../plan/shard.js';
import type { RunManifest, RunPlan } from '../../records/manifest.js';
import type { SharedExecutor } from '../../runner/parent/fork.js';
import { looksUpTo } from '../../stats/judge/looks.js';
import { chooseBackends } from './choose-backends.js';
import type { CellsRequest, NewRunRequest } from './run-request.js';

/** Work that a crash may cost. */
const DEFAULT_CHECKPOINT_SECONDS = 60;

const DEFAULT_TIMEOUT_MS = { smoke: 600_000, quick: 3_600_000, full: 7 * 24 * 3_600_000 } as const;

/** What a run will do, decided before anything is computed. */
export interface PlannedRun extends Pick<RunPlan, 'command' | 'looks' | 'settings' | 'sweep'> {
  readonly experiments: readonly Experiment[];
  readonly plan: Plan;
  /** What is run of the plan: all of it, or the cells of the shard. */
  readonly cells: readonly PlannedCell[];
  readonly shard?: Shard | undefined;
  /** Folder of the run. Absent: the unfinished one of this plan, else a new one. */
  readonly out?: string | undefined;
  /** The run that must be the same, of `--resume`. */
  readonly resumes?: Pick<RunManifest, 'planId' | 'command'> | undefined;
}

/** How backends are looked at. */
export interface Probing {
  readonly signal: AbortSignal;
  /** Default: each in a process that ends with it. */
  readonly probe?: SharedExecutor['probe'];
}

/**
 * The plan of a new run.
 *
 * @throws CnnbenchError E_USAGE, E_UNKNOWN_EXPERIMENT, and what `chooseBackends` throws
 */
export async function planNewRun(ledger: Ledger, request: NewRunRequest, probing: Probing): Promise<PlannedRun> {
  const { what, mostSeeds, shard, gate } = request;
  if (shard !== undefined && mostSeeds !== undefined) throw untilDecidedOfShard();
  if (shard !== undefined && gate !== undefined) throw gateOfShard();
  const experiments = selectExperiments(
    ledger.experiments,
    what,
    ledger.files.map(({ deck }) => deck),
  );
  const countsOf = countsIn(ledger.datasets);
  if (mostSeeds === undefined) return planExperiments(experiments, request, probing, countsOf);
  const planned = await planExperiments(experiments, { ...request, seeds: seedsUpTo(mostSeeds) }, probing, countsOf);
  return { ...planned, looks: looksUpTo(mostSeeds) };
}

/**
 * The plan of a run on these experiments.
 *
 * @param countsOf sizes of data sets that are not built in
 * @throws CnnbenchError E_USAGE, and what `chooseBackends` throws
 */
export async function planExperiments(
  experiments: readonly Experiment[],
  request: CellsRequest & Pick<NewRunRequest, 'out' | 'command'>,
  { signal, probe }: Probing,
  countsOf?: CountsOf,
): Promise<PlannedRun> {
  const { profile, shard, out, command } = request;
  const chosen = await chooseBackends(request.backends, signal, probe?.(request));
  const { timeoutMs = DEFAULT_TIMEOUT_MS[profile] } = request;
  const backends = chosen.map(({ name }) => name);
  const software = chosen.flatMap((backend) => (backend.software ? [backend.name] : []));
  const settings = {
    threads: request.threads,
    fma: request.fma ?? false,
    trace: request.trace ?? false,
    timeoutMs,
    memoryLimit: request.memoryLimit,
    checkpointSeconds: request.checkpointSeconds ?? DEFAULT_CHECKPOINT_SECONDS,
  };
  const options = { software, limitSeconds: timeoutMs / 1000, ...(countsOf && { countsOf }) };
  const plan = planCells(experiments, backends, seedsOf(request), profile, options);
  const cells = shard === undefined ? plan.cells : cellsOfShard(plan.cells, shard);
  return { experiments, plan, cells, shard, settings, out, command };
}

/** The plan as --dry-run shows it: what would run here, and of a shard which one it is. */
export function plannedHere({ plan, cells, shard }: PlannedRun): Plan & Pick<Summary['run'], 'shard'> {
  return { ...plan, cells, ...(shard && { shard: { ...shard, cellsOfPlan: plan.cells.length } }) };
}

/** The seeds of a request; without, as many as the profile takes. */
export function seedsOf({ seeds, profile }: Pick<CellsRequest, 'seeds' | 'profile'>): readonly number[] {
  return seeds ?? seedsUpTo(DEFAULT_SEED_COUNT[profile]);
}

function untilDecidedOfShard(): CnnbenchError {
  return new CnnbenchError(
    'E_USAGE',
    '--until-decided needs all seeds of an experiment, but a shard has only some',
    'Use a fixed number of --seeds for shards.',
  );
}

/** Why no shard is gated, whether it starts or goes on. */
export function gateOfShard(): CnnbenchError {
  return new CnnbenchError(
    'E_USAGE',
    '--gate needs all seeds of an experiment, but a shard has only some',
    'Run the shards without it, then "cnnbench merge DIR... --out DIR" and "cnnbench gate DIR".',
  );
}
