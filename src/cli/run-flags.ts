import { Flags, type Interfaces } from '@oclif/core';
import { commandLine } from '../app/command-line.js';
import type { NewRunRequest, RunLimits, RunRequest } from '../app/run/run-request.js';
import { CnnbenchError } from '../core/errors.js';
import { PROFILES } from '../core/experiment.js';
import { parseMemory } from '../plan/memory.js';
import { DEFAULT_SEED_COUNT } from '../plan/plan.js';
import { parseSeeds } from '../plan/seeds.js';
import { parseShard } from '../plan/shard.js';
import { dataChoice, SOURCE_FLAGS } from './data-flags.js';
import { CLOSING_GATE_FLAGS } from './gate-flags.js';
import { EXPORT_FLAGS } from './summary-flags.js';

const seedDefaults = PROFILES.map((profile) => `${profile} ${DEFAULT_SEED_COUNT[profile]}`).join(', ');

/** Flags of every command that runs a plan of cells into a folder. */
export const RUN_FLAGS = {
  backend: Flags.string({
    char: 'b',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'plan',
    helpValue: 'NAME',
    description: 'backend (repeatable, or comma-separated; default: all fast ones that work here)',
  }),
  profile: Flags.option({
    options: PROFILES,
    default: 'quick',
    helpGroup: 'plan',
    description: 'smoke: seconds per cell; quick: minutes; full: the recipe of the decks',
  })(),
  seeds: Flags.string({
    helpGroup: 'plan',
    helpValue: 'N|LIST',
    description: `a count ("3") or a list ("1,2,7"); default: ${seedDefaults}`,
  }),
  'dry-run': Flags.boolean({ helpGroup: 'plan', description: 'show the plan and the estimated time, and stop' }),
  shard: Flags.string({
    helpGroup: 'plan',
    helpValue: 'I/N',
    description: 'run part I of N of the plan ("2/5"), to be merged with "cnnbench merge"',
  }),
  'wasm-fma': Flags.boolean({
    default: false, // Compared with what records say.
    helpGroup: 'plan',
    description: 'fused multiply-add on wasm: faster, but the bits depend on the machine',
  }),
  ...SOURCE_FLAGS,
  threads: Flags.integer({
    min: 1,
    helpGroup: 'limit',
    helpValue: 'N',
    description: 'threads per backend (default for wasm: all processors, up to 8)',
  }),
  timeout: Flags.integer({
    min: 1,
    helpGroup: 'limit',
    helpValue: 'SECONDS',
    description: 'time limit of a cell; training that would exceed it is skipped',
  }),
  memory: Flags.string({
    helpGroup: 'limit',
    helpValue: 'SIZE',
    description: 'memory limit of a cell ("512MiB", "4GiB")',
  }),
  'checkpoint-every': Flags.integer({
    min: 0,
    helpGroup: 'limit',
    helpValue: 'SECONDS',
    description: 'least time between two checkpoints of a training (default: 60; 0: every step)',
  }),
  out: Flags.string({
    helpGroup: 'output',
    helpValue: 'DIR',
    description: 'run folder (default: results/runs/<time>-<id>)',
  }),
  fresh: Flags.boolean({ helpGroup: 'output', description: 'run every cell again instead of resuming' }),
  ...EXPORT_FLAGS,
};

const DEFAULT_MAX_SEEDS = 10;

/** Flags of `run` alone. */
export const SUITE_FLAGS = {
  ...RUN_FLAGS,
  'until-decided': Flags.boolean({
    exclusive: ['seeds'],
    helpGroup: 'plan',
    description: 'judge at 3, 5 and 10 seeds, and add seeds until the claims are decided',
  }),
  'max-seeds': Flags.integer({
    min: 2,
    max: 1000,
    helpGroup: 'plan',
    helpValue: 'N',
    dependsOn: ['until-decided'],
    description: `seed limit of --until-decided (default: ${DEFAULT_MAX_SEEDS})`,
  }),
  // What decides the result of a run that goes on is in its folder.
  resume: Flags.string({
    helpGroup: 'output',
    helpValue: 'DIR',
    exclusive: [
      'backend',
      'seeds',
      'profile',
      'out',
      'wasm-fma',
      'trace',
      'fresh',
      'until-decided',
      'max-seeds',
      'shard',
    ],
    description: 'resume the run in this folder; data and limit flags may be changed',
  }),
  trace: Flags.boolean({
    helpGroup: 'output',
    description: 'time the kernels of a training step; throughput is then not reported',
  }),
  ...CLOSING_GATE_FLAGS,
};

type RunFlags = Interfaces.InferredFlags<typeof RUN_FLAGS>;
type SuiteFlags = Interfaces.InferredFlags<typeof SUITE_FLAGS>;

/**
 * The request of a `cnnbench run`.
 *
 * @param what experiments, with the default of the command where none is named
 * @param named those that were named
 * @param argv the command line
 * @throws CnnbenchError E_USAGE, E_BAD_SEEDS
 */
export function runRequest(
  flags: SuiteFlags,
  { what, named, argv }: Readonly<Record<'what' | 'named' | 'argv', readonly string[]>>,
): RunRequest {
  const { resume, trace, policy, strict } = flags;
  const gate = flags.gate ? { policy, strict } : undefined;
  if (resume !== undefined) {
    refuseNames(resume, named);
    return { resume, gate, data: dataChoice(flags), ...limitsOf(flags) };
  }
  const mostSeeds = flags['until-decided'] ? (flags['max-seeds'] ?? DEFAULT_MAX_SEEDS) : undefined;
  return { ...cellsRequest(flags, commandLine('run', argv)), what, mostSeeds, trace, gate };
}

/** What `RUN_FLAGS` say. @throws CnnbenchError E_USAGE, E_BAD_SEEDS */
export function cellsRequest(
  flags: Omit<RunFlags, 'backend'> & { readonly backend: readonly string[] | undefined },
  command: string,
): Omit<NewRunRequest, 'what'> {
  const { profile, out, fresh } = flags;
  return {
    ...limitsOf(flags),
    backends: flags.backend,
    seeds: flags.seeds === undefined ? undefined : parseSeeds(flags.seeds),
    shard: flags.shard === undefined ? undefined : parseShard(flags.shard),
    fma: flags['wasm-fma'],
    data: dataChoice(flags),
    ...{ profile, out, fresh, command },
  };
}

function limitsOf(flags: Pick<RunFlags, 'threads' | 'timeout' | 'memory' | 'checkpoint-every'>): RunLimits {
  return {
    threads: flags.threads,
    timeoutMs: flags.timeout === undefined ? undefined : flags.timeout * 1000,
    memoryLimit: flags.memory === undefined ? undefined : parseMemory(flags.memory),
    checkpointSeconds: flags['checkpoint-every'],
  };
}

function refuseNames(folder: string, named: readonly string[]): void {
  if (named.length === 0) return;
  const message = `--resume runs the cells of ${folder}, so "${named.join(' ')}" cannot be given too`;
  throw new CnnbenchError('E_USAGE', message, 'Omit the experiments, or --resume.');
}
