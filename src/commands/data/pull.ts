import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { SOURCE_FLAGS } from '../../cli/data-flags.js';
import { narrate } from '../../app/run/sources.js';
import { datasetOf } from '../../core/experiment.js';
import { cacheDirectory } from '../../data/cache.js';
import type { DataSource } from '../../data/source.js';
import { pullData } from '../../data/dataset-status.js';
import { builtInLedger } from '../../suites/built-in.js';

const LEDGER = builtInLedger();

export default class DataPull extends BaseCommand {
  static override summary = 'Download data sets into the cache.';
  static override args = {
    dataset: Args.string({
      options: LEDGER.datasets.map(({ name }) => name),
      description: 'data set (default: those that experiments use)',
    }),
  };
  static override flags = { offline: SOURCE_FLAGS.offline };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> fashion-mnist',
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DataPull);
    const signal = this.interruption();
    const sources: DataSource[] = [];
    const used = [...new Set(LEDGER.experiments.flatMap((experiment) => datasetOf(experiment) ?? []))];
    for (const name of args.dataset === undefined ? used : [args.dataset]) {
      const source = await pullData(LEDGER.dataset(name), {
        cacheDir: cacheDirectory(process.env),
        allowDownload: !flags.offline,
        signal,
        ...narrate(process.stderr),
      });
      this.log(`${name}: ${source.identity.provenance}, from the ${source.origin}`);
      sources.push(source);
    }
    return { sources };
  }
}
