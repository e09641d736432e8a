import { Args, Flags } from '@oclif/core';
import { announceGate, gateAsJson } from '../app/gate/announce-gate.js';
import { BaseCommand } from '../cli/base-command.js';
import { commandLine } from '../app/command-line.js';
import { dataChoice } from '../cli/data-flags.js';
import { EXPORT_FLAGS, exportCells } from '../app/export-csv.js';
import { choosePolicy, CLOSING_GATE_FLAGS, gateRun } from '../app/gate/gate-run.js';
import { plannedHere, planRun } from '../app/run/plan-run.js';
import { planTable } from '../app/run/plan-table.js';
import { planResumption, RESUME_FLAGS } from '../app/run/resume-run.js';
import { RUN_FLAGS } from '../cli/run-flags.js';
import { finishRun, runPlan } from '../app/run/open-run.js';
import { stdoutOptions } from '../app/terminal.js';
import { mostSeeds, runUntilDecided, UNTIL_DECIDED_FLAGS } from '../app/run/until-decided.js';
import { selectExperiments } from '../plan/select.js';
import { renderReport } from '../report/render.js';
import { exitCodeOf } from '../stats/gate/exit-code.js';
import { looksUpTo } from '../stats/judge/looks.js';
import { builtInLedger } from '../suites/built-in.js';

export default class Run extends BaseCommand {
  static override summary = 'Run suites or experiments and say which numbers of the decks hold.';
  static override description = `Every cell (experiment x backend x seed) leaves a record in DIR/records; every training runs in a process of its own. A run that was
interrupted goes on where it stopped when the same command is given again, or --resume with its folder. The result table goes to stdout, progress to
stderr. DIR/report.md, DIR/summary.json and DIR/records hold everything.`;
  static override strict = false;
  static override args = {
    what: Args.string({
      description: 'all, a suite, an experiment, or a pattern such as "mlp-2*"; several are fine',
      default: 'all',
    }),
  };
  static override flags = {
    ...RUN_FLAGS,
    ...UNTIL_DECIDED_FLAGS,
    ...RESUME_FLAGS,
    trace: Flags.boolean({
      description: 'say kernel by kernel where the time of a training step goes; throughput is then not reported',
    }),
    ...EXPORT_FLAGS,
    ...CLOSING_GATE_FLAGS,
  };
  static override examples = [
    {
      description: 'everything, within about 20 minutes on two cores',
      command: '<%= config.bin %> <%= command.id %> all',
    },
    {
      description: "does the deck's 89% hold?",
      command: '<%= config.bin %> <%= command.id %> mlp-1 --profile full --seeds 5',
    },
    {
      description: 'as many seeds as it takes, at most 20',
      command: '<%= config.bin %> <%= command.id %> mlp-3 --profile full --until-decided --max-seeds 20',
    },
    {
      description: 'go on with a run that was interrupted, whatever its command was',
      command: '<%= config.bin %> <%= command.id %> --resume results/runs/20261121T021530Z-5f3a1c',
    },
    {
      description: 'what would run, and for how long',
      command: '<%= config.bin %> <%= command.id %> mlp cnn --dry-run',
    },
    {
      description: 'the second of five parts, on a machine of its own; "cnnbench merge" puts them together',
      command: '<%= config.bin %> <%= command.id %> all --backend wasm --shard 2/5 --out shard-2',
    },
    { description: 'in CI', command: '<%= config.bin %> <%= command.id %> all --profile smoke --gate --json' },
  ];

  async run(): Promise<unknown> {
    const { argv, flags, raw } = await this.parse(Run);
    const signal = this.interruption(
      'Every finished cell is on disk: run the same command again to go on where it stopped.',
    );
    const ledger = builtInLedger();
    const loaded = flags.gate ? await choosePolicy(ledger, flags) : undefined;
    const stream = process.stderr;
    const most = mostSeeds(flags);
    const planned = most === undefined ? flags : { ...flags, seeds: String(most) };
    const { run, looks, ...of } =
      flags.resume === undefined
        ? {
            run: await planRun(selectExperiments(ledger.experiments, argv as string[]), planned, signal),
            looks: most === undefined ? undefined : looksUpTo(most),
            out: flags.out,
            command: commandLine('run', this.argv),
          }
        : await planResumption(
            ledger,
            flags.resume,
            raw.flatMap((token) => (token.type === 'arg' ? [token.input] : [])),
            flags,
            signal,
          );
    if (flags['dry-run']) {
      const plan = plannedHere(run);
      this.log(planTable(plan));
      return plan;
    }
    const options = { ...of, data: dataChoice(flags), fresh: flags.fresh, stream, signal };
    const directory = await (looks === undefined
      ? runPlan(ledger, run, options)
      : runUntilDecided(ledger, run, looks, options));
    const { summary, reportPath } = await finishRun(ledger, directory, loaded?.policy);
    await exportCells(summary, flags);
    const { text } = renderReport(summary, 'terminal', stdoutOptions());
    this.log(text);
    stream.write(`Report: ${reportPath}\n`);
    if (loaded === undefined) {
      process.exitCode = exitCodeOf(summary);
      return summary;
    }
    const result = await gateRun(directory.path, summary, loaded.policy);
    await announceGate(result, loaded);
    process.exitCode = exitCodeOf(summary, result);
    return { ...summary, gate: gateAsJson(result, loaded) };
  }
}
