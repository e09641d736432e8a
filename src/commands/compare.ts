import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { compareRuns } from '../app/compare/compare-runs.js';
import { stdoutOptions } from '../app/terminal.js';
import { cacheDirectory } from '../data/cache.js';
import { DOCUMENT_FORMATS, renderDocument } from '../report/render.js';
import { comparisonDocument } from '../report/sections/comparison.js';
import { CAUSES } from '../stats/compare/match.js';

export default class Compare extends BaseCommand {
  static override summary = 'Test whether one run is worse than another, in accuracy or speed.';
  static override description =
    'Compares every experiment, backend and profile that both sides have: accuracies by Welch\'s test, speeds by the Mann-Whitney test. A change of speed counts if p < 0.002 and it exceeds 10% and three times the noise of the machine ("cnnbench calibrate"), which takes 7 cells per side. Runs with other data, profiles, recipes or machines are refused, unless --ignore accepts the difference. Exits with 1 if something is significantly worse. See docs/compare.md.';
  static override args = {
    a: Args.string({ required: true, description: 'baseline: run folder, record or summary.json' }),
    b: Args.string({ required: true, description: 'what is tested against it' }),
  };
  static override flags = {
    ignore: Flags.option({
      options: CAUSES,
      multiple: true,
      multipleNonGreedy: true,
      description: 'accept this difference (repeatable); speeds of different machines are never judged',
    })(),
    format: Flags.option({
      options: DOCUMENT_FORMATS,
      default: 'terminal' as const,
      description: 'output format',
    })(),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> results/runs/before results/runs/after',
    {
      description: 'for a pull request',
      command: '<%= config.bin %> <%= command.id %> main/ branch/ --format markdown >> "$GITHUB_STEP_SUMMARY"',
    },
    {
      description: 'runs of two machines: accuracies are judged, speeds shown',
      command: '<%= config.bin %> <%= command.id %> mine/ theirs/ --ignore machine --json',
    },
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Compare);
    const cacheDir = cacheDirectory(process.env);
    const comparison = await compareRuns(args.a, args.b, { ignore: flags.ignore ?? [], cacheDir });
    this.log(renderDocument(comparisonDocument(comparison), flags.format, stdoutOptions()).text.trimEnd());
    process.exitCode = comparison.worse ? 1 : 0;
    return comparison;
  }
}
