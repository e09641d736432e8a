import type { BackendDescription, CurvePoint } from '../../core/record.js';
import type { StepTrace } from '../../core/trace.js';
import type { EarlierWork, ReportedEnd, RunRequest, StepMessage } from '../protocol.js';

/** What it takes to run one cell. */
export interface CellJob extends Omit<RunRequest, 'type' | 'stays'> {
  /** Milliseconds after which the cell is ended as timed out. */
  readonly timeoutMs: number;
  /** Bytes of memory above which the cell is ended as crashed, where the system tells them. */
  readonly memoryLimit?: number;
}

/** How a cell ended, seen from outside: what it reported, or what became of its process. */
export type CellEnd = (ReportedEnd | { readonly outcome: 'crashed' | 'timed-out'; readonly reason: string }) & {
  readonly backend?: BackendDescription;
};

/** An end, the trace of a training cell that was to be traced, and what went before one that went on from a checkpoint. */
export type ExecutedCell = CellEnd & { readonly trace?: StepTrace; readonly earlier?: EarlierWork };

export interface CellObserver {
  onStart(backend: BackendDescription, notices: readonly string[]): void;
  /** What the user should know, to be read after the name of the cell. */
  onNotice(text: string): void;
  onStep(step: StepMessage): void;
  onEpoch(point: CurvePoint): void;
}

/** Runs one cell. Rejects only when `signal` is aborted; whatever a cell does is its end. */
export type CellExecutor = (job: CellJob, observer: CellObserver, signal: AbortSignal) => Promise<ExecutedCell>;
