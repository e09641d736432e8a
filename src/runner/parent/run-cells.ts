import { FMA_BACKENDS } from '../../core/cell.js';
import type { Environment, CellRecord, Outcome } from '../../core/record.js';
import { SCHEMA_VERSION } from '../../core/record.js';
import type { StepTrace } from '../../core/trace.js';
import type { PlannedCell } from '../../plan/plan.js';
import type { CellEnd, CellExecutor, CellJob, CellObserver, ExecutedCell } from './executor.js';
import type { EarlierWork } from '../protocol.js';

/** What watches a run: the progress display, or nothing. */
export interface RunObserver {
  onCellStart(planned: PlannedCell, position: number): CellObserver;
  onCellEnd(planned: PlannedCell, record: CellRecord, trace?: StepTrace): void;
}

export interface RunOptions {
  readonly execute: CellExecutor;
  readonly jobFor: (planned: PlannedCell) => CellJob;
  readonly environment: Environment;
  /** Called with each record, and its trace where there is one, as soon as its cell ended, before the next one starts. */
  readonly save: (record: CellRecord, trace?: StepTrace) => Promise<void>;
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
  /** Wall clock. It may jump, also back. */
  readonly now: () => Date;
  /** Milliseconds of a clock that does not. */
  readonly monotonic: () => number;
}

/** Outcomes that a later run of the same plan does not repeat; everything else is tried again. */
export const SETTLED_OUTCOMES: readonly Outcome[] = ['completed', 'diverged', 'unsupported'];

/** Outcomes whose records say how often the training was interrupted. */
const INTERRUPTIBLE: readonly Outcome[] = ['completed', 'diverged'];

/** Runs cells one after the other, so that none is timed while another computes, and saves each record at once. */
export async function runCells(cells: readonly PlannedCell[], options: RunOptions): Promise<CellRecord[]> {
  const records: CellRecord[] = [];
  for (const [index, planned] of cells.entries()) {
    const startedAt = options.now();
    const began = options.monotonic();
    const observer = options.observer.onCellStart(planned, index + 1);
    const job = options.jobFor(planned);
    const { trace, earlier, ...end } = await endOf(planned, () => options.execute(job, observer, options.signal));
    const seconds = (earlier?.seconds ?? 0) + (options.monotonic() - began) / 1000;
    const record = recordOf(planned, job, end, earlier, options.environment, startedAt, seconds);
    await options.save(record, trace);
    options.observer.onCellEnd(planned, record, trace);
    records.push(record);
  }
  return records;
}

/** A cell that was not started. */
interface Skipped {
  readonly outcome: 'skipped';
  readonly reason: string;
  readonly trace?: never;
  readonly earlier?: never;
}

async function endOf(
  { skipReason }: PlannedCell,
  execute: () => Promise<ExecutedCell>,
): Promise<ExecutedCell | Skipped> {
  return skipReason === undefined ? execute() : { outcome: 'skipped', reason: skipReason };
}

function recordOf(
  planned: PlannedCell,
  job: CellJob,
  end: CellEnd | Omit<Skipped, 'trace' | 'earlier'>,
  earlier: EarlierWork | undefined,
  environment: Environment,
  startedAt: Date,
  seconds: number,
): CellRecord {
  return {
    schemaVersion: SCHEMA_VERSION,
    cell: { ...planned.cell },
    suite: planned.experiment.suite,
    recipeSha256: planned.recipeSha256,
    startedAt: startedAt.toISOString(),
    seconds,
    environment,
    ...(job.fma === true && FMA_BACKENDS.includes(planned.cell.backend) && { fma: true }),
    ...end,
    ...(earlier !== undefined && INTERRUPTIBLE.includes(end.outcome) && { interruptions: earlier.interruptions }),
  };
}
