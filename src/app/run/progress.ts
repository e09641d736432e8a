import type { CellRecord } from '../../core/record.js';
import type { PlannedCell } from '../../plan/plan.js';
import { plain } from '../../report/escape.js';
import { renderDocument } from '../../report/render.js';
import type { CellObserver } from '../../runner/parent/executor.js';
import type { StepMessage } from '../../runner/protocol.js';
import type { RunObserver } from '../../runner/parent/run-cells.js';
import { percent } from '../../stats/wording.js';
import { cellRemainingSeconds, learn, remainingSeconds, type Experience } from './eta.js';
import { traceDocument } from './trace-table.js';
import { duration, speed } from '../format.js';
import { CLEAR_LINE } from '../terminal.js';

/** Where progress goes; stderr, so that stdout stays the result. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** On a terminal a live line is redrawn at most this often; elsewhere a plain line is added at most that often. */
const LIVE_MS = 100;
const PLAIN_MS = 30_000;

/**
 * Progress of a run: one line for each ended cell, and while a cell runs its epoch, loss, images/s and the time left for
 * the cell and for the run. Live on a terminal, plain lines elsewhere.
 *
 * @param now milliseconds of a monotonic clock
 */
export function runProgress(cells: readonly PlannedCell[], stream: ProgressStream, now: () => number): RunObserver {
  const live = stream.isTTY === true;
  let experience: Experience = new Map();
  let noticed = new Set<string>();

  const line = (text: string) => stream.write(`${live ? CLEAR_LINE : ''}${text}\n`);
  const redraw = (text: string) => stream.write(CLEAR_LINE + text.slice(0, (stream.columns ?? 100) - 1));

  return {
    onCellStart(planned, position): CellObserver {
      const head = headOf(planned, position, cells.length);
      const later = cells.slice(position);
      let first: { readonly time: number; readonly fraction: number } | undefined;
      let lastDrawn = live ? -Infinity : now();
      if (live) redraw(`${head}  starting`);
      return {
        onStart(_backend, notices) {
          for (const notice of notices.filter((text) => !noticed.has(text))) line(`note: ${plain(notice)}`);
          noticed = new Set([...noticed, ...notices]);
        },
        onNotice: (text) => line(`${nameOf(planned)} ${plain(text)}`),
        onStep(step) {
          const fraction = fractionOf(step);
          first ??= { time: now(), fraction };
          if (now() - lastDrawn < (live ? LIVE_MS : PLAIN_MS)) return;
          lastDrawn = now();
          const cellLeft = cellRemainingSeconds(
            (now() - first.time) / 1000,
            fraction,
            first.fraction,
            planned.estimateSeconds,
          );
          const runLeft = cellLeft + remainingSeconds(later, experience);
          const text = `${head}  ${stepText(step)}  cell ${duration(cellLeft)} left, run ${duration(runLeft)} left`;
          if (live) redraw(text);
          else line(text);
        },
        onEpoch: () => undefined,
      };
    },
    onCellEnd(planned, record, trace) {
      if (record.outcome === 'completed') experience = learn(experience, planned, record.seconds);
      line(`${headOf(planned, cells.indexOf(planned) + 1, cells.length)}  ${endText(record)}`);
      if (trace !== undefined) line(`\n${renderDocument(traceDocument(trace), 'terminal').text}`);
    },
  };
}

function headOf(planned: PlannedCell, position: number, total: number): string {
  return `[${String(position).padStart(String(total).length)}/${total}] ${nameOf(planned)}`;
}

function nameOf({ cell }: PlannedCell): string {
  const seed = cell.seed === 0 ? '' : ` seed ${cell.seed}`;
  return `${cell.experiment} ${cell.backend}${seed}`;
}

/** Share of the cell's steps that are done. */
function fractionOf({ epoch, epochs, step, stepsPerEpoch }: StepMessage): number {
  return (epoch - 1 + step / stepsPerEpoch) / epochs;
}

function stepText({ epoch, epochs, step, stepsPerEpoch, loss, imagesPerSecond }: StepMessage): string {
  return `epoch ${epoch}/${epochs} step ${step}/${stepsPerEpoch}  loss ${loss.toFixed(4)}  ${speed(imagesPerSecond)} images/s`;
}

function endText(record: CellRecord): string {
  if (record.outcome !== 'completed') return `${record.outcome}: ${plain(record.reason)}`;
  const { result } = record;
  if (result.kind === 'architecture') return `${result.parameters.toLocaleString('en-US')} parameters`;
  if (result.kind === 'ops') return `${result.values.length} operations`;
  if (result.kind === 'data') {
    const stand = result.dataset.provenance === 'stand-in' ? ' of the stand-in' : '';
    return `${(result.train.images + result.test.images).toLocaleString('en-US')} images${stand}`;
  }
  const pace = result.throughput === undefined ? '' : `  ${speed(result.throughput.imagesPerSecond)} images/s`;
  const label = result.dataset.provenance === 'stand-in' ? ' on stand-in data' : '';
  return `${percent(result.testAccuracy)}${label}${pace}  ${duration(record.seconds)}`;
}
