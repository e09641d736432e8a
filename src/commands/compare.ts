import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { compareRuns } from '../app/compare/compare-runs.js';
import { stdoutOptions } from '../app/terminal.js';
import { cacheDirectory } from '../data/cache.js';
import { COMPARISON_FORMATS, renderComparison } from '../report/compare.js';
import { CAUSES } from '../stats/compare/match.js';

export default class Compare extends BaseCommand {
  static override summary =
    'Say whether one run is worse than another: accuracy and speed, with significance and effect.';
  static override description = `Reads folders of runs, records or a summary.json. Every experiment, backend and profile that both have is compared: accuracies
by Welch's test, speeds by Mann and Whitney's. A slower speed counts from p < 0.002 and 10% or three times the noise of the
machine on ("cnnbench calibrate"), so it needs 7 cells a side. Exits with 1 when something is significantly worse.
Runs on other data, of another profile, recipe or machine are refused unless told to. docs/compare.md explains it.`;
  static override args = {
    a: Args.string({ required: true, description: 'what is compared with: folder of a run, record or summary.json' }),
    b: Args.string({ required: true, description: 'what may be worse' }),
  };
  static override flags = {
    ignore: Flags.option({
      options: CAUSES,
      multiple: true,
      multipleNonGreedy: true,
      description: 'compare although this differs, repeatable; speeds of other machines are never judged',
    })(),
    format: Flags.option({
      options: COMPARISON_FORMATS,
      default: 'terminal' as const,
      description: 'format of the result',
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
    this.log(renderComparison(comparison, flags.format, stdoutOptions()));
    process.exitCode = comparison.worse ? 1 : 0;
    return comparison;
  }
}
