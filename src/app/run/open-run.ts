import { platform } from 'node:os';
import { join } from 'node:path';
import { buildKey, buildsOf } from '../../core/build.js';
import { CnnbenchError } from '../../core/errors.js';
import type { Policy } from '../../core/policy.js';
import type { CellRecord } from '../../core/record.js';
import type { Summary } from '../../core/summary.js';
import type { SweepGrid } from '../../core/sweep.js';
import type { Ledger } from '../../ledger/ledger.js';
import { captureEnvironment } from '../../records/environment.js';
import type { PlannedCell } from '../../plan/plan.js';
import { removeCheckpoint } from '../../records/checkpoint-files.js';
import { rescueRecord } from '../../records/rescue.js';
import type { RunManifest } from '../../records/manifest.js';
import { markFinished, openRunDirectory, planMore, type RunDirectory } from '../../records/run-directory.js';
import { writeRecord, writeTrace } from '../../records/store.js';
import { cellsInWords } from '../../report/words.js';
import { sharedExecutor } from '../../runner/parent/fork.js';
import { canWatchMemory } from '../../runner/parent/memory.js';
import { jobFor, runDigest, splitByRecords } from '../../runner/parent/resume.js';
import { runCells, SETTLED_OUTCOMES } from '../../runner/parent/run-cells.js';
import { buildsInWords } from '../../stats/gate/population.js';
import type { DataChoice } from '../../cli/data-flags.js';
import { listed } from '../objection.js';
import type { PlannedRun } from './plan-run.js';
import { runProgress, type ProgressStream } from './progress.js';
import { summarizeDirectory, writeReports } from '../summarize-runs.js';
import { resolveSources } from './sources.js';

/** Where runs go without --out, below the current folder. */
const RUNS = join('results', 'runs');

export interface RunPlanOptions {
  readonly data: DataChoice;
  /** Folder of the run. Default: the unfinished one of this plan, else a new one. */
  readonly out: string | undefined;
  /** Run every cell again. */
  readonly fresh: boolean;
  /** The command as one would type it again. */
  readonly command: string;
  readonly stream: ProgressStream;
  readonly signal: AbortSignal;
  /** What a sweep varies. */
  readonly sweep?: SweepGrid | undefined;
  /** The run that must be the same, of `--resume`. */
  readonly resumes?: Pick<RunManifest, 'planId' | 'command'> | undefined;
}

/** A run whose folder is open and whose first cells have their records. */
export interface OpenRun {
  readonly directory: RunDirectory;
  /** Plans these cells, too, and runs those that have no record yet. */
  readonly goOn: (cells: readonly PlannedCell[]) => Promise<RunDirectory>;
}

/**
 * Finds the data, opens the folder of the run, and runs every cell of the plan, or of its shard, that has no record there yet.
 *
 * @throws CnnbenchError where data or folder are not to be had; what a cell does is in its record
 */
export async function runPlan(ledger: Ledger, planned: PlannedRun, options: RunPlanOptions): Promise<RunDirectory> {
  return (await openRun(ledger, planned, planned.cells, options)).directory;
}

/**
 * Like `runPlan`, with some cells of the plan to start with. The plan as a whole is the identity of the run.
 *
 * @param options `looks`: the numbers of seeds at which the run is judged, if more than once
 */
export async function openRun(
  ledger: Ledger,
  { experiments, plan, settings, shard }: PlannedRun,
  firstCells: readonly PlannedCell[],
  options: RunPlanOptions & { readonly looks?: readonly number[] },
): Promise<OpenRun> {
  const { data, out, fresh, command, stream, signal, sweep, looks, resumes } = options;
  if (settings.memoryLimit !== undefined && !canWatchMemory()) {
    stream.write(`note: --memory has no effect on ${platform()}\n`);
  }
  const needingData = plan.cells.every(({ cell }) => cell.backend === 'fake') ? [] : experiments;
  const sources = await resolveSources(ledger, needingData, { ...data, stream, signal });
  const planId = runDigest(plan, sources, settings, looks);
  if (resumes !== undefined) refuseOtherPlan(resumes, planId);
  let directory = await openRunDirectory({
    ...(out !== undefined && { out }),
    root: RUNS,
    planId,
    cells: firstCells.map((cell) => cell.id),
    ...(looks && { looks }),
    settings,
    command,
    fresh,
    ...(sweep !== undefined && { sweep }),
    ...(shard && { shard: { ...shard, plan: plan.cells.map((cell) => cell.id) } }),
    now: new Date(),
    onNotice: (line) => void stream.write(`${line}\n`),
  });
  const endOfWork = AbortSignal.any([signal, directory.lock.lost]);
  const run = async (cells: readonly PlannedCell[]) => {
    const { done, todo, kept, changed } = await splitByRecords({ ...plan, cells }, directory.path, sources, settings);
    // A run that was killed may have had no time for that.
    for (const { cell } of done) await removeCheckpoint(directory.path, cell);
    stream.write(startLine(directory.path, done.length, todo.length));
    stream.write(keptLine(kept));
    stream.write(changedLine(changed));
    const executor = sharedExecutor();
    await runCells(todo, {
      execute: executor.execute,
      jobFor: jobFor(sources, settings, directory.path),
      environment: captureEnvironment(),
      async save(record, trace) {
        try {
          if (trace !== undefined) await writeTrace(directory.path, record.cell, trace);
          await writeRecord(directory.path, record);
        } catch (error) {
          throw await rescueRecord(directory.path, record, error);
        }
        if (SETTLED_OUTCOMES.includes(record.outcome)) await removeCheckpoint(directory.path, record.cell);
      },
      observer: runProgress(todo, stream, () => performance.now()),
      signal: endOfWork,
      now: () => new Date(),
      monotonic: () => performance.now(),
    }).finally(() => executor.close());
  };
  await run(firstCells);
  return {
    directory,
    async goOn(cells) {
      const ids = cells.map((cell) => cell.id);
      directory = await planMore(directory, ids);
      await run(cells);
      return directory;
    },
  };
}

/** Judges a run that has all its records, writes its reports and marks it finished. Thresholds are those of the policy. */
export async function finishRun(
  ledger: Ledger,
  directory: RunDirectory,
  policy?: Policy,
): Promise<{ summary: Summary; reportPath: string }> {
  const summary = await summarizeDirectory(ledger, directory.path, policy);
  const reportPath = await writeReports(directory.path, summary);
  await markFinished(directory);
  return { summary, reportPath };
}

function refuseOtherPlan({ planId, command }: Pick<RunManifest, 'planId' | 'command'>, found: string): void {
  if (planId === found) return;
  throw new CnnbenchError(
    'E_OUT_FOREIGN',
    'the run was begun with other data, or other recipes, than there are here',
    `Name the folder of its data with --data-dir. Where recipes have changed, "${command}" begins it again.`,
  );
}

function startLine(path: string, done: number, todo: number): string {
  const reused = done === 0 ? '' : `, ${done} already done`;
  return `${cellsInWords(todo)} to run${reused}; results go to ${path}\n`;
}

/** Cells whose records are of another recipe: what they had is replaced. */
function changedLine(changed: readonly PlannedCell[]): string {
  if (changed.length === 0) return '';
  return `note: these cells have records of another recipe than this version's, and run again: ${listed(changed.map(({ id }) => id))}\n`;
}

/** Which builds made the records that are kept, where that was not this one: they do not test it. */
function keptLine(kept: readonly CellRecord[]): string {
  const here = buildKey(captureEnvironment());
  const others = buildsOf(kept).filter((build) => buildKey(build) !== here);
  if (others.length === 0) return '';
  return `note: keeps cells that another build of cnnbench made: ${buildsInWords(others)}; --fresh runs all again\n`;
}
