import { Args } from '@oclif/core';
import { planRun, run } from '../app/run/run.js';
import { RunCommand } from '../cli/run-command.js';
import { runRequest, SUITE_FLAGS } from '../cli/run-flags.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Run extends RunCommand {
  static override summary = 'Run suites or experiments and say which numbers of the decks hold.';
  static override description = `Every cell (experiment x backend x seed) leaves a record in DIR/records; every training runs in a process of its own. A run that was
interrupted goes on where it stopped when the same command is given again, or --resume with its folder. The result table goes to stdout, progress to
stderr. DIR/report.md, DIR/summary.json and DIR/records hold everything.`;
  static override strict = false;
  static override args = {
    what: Args.string({
      description: 'all, a suite, an experiment, or a pattern such as "mlp-2*"; several are fine',
      default: 'all',
    }),
  };
  static override flags = SUITE_FLAGS;
  static override examples = [
    {
      description: 'everything, within about 20 minutes on two cores',
      command: '<%= config.bin %> <%= command.id %> all',
    },
    {
      description: "does the deck's 89% hold?",
      command: '<%= config.bin %> <%= command.id %> mlp-1 --profile full --seeds 5',
    },
    {
      description: 'as many seeds as it takes, at most 20',
      command: '<%= config.bin %> <%= command.id %> mlp-3 --profile full --until-decided --max-seeds 20',
    },
    {
      description: 'go on with a run that was interrupted, whatever its command was',
      command: '<%= config.bin %> <%= command.id %> --resume results/runs/20261121T021530Z-5f3a1c',
    },
    {
      description: 'what would run, and for how long',
      command: '<%= config.bin %> <%= command.id %> mlp cnn --dry-run',
    },
    {
      description: 'the second of five parts, on a machine of its own; "cnnbench merge" puts them together',
      command: '<%= config.bin %> <%= command.id %> all --backend wasm --shard 2/5 --out shard-2',
    },
    { description: 'in CI', command: '<%= config.bin %> <%= command.id %> all --profile smoke --gate --json' },
  ];

  async run(): Promise<unknown> {
    const { argv, flags, raw } = await this.parse(Run);
    const named = raw.flatMap((token) => (token.type === 'arg' ? [token.input] : []));
    const request = runRequest(flags, { what: argv as string[], named, argv: this.argv });
    const signal = this.untilInterrupted();
    const ledger = builtInLedger();
    if (flags['dry-run']) return this.showPlan(await planRun(ledger, request, signal));
    return this.showRun(await run(ledger, request, { stream: process.stderr, signal }), flags);
  }
}
