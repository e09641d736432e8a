import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { cacheDirectory } from '../data/cache.js';
import { FLAVOURS, type Flavour } from '../native/flavours.js';
import type { Proof } from '../native/proof.js';
import { setUp } from '../native/setup.js';
import { proveByProcess } from '../runner/parent/prove-installation.js';

export default class Setup extends BaseCommand {
  static override summary = 'Install the backend cpu or gpu where npm could not.';
  static override description =
    'Downloads tfjs-node with npm and libtensorflow with pip, checks each against a pinned digest, compiles the binding, tests it, and installs it in the cache folder. Needs npm, Python 3 with pip and a C++ compiler, on Linux x64.';
  static override args = {
    backend: Args.string({ options: [...FLAVOURS], required: true, description: 'backend to install' }),
  };
  static override flags = {
    force: Flags.boolean({ description: 'reinstall even if it works' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> cpu',
    '<%= config.bin %> <%= command.id %> gpu --force',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Setup);
    const result = await setUp(args.backend as Flavour, {
      cacheDir: cacheDirectory(process.env),
      force: flags.force,
      signal: this.interruption(),
      prove: proveByProcess,
      onProgress: (line) => process.stderr.write(`${line}\n`),
    });
    const { flavour, outcome, folder, proof } = result;
    const what = `libtensorflow ${proof.libtensorflow}, tfjs-node ${proof.version}`;
    const done = outcome === 'installed' ? 'set up' : 'was already set up';
    const on = proof.onGpu ? ` on ${proof.gpu ?? 'a GPU'}` : flavour === 'gpu' ? ' on one processor core' : '';
    this.log(`${flavour} ${done}: ${what}, ${proof.gigaflops.toFixed(0)} GFLOP/s${on}, in ${folder}`);
    if (flavour === 'gpu' && !proof.onGpu) this.log(withoutGpu(proof));
    return result;
  }
}

/** A login node has no GPU, and the nodes that compute share its files. */
function withoutGpu({ gpu }: Proof): string {
  return gpu === undefined
    ? 'No GPU is visible on this machine, so gpu does not work here. It works where there is an NVIDIA GPU with its driver; check with "cnnbench doctor".'
    : `libtensorflow cannot use the ${gpu} of this machine: it needs a driver for CUDA 12, version 525 or newer.`;
}
