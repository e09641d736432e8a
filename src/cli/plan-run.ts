import type { Experiment } from '../core/experiment.js';
import { DEFAULT_SEED_COUNT, planCells, type Plan } from '../plan/plan.js';
import { parseSeeds } from '../plan/seeds.js';
import type { RunSettings } from '../runner/resume.js';
import { chooseBackends } from './backends.js';
import { parseMemory } from './memory.js';
import type { RunFlags } from './run-flags.js';

/** A crash costs this much work; a checkpoint of the largest model here takes a second. */
const DEFAULT_CHECKPOINT_SECONDS = 60;

const DEFAULT_TIMEOUT_SECONDS = { smoke: 600, quick: 3600, full: 7 * 24 * 3600 } as const;

/** What a run will do, decided before anything is computed. */
export interface PlannedRun {
  readonly experiments: readonly Experiment[];
  readonly plan: Plan;
  readonly settings: RunSettings;
}

/**
 * The plan of a run on these experiments.
 *
 * @param flags those of `RUN_FLAGS`; `trace` is of `run` only
 * @throws CnnbenchError E_USAGE, E_BAD_SEEDS, and what `chooseBackends` throws
 */
export async function planRun(
  experiments: readonly Experiment[],
  flags: RunFlags & { readonly trace?: boolean },
  signal: AbortSignal,
): Promise<PlannedRun> {
  const { profile } = flags;
  const memoryLimit = flags.memory === undefined ? undefined : parseMemory(flags.memory);
  const seeds = seedsOf(flags);
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
  return {
    experiments,
    plan: planCells(experiments, backends, seeds, profile, { software, limitSeconds }),
    settings,
  };
}

/** The seeds that flags ask for; without, as many as the profile takes. @throws CnnbenchError E_BAD_SEEDS */
export function seedsOf({ seeds, profile }: Pick<RunFlags, 'seeds' | 'profile'>): number[] {
  return parseSeeds(seeds ?? String(DEFAULT_SEED_COUNT[profile]));
}
