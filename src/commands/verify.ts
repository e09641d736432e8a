import { Args, Flags } from '@oclif/core';
import { withDecks } from '../app/decks/with-decks.js';
import { BaseCommand } from '../cli/base-command.js';
import { DECK_FLAGS, deckChoice } from '../cli/deck-flags.js';
import { DATA_FLAGS, SOURCE_FLAGS } from '../cli/data-flags.js';
import { renderVerified } from '../app/verify/verified-text.js';
import { exitCodeOfVerifications, verify, type Verified } from '../app/verify/verify.js';
import { builtInLedger } from '../suites/built-in.js';

const WEEK_SECONDS = 7 * 24 * 3600;

export default class Verify extends BaseCommand {
  static override summary = 'Run the cell of a record again, and compare the results.';
  static override description =
    'On wasm every bit has to agree: initial and final weights, and the losses and accuracy of each epoch. Elsewhere the final accuracy has to be within the range that two seeds of the reference may differ by. Exits with 1 if a cell disagrees. See docs/publishing.md.';
  static override strict = false;
  static override args = {
    records: Args.string({ required: true, description: 'records or run folders' }),
  };
  static override flags = {
    ...DATA_FLAGS,
    ...DECK_FLAGS,
    offline: SOURCE_FLAGS.offline,
    sample: Flags.integer({
      min: 1,
      helpValue: 'N',
      description: 'verify N of the records, always the same ones (default: all)',
    }),
    timeout: Flags.integer({
      min: 1,
      default: WEEK_SECONDS,
      helpValue: 'SECONDS',
      description: 'time limit of a cell',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> results/published/full-wasm/records/mlp-4.wasm.full.seed1.json',
    {
      description: 'three cells of a published run',
      command:
        '<%= config.bin %> <%= command.id %> results/published/full-wasm --sample 3 --data-dir cifar-10-batches-bin',
    },
  ];

  async run(): Promise<Verified> {
    const { argv, flags } = await this.parse(Verify);
    const paths = argv as string[];
    const verified = await verify({
      ledger: await withDecks(builtInLedger(), deckChoice(flags), paths),
      paths,
      sample: flags.sample,
      dataDir: flags['data-dir'],
      allowDownload: !flags.offline,
      timeoutMs: flags.timeout * 1000,
      stream: process.stderr,
      signal: this.interruption(),
    });
    this.log(renderVerified(verified));
    process.exitCode = exitCodeOfVerifications(verified.verifications);
    return verified;
  }
}
