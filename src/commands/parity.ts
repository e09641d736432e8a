import { Flags } from '@oclif/core';
import { exitCodeOfParity, parity } from '../app/parity/parity.js';
import { parityDocument, type ParityResult } from '../app/parity/parity-table.js';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { shown } from '../cli/shown.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { dataChoice, SOURCE_FLAGS } from '../cli/data-flags.js';
import { RUNGS } from '../parity/task.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Parity extends BaseCommand {
  static override summary = 'Compare backends with the reference backend, op by op and step by step.';
  static override description =
    'Compares each backend with js on the same weights and images, and names the first op or layer that diverges: every op that the suites use, each layer and the loss, the gradients, ten optimizer steps, and the accuracy of profile smoke. Narrow twins with an eighth of the filters stand in for CNNs. On the rung golden each backend, js included, repeats steps that PyTorch took. Exits with 1 if something diverges. See docs/parity.md.';
  static override flags = {
    ...SOURCE_FLAGS,
    ...DECK_FLAGS,
    backend: Flags.string({
      char: 'b',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'backend (repeatable, or comma-separated; default: all that work here except js)',
    }),
    experiment: Flags.string({
      char: 'e',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'experiment, suite or pattern (default: one experiment per model)',
    }),
    rung: Flags.option({
      options: RUNGS,
      multiple: true,
      multipleNonGreedy: true,
      description: 'only this rung (repeatable)',
    })(),
    seed: Flags.integer({
      min: 0,
      default: 1,
      description: 'seed of inputs, weights and image order; golden has its own',
    }),
    'keep-going': Flags.boolean({ description: 'continue after a rung that diverges' }),
    timeout: Flags.integer({ min: 1, default: 900, helpValue: 'SECONDS', description: 'time limit of a process' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    { description: 'which op is it?', command: '<%= config.bin %> <%= command.id %> --backend webgpu --rung ops' },
    {
      description: 'other random inputs',
      command: '<%= config.bin %> <%= command.id %> -b wasm -e mlp-4 --seed 7 --json',
    },
  ];

  async run(): Promise<ParityResult> {
    const { flags } = await this.parse(Parity);
    const { backend, experiment, rung, seed, timeout } = flags;
    const request = {
      ...{ backends: backend, experiments: experiment, rungs: rung, seed },
      ...{ keepGoing: flags['keep-going'], timeoutMs: timeout * 1000, data: dataChoice(flags) },
    };
    const surroundings = { stream: process.stderr, signal: this.interruption() };
    const ledger = await withDecks(builtInLedger(), deckChoice(flags));
    const result = await parity(ledger, request, surroundings);
    this.log(shown(parityDocument(result)));
    process.exitCode = exitCodeOfParity(result);
    return result;
  }
}
