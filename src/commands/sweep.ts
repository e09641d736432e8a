import { Args, Flags } from '@oclif/core';
import { oneBackend } from '../app/run/choose-backends.js';
import { BaseCommand } from '../cli/base-command.js';
import { commandLine } from '../app/command-line.js';
import { dataChoice } from '../cli/data-flags.js';
import { EXPORT_FLAGS, exportCells } from '../app/export-csv.js';
import { plannedHere, planRun, seedsOf } from '../app/run/plan-run.js';
import { planTable } from '../app/run/plan-table.js';
import { RUN_FLAGS } from '../cli/run-flags.js';
import { finishRun, runPlan } from '../app/run/open-run.js';
import { gridOf } from '../app/sweep/sweep-grid.js';
import { stdoutOptions } from '../app/terminal.js';
import { sweepExperiments } from '../plan/sweep-points.js';
import { renderReport } from '../report/render.js';
import { exitCodeOf } from '../stats/gate/exit-code.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Sweep extends BaseCommand {
  static override summary = 'Vary what a slide leaves out, and say which accuracies that allows.';
  static override description = `Trains an experiment at every point of a grid and reports the range of the mean accuracies next to the number on the
slide. Seeds draw the same numbers at every point. Epochs cost nothing but the longest training: its curve has the others.
Runs, resumes and reports like "run"; docs/sweep.md says how to read it.`;
  static override args = {
    experiment: Args.string({ required: true, description: 'an experiment of the suites mlp and cnn' }),
  };
  static override flags = {
    ...RUN_FLAGS,
    ...EXPORT_FLAGS,
    backend: Flags.string({ char: 'b', helpValue: 'NAME', default: 'wasm', description: 'the backend to train on' }),
    over: Flags.string({
      helpValue: 'AXES',
      description: 'what to vary: some of lr, init, batch, epochs, as a comma list',
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
      description: 'the two learning rates of the decks, after 1 to 20 epochs',
      command: '<%= config.bin %> <%= command.id %> mlp-1 --lr 1e-4,1e-3 --epochs 1,2,5,10,20',
    },
    {
      description: 'what would run, and for how long',
      command: '<%= config.bin %> <%= command.id %> mlp-2 --over lr,epochs,init,batch --dry-run',
    },
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Sweep);
    const signal = this.interruption(
      'Every finished cell is on disk: run the same command again to go on where it stopped.',
    );
    const ledger = builtInLedger();
    const base = ledger.training(args.experiment);
    const grid = gridOf(base, flags, {
      backend: oneBackend(flags.backend),
      profile: flags.profile,
      seeds: seedsOf(flags),
    });
    const run = await planRun(sweepExperiments(base, grid), { ...flags, backend: [flags.backend] }, signal);
    if (flags['dry-run']) {
      const plan = plannedHere(run);
      this.log(planTable(plan));
      return plan;
    }
    const stream = process.stderr;
    const directory = await runPlan(ledger, run, {
      data: dataChoice(flags),
      out: flags.out,
      fresh: flags.fresh,
      command: commandLine('sweep', this.argv),
      stream,
      signal,
      sweep: grid,
    });
    const { summary, reportPath } = await finishRun(ledger, directory);
    await exportCells(summary, flags);
    this.log(renderReport(summary, 'terminal', stdoutOptions()).text);
    stream.write(`Report: ${reportPath}\n`);
    process.exitCode = exitCodeOf(summary);
    return summary;
  }
}
