import { Flags, type Interfaces } from '@oclif/core';
import { PROFILES } from '../core/experiment.js';
import { SOURCE_FLAGS } from './data-flags.js';

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
  shard: Flags.string({
    helpValue: 'I/N',
    description: 'run the I-th of N parts of the plan ("2/5"); "cnnbench merge" puts them together',
  }),
  fresh: Flags.boolean({ description: 'run every cell again instead of going on with an earlier run' }),
  'dry-run': Flags.boolean({ description: 'print the plan with an estimate of time and stop' }),
};

export type RunFlags = Interfaces.InferredFlags<typeof RUN_FLAGS>;
