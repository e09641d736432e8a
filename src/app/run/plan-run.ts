import { CnnbenchError } from '../../core/errors.js';
import type { Experiment } from '../../core/experiment.js';
import type { Shard } from '../../core/shard.js';
import type { Summary } from '../../core/summary.js';
import { DEFAULT_SEED_COUNT, planCells, type Plan, type PlannedCell } from '../../plan/plan.js';
import { parseSeeds } from '../../plan/seeds.js';
import { cellsOfShard, parseShard } from '../../plan/shard.js';
import type { RunSettings } from '../../runner/parent/resume.js';
import { chooseBackends } from './choose-backends.js';
import { parseMemory } from '../../plan/memory.js';
import type { RunFlags } from '../../cli/run-flags.js';

/** Work that a crash may cost. */
const DEFAULT_CHECKPOINT_SECONDS = 60;

const DEFAULT_TIMEOUT_SECONDS = { smoke: 600, quick: 3600, full: 7 * 24 * 3600 } as const;

/** What a run will do, decided before anything is computed. */
export interface PlannedRun {
  readonly experiments: readonly Experiment[];
  readonly plan: Plan;
  /** What is run of the plan: all of it, or the cells of the shard. */
  readonly cells: readonly PlannedCell[];
  readonly shard?: Shard;
  readonly settings: RunSettings;
}

/**
 * The plan of a run on these experiments.
 *
 * @param flags those of `RUN_FLAGS`; `trace`, `gate` and `until-decided` are of `run` only
 * @throws CnnbenchError E_USAGE, E_BAD_SEEDS, and what `chooseBackends` throws
 */
export async function planRun(
  experiments: readonly Experiment[],
  flags: RunFlags & { readonly trace?: boolean } & SeesAllSeeds,
  signal: AbortSignal,
): Promise<PlannedRun> {
  const { profile } = flags;
  const memoryLimit = flags.memory === undefined ? undefined : parseMemory(flags.memory);
  const seeds = seedsOf(flags);
  const shard = shardOf(flags);
  const chosen = await chooseBackends(flags.backend, signal);
  const limitSeconds = flags.timeout ?? DEFAULT_TIMEOUT_SECONDS[profile];
  const backends = chosen.map(({ name }) => name);
  const software = chosen.flatMap((backend) => (backend.software ? [backend.name] : []));
  const settings = {
    threads: flags.threads,
    fma: flags['wasm-fma'],
    trace: flags.trace ?? false,
    timeoutMs: limitSeconds * 1000,
    memoryLimit,
    checkpointSeconds: flags['checkpoint-every'] ?? DEFAULT_CHECKPOINT_SECONDS,
  };
  const plan = planCells(experiments, backends, seeds, profile, { software, limitSeconds });
  if (shard === undefined) return { experiments, plan, cells: plan.cells, settings };
  return { experiments, plan, cells: cellsOfShard(plan.cells, shard), shard, settings };
}

/** The plan as --dry-run shows it: what would run here, and of a shard which one it is. */
export function plannedHere({ plan, cells, shard }: PlannedRun): Plan & Pick<Summary['run'], 'shard'> {
  return { ...plan, cells, ...(shard && { shard: { ...shard, cellsOfPlan: plan.cells.length } }) };
}

/** Flags that need every seed of an experiment. */
interface SeesAllSeeds {
  readonly gate?: boolean;
  readonly 'until-decided'?: boolean;
}

/** @throws CnnbenchError E_USAGE */
function shardOf(flags: { readonly shard: string | undefined } & SeesAllSeeds): Shard | undefined {
  if (flags.shard === undefined) return undefined;
  const shard = parseShard(flags.shard);
  if (flags['until-decided'] === true) {
    throw new CnnbenchError(
      'E_USAGE',
      '--until-decided looks at all seeds of an experiment, and a shard has some of them',
      'Give the shards a fixed number of --seeds.',
    );
  }
  if (flags.gate === true) throw gateOfShard();
  return shard;
}

/** Why no shard is gated, whether it starts or goes on. */
export function gateOfShard(): CnnbenchError {
  return new CnnbenchError(
    'E_USAGE',
    '--gate judges all seeds of an experiment, and a shard has some of them',
    'Run the shards without it, then "cnnbench merge DIR... --out DIR" and "cnnbench gate DIR".',
  );
}

/** The seeds that flags ask for; without, as many as the profile takes. @throws CnnbenchError E_BAD_SEEDS */
export function seedsOf({ seeds, profile }: Pick<RunFlags, 'seeds' | 'profile'>): number[] {
  return parseSeeds(seeds ?? String(DEFAULT_SEED_COUNT[profile]));
}
