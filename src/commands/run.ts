import { Args } from '@oclif/core';
import { planRun, run } from '../app/run/run.js';
import { onlyFrom, withDecks } from '../app/decks/with-decks.js';
import { RunCommand } from '../cli/run-command.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { runRequest, SUITE_FLAGS } from '../cli/run-flags.js';
import { isDeckFile } from '../core/deck.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Run extends RunCommand {
  static override summary = 'Run experiments and judge the claims of the decks.';
  static override description =
    'Writes a record per cell (experiment x backend x seed) to DIR/records, then DIR/report.md and DIR/summary.json. The result table goes to stdout, progress to stderr. An interrupted run resumes when you repeat the command, or with --resume.';
  static override strict = false;
  static override args = {
    what: Args.string({
      description:
        'all, suites, experiments, or patterns such as "mlp-2*"; after a deck file, experiments of that deck',
      default: 'all',
    }),
  };
  static override flags = { ...SUITE_FLAGS, ...DECK_FLAGS };
  static override examples = [
    {
      description: 'everything, in minutes',
      command: '<%= config.bin %> <%= command.id %> all',
    },
    {
      description: "does the deck's 89% hold?",
      command: '<%= config.bin %> <%= command.id %> mlp-1 --profile full --seeds 5',
    },
    {
      description: 'as many seeds as it takes, up to 20',
      command: '<%= config.bin %> <%= command.id %> mlp-3 --profile full --until-decided --max-seeds 20',
    },
    {
      description: 'resume an interrupted run',
      command: '<%= config.bin %> <%= command.id %> --resume results/runs/20261121T021530Z-5f3a1c',
    },
    {
      description: 'what would run, and how long it would take',
      command: '<%= config.bin %> <%= command.id %> mlp cnn --dry-run',
    },
    {
      description: 'one of five shards, to be merged with "cnnbench merge"',
      command: '<%= config.bin %> <%= command.id %> all --backend wasm --shard 2/5 --out shard-2',
    },
    {
      description: 'a deck of your own, or one experiment of it',
      command: '<%= config.bin %> <%= command.id %> course/deck.yaml small-cnn',
    },
    { description: 'in CI', command: '<%= config.bin %> <%= command.id %> all --profile smoke --gate --json' },
  ];

  async run(): Promise<unknown> {
    const { flags, raw } = await this.parse(Run);
    const named = raw.flatMap((token) => (token.type === 'arg' ? [token.input] : []));
    const files = named.filter(isDeckFile);
    const what = named.filter((word) => !isDeckFile(word));
    const request = runRequest(flags, { what: what.length > 0 ? what : ['all'], named, argv: this.argv });
    const signal = this.untilInterrupted();
    const folders = flags.resume === undefined ? [] : [flags.resume];
    const known = await withDecks(builtInLedger(), deckChoice(flags, files), folders);
    const ledger = files.length > 0 ? onlyFrom(known, files) : known;
    if (flags['dry-run']) return this.showPlan(await planRun(ledger, request, { signal }));
    return this.showRun(await run(ledger, request, { stream: process.stderr, signal }), flags);
  }
}
