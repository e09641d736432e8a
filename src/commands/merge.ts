import { Args, Flags } from '@oclif/core';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { shown } from '../cli/shown.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { merge, type Merged } from '../app/merge/merge.js';
import { ALLOWANCES } from '../app/merge/objections.js';
import { renderMerged } from '../app/merge/merged-text.js';
import { overviewDocument } from '../report/sections/overview.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Merge extends BaseCommand {
  static override summary = 'Merge shards into one run.';
  static override description =
    'Takes folders of one plan: shards of "run --shard", or unfinished runs from several machines. Mixed builds, recipes or data, conflicting results and missing cells are refused. Records are copied byte for byte; the folders stay. Exits with 0 whatever the outcomes: "cnnbench gate" judges. See docs/sharding.md.';
  static override strict = false;
  static override args = {
    folders: Args.string({ required: true, description: 'folders of one plan' }),
  };
  static override flags = {
    ...DECK_FLAGS,
    out: Flags.string({
      required: true,
      helpValue: 'DIR',
      description: 'new or empty folder for the merged run',
    }),
    partial: Flags.boolean({ description: 'accept missing cells; the run is then unfinished' }),
    allow: Flags.option({
      options: ALLOWANCES,
      multiple: true,
      multipleNonGreedy: true,
      default: [],
      description: 'accept records of a build with uncommitted changes',
    })(),
  };
  static override examples = [
    {
      description: 'five shards, then the verdict',
      command: '<%= config.bin %> <%= command.id %> shard-* --out merged && <%= config.bin %> gate merged',
    },
    {
      description: 'merge what exists, and run the rest here',
      command:
        '<%= config.bin %> <%= command.id %> shard-1 shard-3 --partial --out merged && <%= config.bin %> run all -b wasm --out merged',
    },
  ];

  async run(): Promise<Merged> {
    const { argv, flags } = await this.parse(Merge);
    const { out, partial, allow } = flags;
    const directories = argv as string[];
    const ledger = await withDecks(builtInLedger(), deckChoice(flags), directories);
    const merged = await merge(ledger, { directories, out, partial, allow });
    this.log(shown(overviewDocument(merged.summary)));
    process.stderr.write(renderMerged(merged));
    return merged;
  }
}
