import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { DATA_FLAGS, SOURCE_FLAGS } from '../cli/data-flags.js';
import { renderVerified } from '../app/verify/verified-text.js';
import { exitCodeOfVerifications, verify, type Verified } from '../app/verify/verify.js';
import { builtInLedger } from '../suites/built-in.js';

const WEEK_SECONDS = 7 * 24 * 3600;

export default class Verify extends BaseCommand {
  static override summary = 'Run the cell of a record again, and say whether it comes to the same.';
  static override description = `On wasm every bit has to agree: the weights before and after, and each epoch's losses and accuracy. Elsewhere the final
accuracy has to lie within what two seeds of the reference would differ by. Exit codes: 0 agrees, 1 does not, 2 nothing
that could be verified, 3 no such backend or data here. docs/publishing.md explains it.`;
  static override strict = false;
  static override args = {
    records: Args.string({ required: true, description: 'record, or folder of a run; several are fine' }),
  };
  static override flags = {
    ...DATA_FLAGS,
    offline: SOURCE_FLAGS.offline,
    sample: Flags.integer({
      min: 1,
      helpValue: 'N',
      description: 'verify N of the records, the same for everybody (default: all)',
    }),
    timeout: Flags.integer({
      min: 1,
      default: WEEK_SECONDS,
      helpValue: 'SECONDS',
      description: 'longest a cell may take',
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
    const verified = await verify({
      ledger: builtInLedger(),
      paths: argv as string[],
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
