import { Flags } from '@oclif/core';
import { exitCodeOfParity, parity } from '../app/parity/parity.js';
import { parityText, type ParityResult } from '../app/parity/parity-table.js';
import { BaseCommand } from '../cli/base-command.js';
import { dataChoice, SOURCE_FLAGS } from '../cli/data-flags.js';
import { RUNGS } from '../parity/task.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Parity extends BaseCommand {
  static override summary =
    'Hold backends against the oracle js, step by step, and name the first op or layer that diverges.';
  static override description = `The same weights and the same images on js and on each backend: every op that the suites use, each layer and the loss, the
gradients from the last layer to the first, ten optimizer steps, and the accuracy of the profile smoke. For networks with
convolutions a narrow twin stands, with an eighth of the filters. On the rung golden each backend, js too, takes steps
that PyTorch took. Exits with 1 when something diverges. docs/parity.md explains the bounds.`;
  static override flags = {
    ...SOURCE_FLAGS,
    backend: Flags.string({
      char: 'b',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'backend, repeatable or as comma list (default: every one that works here except js)',
    }),
    experiment: Flags.string({
      char: 'e',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'what is trained: an experiment, a suite or a pattern (default: one for each model)',
    }),
    rung: Flags.option({
      options: RUNGS,
      multiple: true,
      multipleNonGreedy: true,
      description: 'only these rungs, repeatable',
    })(),
    seed: Flags.integer({
      min: 0,
      default: 1,
      description: 'of the inputs of the ops, the weights and the order of images; the rung golden has its own',
    }),
    'keep-going': Flags.boolean({ description: 'go on after a rung that diverged' }),
    timeout: Flags.integer({ min: 1, default: 900, helpValue: 'SECONDS', description: 'longest a process may take' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'which op is it?', command: '<%= config.bin %> <%= command.id %> --backend webgpu --rung ops' },
    { description: 'another draw', command: '<%= config.bin %> <%= command.id %> -b wasm -e mlp-4 --seed 7 --json' },
  ];

  async run(): Promise<ParityResult> {
    const { flags } = await this.parse(Parity);
    const { backend, experiment, rung, seed, timeout } = flags;
    const request = {
      ...{ backends: backend, experiments: experiment, rungs: rung, seed },
      ...{ keepGoing: flags['keep-going'], timeoutMs: timeout * 1000, data: dataChoice(flags) },
    };
    const surroundings = { stream: process.stderr, signal: this.interruption() };
    const result = await parity(builtInLedger(), request, surroundings);
    this.log(parityText(result));
    process.exitCode = exitCodeOfParity(result);
    return result;
  }
}
