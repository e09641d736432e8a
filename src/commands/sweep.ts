import { Args, Flags } from '@oclif/core';
import { commandLine } from '../app/command-line.js';
import { oneBackend } from '../app/run/choose-backends.js';
import { planSweep, sweep } from '../app/sweep/sweep.js';
import { withDecks } from '../app/decks/with-decks.js';
import { RunCommand } from '../cli/run-command.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { cellsRequest, RUN_FLAGS } from '../cli/run-flags.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Sweep extends RunCommand {
  static override summary = 'Vary settings that a slide leaves out, and show the range of accuracies.';
  static override description =
    'Trains an experiment at every point of a grid and shows the range of mean accuracies next to the number on the slide. All points share the same seeds; shorter trainings are read from the curve of the longest. Runs, resumes and reports like "run". See docs/sweep.md.';
  static override args = {
    experiment: Args.string({ required: true, description: 'experiment to train' }),
  };
  static override flags = {
    ...RUN_FLAGS,
    ...DECK_FLAGS,
    backend: Flags.string({ char: 'b', helpValue: 'NAME', default: 'wasm', description: 'backend to train on' }),
    over: Flags.string({
      helpValue: 'AXES',
      description: 'axes to vary, comma-separated: lr, init, batch, epochs',
    }),
    lr: Flags.string({ helpValue: 'LIST', description: 'learning rates (default: 1e-4,3e-4,1e-3,3e-3)' }),
    init: Flags.string({
      helpValue: 'LIST',
      description: 'initialisations (default: he-uniform,xavier-uniform,pytorch-default)',
    }),
    batch: Flags.string({ helpValue: 'LIST', description: 'batch sizes (default: 64,256,1024)' }),
    epochs: Flags.string({
      helpValue: 'LIST',
      description: "epochs (default: a quarter, half, one and two times the profile's)",
    }),
  };
  static override examples = [
    {
      description: 'which accuracies do learning rate and initialisation allow?',
      command: '<%= config.bin %> <%= command.id %> mlp-2 --over lr,init --profile full --seeds 3',
    },
    {
      description: 'two learning rates, after 1 to 20 epochs',
      command: '<%= config.bin %> <%= command.id %> mlp-1 --lr 1e-4,1e-3 --epochs 1,2,5,10,20',
    },
    {
      description: 'what would run, and how long it would take',
      command: '<%= config.bin %> <%= command.id %> mlp-2 --over lr,epochs,init,batch --dry-run',
    },
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Sweep);
    const { over, lr, init, batch, epochs } = flags;
    const request = {
      ...cellsRequest({ ...flags, backend: undefined }, commandLine('sweep', this.argv)),
      experiment: args.experiment,
      backend: oneBackend(flags.backend),
      axes: { over, lr, init, batch, epochs },
    };
    const signal = this.untilInterrupted();
    const ledger = await withDecks(builtInLedger(), deckChoice(flags));
    if (flags['dry-run']) return this.showPlan(await planSweep(ledger, request, { signal }));
    return this.showRun(await sweep(ledger, request, { stream: process.stderr, signal }), flags);
  }
}
