import { BaseCommand } from '../../cli/base-command.js';
import { DATA_FLAGS } from '../../cli/data-flags.js';
import { dataPlaces, statusText } from '../../app/data/data-status.js';
import { listData } from '../../data/dataset-status.js';
import { builtInLedger } from '../../suites/built-in.js';

export default class DataList extends BaseCommand {
  static override summary = 'Show where each data set is, and which one a run would use.';
  static override flags = DATA_FLAGS;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data-dir ~/data',
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DataList);
    const datasets = await listData(builtInLedger().datasets, dataPlaces(flags['data-dir']));
    this.log(datasets.map(statusText).join('\n\n'));
    return { datasets };
  }
}
