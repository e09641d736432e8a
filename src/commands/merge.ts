import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { merge, type Merged } from '../app/merge/merge.js';
import { ALLOWANCES } from '../app/merge/objections.js';
import { renderMerged } from '../app/merge/merged-text.js';
import { stdoutOptions } from '../app/terminal.js';
import { renderReport } from '../report/render.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Merge extends BaseCommand {
  static override summary = 'Put the shards of a plan together to one run, which is judged like any other.';
  static override description = `Takes folders of one plan: shards of "run --shard", or unfinished runs of it from several machines. Mixed builds, recipes or data,
two results of one cell and missing cells are refused, all of them named. Records are copied byte for byte; the folders stay as they
are. Exits with 0 when they are merged, whatever the cells came to: "cnnbench gate" says whether that passes. docs/sharding.md explains it.`;
  static override strict = false;
  static override args = {
    folders: Args.string({ required: true, description: 'folder of a shard, or of another run of its plan; several' }),
  };
  static override flags = {
    out: Flags.string({
      required: true,
      helpValue: 'DIR',
      description: 'folder of the merged run; not there yet, or empty',
    }),
    partial: Flags.boolean({ description: 'merge although cells are missing; the run is unfinished then' }),
    allow: Flags.option({
      options: ALLOWANCES,
      multiple: true,
      multipleNonGreedy: true,
      default: [],
      description: 'merge in spite of this: records of a build with uncommitted changes',
    })(),
  };
  static override examples = [
    {
      description: 'five shards, then the verdict',
      command: '<%= config.bin %> <%= command.id %> shard-* --out merged && <%= config.bin %> gate merged',
    },
    {
      description: 'what is there so far, and the rest on this machine',
      command:
        '<%= config.bin %> <%= command.id %> shard-1 shard-3 --partial --out merged && <%= config.bin %> run all -b wasm --out merged',
    },
  ];

  async run(): Promise<Merged> {
    const { argv, flags } = await this.parse(Merge);
    const { out, partial, allow } = flags;
    const merged = await merge(builtInLedger(), { directories: argv as string[], out, partial, allow });
    this.log(renderReport(merged.summary, 'terminal', stdoutOptions()).text);
    process.stderr.write(renderMerged(merged));
    return merged;
  }
}
