import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { CATALOG, catalogEntry } from '../../data/catalog.js';
import { standInFiles } from '../../data/encode.js';
import { writeAtomically } from '../../records/atomic.js';

const NAMES = Object.keys(CATALOG);

export default class DataDraw extends BaseCommand {
  static override summary = 'Write the stand-in of a data set as files, for other programs.';
  static override description =
    'The files have the names and the format of the release, but 10,000 training and 2,000 test images, so as a --data-dir they are refused for their size.';
  static override args = {
    dataset: Args.string({ options: NAMES, required: true, description: 'data set' }),
  };
  static override flags = {
    out: Flags.string({ helpValue: 'DIR', required: true, description: 'folder for the files' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> cifar-10 --out stand-in/cifar-10'];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DataDraw);
    await mkdir(flags.out, { recursive: true });
    const paths: string[] = [];
    const entry = catalogEntry(args.dataset);
    for (const { name, bytes } of entry === undefined ? [] : standInFiles(entry)) {
      paths.push(join(flags.out, name));
      await writeAtomically(join(flags.out, name), bytes);
    }
    this.log(paths.join('\n'));
    return { paths };
  }
}
