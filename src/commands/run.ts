import { platform } from 'node:os';
import { join } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { chooseBackends } from '../cli/backends.js';
import { dataChoice, SOURCE_FLAGS } from '../cli/data-flags.js';
import { parseMemory } from '../cli/memory.js';
import { choosePolicy, CLOSING_GATE_FLAGS, gateRun, presentGate } from '../cli/gate.js';
import { planTable } from '../cli/plan-table.js';
import { runProgress } from '../cli/progress.js';
import { summarizeDirectory, writeReports } from '../cli/reports.js';
import { resolveSources } from '../cli/sources.js';
import { stdoutOptions } from '../cli/terminal.js';
import { PROFILES } from '../core/experiment.js';
import { DEFAULT_SEED_COUNT, planCells } from '../plan/plan.js';
import { parseSeeds } from '../plan/seeds.js';
import { selectExperiments } from '../plan/select.js';
import { captureEnvironment } from '../records/environment.js';
import { markFinished, openRunDirectory } from '../records/run-directory.js';
import { writeRecord, writeTrace } from '../records/store.js';
import { renderReport } from '../report/render.js';
import { cellsInWords } from '../report/words.js';
import { forkExecutor } from '../runner/fork.js';
import { canWatchMemory } from '../runner/memory.js';
import { jobFor, runDigest, splitByRecords } from '../runner/resume.js';
import { runCells } from '../runner/run-cells.js';
import { exitCodeOf } from '../stats/exit-code.js';
import { EXPERIMENTS } from '../suites/experiments.js';

const DEFAULT_TIMEOUT_SECONDS = { smoke: 600, quick: 3600, full: 7 * 24 * 3600 } as const;

/** Where runs go without --out, below the current folder. */
const RUNS = join('results', 'runs');

export default class Run extends BaseCommand {
  static override summary = 'Run suites or experiments and say which numbers of the decks hold.';
  static override description = `Every cell (experiment x backend x seed) runs in a process of its own and leaves a record in DIR/records. A run that was
interrupted goes on where it stopped when the same command is given again. The result table goes to stdout, progress to
stderr. DIR/report.md, DIR/summary.json and DIR/records hold everything.`;
  static override strict = false;
  static override args = {
    what: Args.string({
      description: 'all, a suite, an experiment, or a pattern such as "mlp-2*"; several are fine',
      default: 'all',
    }),
  };
  static override flags = {
    ...SOURCE_FLAGS,
    backend: Flags.string({
      char: 'b',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      description: 'backend, repeatable or as comma list (default: every fast one that works here)',
    }),
    seeds: Flags.string({
      helpValue: 'N|LIST',
      description: 'a count ("3") or a list ("1,2,7"); default: smoke 1, quick 3, full 5',
    }),
    profile: Flags.option({
      options: PROFILES,
      default: 'quick',
      description: 'smoke: seconds a cell; quick: minutes; full: the recipe of the decks',
    })(),
    out: Flags.string({ helpValue: 'DIR', description: 'folder of the run (default: results/runs/<time>-<id>)' }),
    threads: Flags.integer({
      min: 1,
      description: 'threads a backend may use (default for wasm: all processors, up to 8)',
    }),
    'wasm-fma': Flags.boolean({
      description: 'on wasm, fuse multiplications and additions: faster, but the bits depend on the machine',
    }),
    trace: Flags.boolean({
      description: 'say kernel by kernel where the time of a training step goes; throughput is then not reported',
    }),
    timeout: Flags.integer({
      min: 1,
      helpValue: 'SECONDS',
      description: 'longest a cell may take; training that would take longer is skipped',
    }),
    memory: Flags.string({ helpValue: 'SIZE', description: 'most memory a cell may take ("512MiB", "4GiB")' }),
    fresh: Flags.boolean({ description: 'run every cell again instead of going on with an earlier run' }),
    'dry-run': Flags.boolean({ description: 'print the plan with an estimate of time and stop' }),
    ...CLOSING_GATE_FLAGS,
  };
  static override examples = [
    {
      description: 'everything, within about 20 minutes on two cores',
      command: '<%= config.bin %> <%= command.id %> all',
    },
    {
      description: "does the deck's 89 % hold?",
      command: '<%= config.bin %> <%= command.id %> mlp-1 --profile full --seeds 5',
    },
    {
      description: 'what would run, and for how long',
      command: '<%= config.bin %> <%= command.id %> mlp cnn --dry-run',
    },
    { description: 'in CI', command: '<%= config.bin %> <%= command.id %> all --profile smoke --gate --json' },
  ];

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(Run);
    const { profile } = flags;
    const signal = this.interruption(
      'Every finished cell is on disk: run the same command again to go on where it stopped.',
    );
    const experiments = selectExperiments(EXPERIMENTS, argv as string[]);
    const memoryLimit = flags.memory === undefined ? undefined : parseMemory(flags.memory);
    const loaded = flags.gate ? await choosePolicy(flags) : undefined;
    const seeds = parseSeeds(flags.seeds ?? String(DEFAULT_SEED_COUNT[profile]));
    const chosen = await chooseBackends(flags.backend, signal);
    const backends = chosen.map(({ name }) => name);
    const limitSeconds = flags.timeout ?? DEFAULT_TIMEOUT_SECONDS[profile];
    const software = chosen.flatMap((backend) => (backend.software ? [backend.name] : []));
    const plan = planCells(experiments, backends, seeds, profile, { software, limitSeconds });
    if (flags['dry-run']) {
      this.log(planTable(plan));
      return plan;
    }

    const stream = process.stderr;
    if (memoryLimit !== undefined && !canWatchMemory()) stream.write(`note: --memory has no effect on ${platform()}\n`);
    const needingData = backends.every((backend) => backend === 'fake') ? [] : experiments;
    const sources = await resolveSources(needingData, {
      ...dataChoice(flags),
      stream,
      signal,
    });
    const settings = {
      threads: flags.threads,
      fma: flags['wasm-fma'],
      trace: flags.trace,
      timeoutMs: limitSeconds * 1000,
      memoryLimit,
    };
    const directory = await openRunDirectory({
      ...(flags.out !== undefined && { out: flags.out }),
      root: RUNS,
      planId: runDigest(plan, sources, settings),
      cells: plan.cells.map((cell) => cell.id),
      command: commandLine(this.argv),
      fresh: flags.fresh,
      now: new Date(),
    });
    const { done, todo } = await splitByRecords(plan, directory.path, sources, settings);
    stream.write(startLine(directory.path, done.length, todo.length));
    await runCells(todo, {
      execute: forkExecutor,
      jobFor: jobFor(sources, settings),
      environment: captureEnvironment(),
      async save(record, trace) {
        if (trace !== undefined) await writeTrace(directory.path, record.cell, trace);
        await writeRecord(directory.path, record);
      },
      observer: runProgress(todo, stream, () => performance.now()),
      signal,
      now: () => new Date(),
    });

    const summary = await summarizeDirectory(directory.path, loaded?.policy);
    const reportPath = await writeReports(directory.path, summary);
    await markFinished(directory);
    const { text } = renderReport(summary, 'terminal', stdoutOptions());
    this.log(text);
    stream.write(`Report: ${reportPath}\n`);
    const result = loaded && (await gateRun(directory.path, summary, loaded.policy));
    if (result !== undefined && !this.jsonEnabled()) this.log(await presentGate(result));
    process.exitCode = exitCodeOf(summary, result);
    return summary;
  }
}

function startLine(path: string, done: number, todo: number): string {
  const reused = done === 0 ? '' : `, ${done} already done`;
  return `${cellsInWords(todo)} to run${reused}; results go to ${path}\n`;
}

/** The command as one would type it again. */
function commandLine(argv: readonly string[]): string {
  const words = argv.map((word) =>
    /^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
  );
  return ['npx cnnbench run', ...words].join(' ');
}
