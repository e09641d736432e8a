import { Args, Flags } from '@oclif/core';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { exportCells } from '../app/export-csv.js';
import { EXPORT_FLAGS } from '../cli/summary-flags.js';
import { summarizePaths } from '../app/summarize-runs.js';
import { stdoutOptions } from '../app/terminal.js';
import { REPORT_FORMATS, renderReport } from '../report/render.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Report extends BaseCommand {
  static override summary = 'Show the report of a run.';
  static override description =
    'Takes run folders, records or a summary.json. Verdicts are those of this version. Needs neither tfjs nor data.';
  static override strict = false;
  static override args = {
    paths: Args.string({ required: true, description: 'run folders, records, or a summary.json' }),
  };
  static override flags = {
    ...DECK_FLAGS,
    format: Flags.option({
      options: REPORT_FORMATS,
      default: 'terminal' as const,
      description: 'output format',
    })(),
    ...EXPORT_FLAGS,
    verbose: Flags.boolean({ description: 'also list claims that hold' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> results/runs/20261121T021530Z-a1b2c3',
    '<%= config.bin %> <%= command.id %> results/runs/20261121T021530Z-a1b2c3 --format junit > junit.xml',
    '<%= config.bin %> <%= command.id %> out --export-csv cells.csv',
    '<%= config.bin %> <%= command.id %> theirs/records/mlp-1.wasm.quick.seed1.json',
  ];

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Report);
    const paths = argv as string[];
    const summary = await summarizePaths(await withDecks(builtInLedger(), deckChoice(flags), paths), paths);
    await exportCells(summary, flags);
    const { text } = renderReport(summary, flags.format, {
      ...stdoutOptions(),
      verbose: flags.verbose,
    });
    this.log(text.trimEnd());
    return summary;
  }
}
