import { Flags, type Interfaces } from '@oclif/core';
import { commandLine } from '../app/command-line.js';
import type { NewRunRequest, RunLimits, RunRequest } from '../app/run/run-request.js';
import { CnnbenchError } from '../core/errors.js';
import { PROFILES } from '../core/experiment.js';
import { parseMemory } from '../plan/memory.js';
import { parseSeeds } from '../plan/seeds.js';
import { parseShard } from '../plan/shard.js';
import { dataChoice, SOURCE_FLAGS } from './data-flags.js';
import { CLOSING_GATE_FLAGS } from './gate-flags.js';
import { EXPORT_FLAGS } from './summary-flags.js';

/** Flags of every command that runs a plan of cells into a folder. */
export const RUN_FLAGS = {
  ...SOURCE_FLAGS,
  backend: Flags.string({
    char: 'b',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NAME',
    description: 'backend, repeatable or as comma list (default: every fast one that works here)',
  }),
  seeds: Flags.string({
    helpValue: 'N|LIST',
    description: 'a count ("3") or a list ("1,2,7"); default: smoke 1, quick 3, full 5',
  }),
  profile: Flags.option({
    options: PROFILES,
    default: 'quick',
    description: 'smoke: seconds a cell; quick: minutes; full: the recipe of the decks',
  })(),
  out: Flags.string({ helpValue: 'DIR', description: 'folder of the run (default: results/runs/<time>-<id>)' }),
  threads: Flags.integer({
    min: 1,
    description: 'threads a backend may use (default for wasm: all processors, up to 8)',
  }),
  'wasm-fma': Flags.boolean({
    default: false, // Compared with what records say.
    description: 'on wasm, fuse multiplications and additions: faster, but the bits depend on the machine',
  }),
  timeout: Flags.integer({
    min: 1,
    helpValue: 'SECONDS',
    description: 'longest a cell may take; training that would take longer is skipped',
  }),
  memory: Flags.string({ helpValue: 'SIZE', description: 'most memory a cell may take ("512MiB", "4GiB")' }),
  'checkpoint-every': Flags.integer({
    min: 0,
    helpValue: 'SECONDS',
    description:
      'least time between two checkpoints of a training, from which it goes on after a crash (default: 60; 0: every step)',
  }),
  shard: Flags.string({
    helpValue: 'I/N',
    description: 'run the I-th of N parts of the plan ("2/5"); "cnnbench merge" puts them together',
  }),
  ...EXPORT_FLAGS,
  fresh: Flags.boolean({ description: 'run every cell again instead of going on with an earlier run' }),
  'dry-run': Flags.boolean({ description: 'print the plan with an estimate of time and stop' }),
};

const DEFAULT_MAX_SEEDS = 10;

/** Flags of `run` alone. */
export const SUITE_FLAGS = {
  ...RUN_FLAGS,
  'until-decided': Flags.boolean({
    exclusive: ['seeds'],
    description: 'add seeds, at 3, 5 and 10 of them, until the claims are decided; the error is spent over these looks',
  }),
  'max-seeds': Flags.integer({
    min: 2,
    max: 1000,
    helpValue: 'N',
    dependsOn: ['until-decided'],
    description: `most seeds of --until-decided (default: ${DEFAULT_MAX_SEEDS})`,
  }),
  // What decides the result of a run that goes on is in its folder.
  resume: Flags.string({
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
    description: 'go on with the run of this folder; flags of data, time and memory may be given again',
  }),
  trace: Flags.boolean({
    description: 'say kernel by kernel where the time of a training step goes; throughput is then not reported',
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
  const message = `--resume goes on with the cells of ${folder}, and "${named.join(' ')}" names others`;
  throw new CnnbenchError('E_USAGE', message, 'Leave out the experiments, or --resume.');
}
