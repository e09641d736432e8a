import { Args, Flags } from '@oclif/core';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { ALLOWANCES } from '../app/publish/objections.js';
import { publish, type Published } from '../app/publish/publish.js';
import { plain } from '../report/escape.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Publish extends BaseCommand {
  static override summary = 'Write the tables of runs into a Markdown page, with their records beside it.';
  static override description =
    'Fills each block of the page, <!-- cnnbench:verdicts --> to <!-- /cnnbench:verdicts -->: verdicts, errata, counts, accuracy, throughput, time-to-target or provenance. Nothing else of the page changes. The records go to results/published beside the page. Stand-ins, builds that nobody can make again, too few seeds and unfinished runs are refused unless allowed by name, which adds a caveat to each table. See docs/publishing.md.';
  static override strict = false;
  static override args = {
    runs: Args.string({ required: true, description: 'run folders' }),
  };
  static override flags = {
    ...DECK_FLAGS,
    into: Flags.string({ required: true, helpValue: 'FILE', description: 'Markdown page with blocks' }),
    out: Flags.string({
      helpValue: 'DIR',
      description: 'folder for the records (default: results/published/<run folder> beside the page)',
    }),
    allow: Flags.option({
      options: ALLOWANCES,
      multiple: true,
      multipleNonGreedy: true,
      default: [],
      description: 'accept this objection, with a caveat above each table (repeatable)',
    })(),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> results/runs/20261121T021530Z-a1b2c3 --into README.md --out results/published/full-wasm',
    {
      description: 'two runs in one table',
      command: '<%= config.bin %> <%= command.id %> results/published/full-wasm results/runs/cnn-gpu --into README.md',
    },
    {
      description: 'a draft',
      command: '<%= config.bin %> <%= command.id %> my-run --into draft.md --allow few-seeds --allow stand-in',
    },
  ];

  async run(): Promise<Published> {
    const { argv, flags } = await this.parse(Publish);
    const { into, out, allow } = flags;
    const directories = argv as string[];
    const ledger = await withDecks(builtInLedger(), deckChoice(flags), directories);
    const published = await publish(ledger, { directories, into, out, allow });
    const { page, changed, tables, folders, caveats } = published;
    for (const caveat of caveats) process.stderr.write(`caveat: ${plain(caveat)}\n`);
    this.log(`${page}: ${tables.join(', ')}${changed ? '' : ' (unchanged)'}\n${folders.join('\n')}`);
    return published;
  }
}
