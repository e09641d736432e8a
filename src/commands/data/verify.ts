import { BaseCommand } from '../../cli/base-command.js';
import { DATA_FLAGS } from '../../cli/data-flags.js';
import { dataPlaces, statusText } from '../../app/data/data-status.js';
import { counted } from '../../stats/wording.js';
import { verifyData } from '../../data/dataset-status.js';
import { builtInLedger } from '../../suites/built-in.js';

export default class DataVerify extends BaseCommand {
  static override summary = 'Hash the data files on this machine and compare them with the official digests.';
  static override description =
    'Exits with 1 if a file is neither official nor a known variant. Finding no files is not a failure.';
  static override flags = DATA_FLAGS;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data-dir ~/data --json',
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DataVerify);
    const verification = await verifyData(builtInLedger().datasets, dataPlaces(flags['data-dir']));
    this.log(verification.datasets.map(statusText).join('\n\n'));
    this.log(
      `\n${counted(verification.files, 'file')} hashed: ${verification.ok ? 'all official or known variants' : 'some are neither official nor known variants'}`,
    );
    if (!verification.ok) process.exitCode = 1;
    return verification;
  }
}
