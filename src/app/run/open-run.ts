import { platform } from 'node:os';
import { join } from 'node:path';
import { buildKey, buildsOf } from '../../core/build.js';
import { filesOf } from '../../core/deck.js';
import { CnnbenchError } from '../../core/errors.js';
import type { CellRecord } from '../../core/record.js';
import type { Ledger } from '../../ledger/ledger.js';
import { captureEnvironment } from '../../records/environment.js';
import type { PlannedCell } from '../../plan/plan.js';
import { removeCheckpoint } from '../../records/checkpoint-files.js';
import { rescueRecord } from '../../records/rescue.js';
import type { RunManifest } from '../../records/manifest.js';
import { openRunDirectory, planMore, type RunDirectory } from '../../records/run-directory.js';
import { writeRecord, writeTrace } from '../../records/store.js';
import { cellsInWords } from '../../report/words.js';
import type { SharedExecutor } from '../../runner/parent/fork.js';
import { canWatchMemory } from '../../runner/parent/memory.js';
import { jobFor, runDigest } from '../../runner/parent/resume.js';
import { runCells, SETTLED_OUTCOMES } from '../../runner/parent/run-cells.js';
import { buildsInWords } from '../../stats/gate/population.js';
import type { DataChoice } from './data-choice.js';
import { listed } from '../objection.js';
import type { PlannedRun } from './plan-run.js';
import { runProgress, type ProgressStream } from './progress.js';
import { resolveSources } from './sources.js';
import { splitByRecords } from './split-by-records.js';

/** Where runs go without --out, below the current folder. */
const RUNS = join('results', 'runs');

export interface OpenOptions {
  readonly data: DataChoice;
  /** Run every cell again. */
  readonly fresh: boolean;
  readonly stream: ProgressStream;
  readonly signal: AbortSignal;
  /** What runs the cells; closing it is the caller's. */
  readonly processes: SharedExecutor;
}

/** A run whose folder is open. */
export interface OpenRun {
  /** The folder, with what is planned so far. */
  readonly directory: () => RunDirectory;
  /** Runs these cells as far as they have no record yet; plans them, too, if they were not planned. */
  readonly run: (cells: readonly PlannedCell[]) => Promise<void>;
}

/**
 * Finds the data and opens the folder of a run. The plan as a whole is the identity of the run.
 *
 * @param firstCells what is planned of it so far
 * @throws CnnbenchError where data or folder are not to be had; what a cell does is in its record
 */
export async function openRun(
  ledger: Ledger,
  { experiments, plan, settings, shard, out, command, sweep, looks, resumes }: PlannedRun,
  firstCells: readonly PlannedCell[],
  { data, fresh, stream, signal, processes }: OpenOptions,
): Promise<OpenRun> {
  if (settings.memoryLimit !== undefined && !canWatchMemory()) {
    stream.write(`note: --memory has no effect on ${platform()}\n`);
  }
  const needingData = plan.cells.every(({ cell }) => cell.backend === 'fake') ? [] : experiments;
  const sources = await resolveSources(ledger, needingData, { ...data, stream, signal });
  const planId = runDigest(plan, sources, settings, looks);
  if (resumes !== undefined) refuseOtherPlan(resumes, planId);
  let directory = await openRunDirectory({
    ...{ out, root: RUNS, planId, looks, settings, command, fresh, sweep },
    cells: firstCells.map((cell) => cell.id),
    decks: filesOf(
      ledger.files,
      experiments.map(({ id }) => id),
    ),
    shard: shard && { ...shard, plan: plan.cells.map((cell) => cell.id) },
    now: new Date(),
    onNotice: (line) => void stream.write(`${line}\n`),
  });
  const endOfWork = AbortSignal.any([signal, directory.lock.lost]);
  const run = async (cells: readonly PlannedCell[]) => {
    const ids = cells.map((cell) => cell.id);
    if (ids.some((id) => !directory.manifest.cells.includes(id))) directory = await planMore(directory, ids);
    const { done, todo, kept, changed } = await splitByRecords({ ...plan, cells }, directory.path, sources, settings);
    // A run that was killed may have had no time for that.
    for (const { cell } of done) await removeCheckpoint(directory.path, cell);
    stream.write(startLine(directory.path, done.length, todo.length));
    stream.write(keptLine(kept));
    stream.write(changedLine(changed));
    await runCells(todo, {
      execute: processes.execute,
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
    });
  };
  return { directory: () => directory, run };
}

function refuseOtherPlan({ planId, command }: Pick<RunManifest, 'planId' | 'command'>, found: string): void {
  if (planId === found) return;
  throw new CnnbenchError(
    'E_OUT_FOREIGN',
    'the run was started with other data or recipes',
    `Use --data-dir with its data. If recipes have changed, "${command}" starts it again.`,
  );
}

function startLine(path: string, done: number, todo: number): string {
  const reused = done === 0 ? '' : `, ${done} already done`;
  return `${cellsInWords(todo)} to run${reused}; results go to ${path}\n`;
}

/** Cells whose records are of another recipe: what they had is replaced. */
function changedLine(changed: readonly PlannedCell[]): string {
  if (changed.length === 0) return '';
  return `note: running these cells again, because their recipe has changed: ${listed(changed.map(({ id }) => id))}\n`;
}

/** Which builds made the records that are kept, where that was not this one: they do not test it. */
function keptLine(kept: readonly CellRecord[]): string {
  const here = buildKey(captureEnvironment());
  const others = buildsOf(kept).filter((build) => buildKey(build) !== here);
  if (others.length === 0) return '';
  return `note: keeping cells made by another build of cnnbench: ${buildsInWords(others)}; --fresh runs everything again\n`;
}
