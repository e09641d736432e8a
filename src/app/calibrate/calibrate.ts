import type { Calibration } from '../../core/calibration.js';
import type { BackendName } from '../../core/cell.js';
import { CnnbenchError } from '../../core/errors.js';
import type { Profile, TrainingExperiment } from '../../core/experiment.js';
import { machineFacts } from '../../core/machine.js';
import { randomStream } from '../../core/random.js';
import type { CellRecord } from '../../core/record.js';
import { planCells, type PlannedCell } from '../../plan/plan.js';
import { writeCalibration } from '../../records/calibration.js';
import type { CellExecutor } from '../../runner/parent/executor.js';
import { jobFor } from '../../runner/parent/resume.js';
import { runUnkept } from '../../runner/parent/run-unkept.js';
import { judgeCalibration, type CalibrationResult } from '../../stats/compare/judge-calibration.js';
import { isTimedLongEnough, LONG_ENOUGH } from '../../stats/compare/speed-rule.js';
import { runProgress, type ProgressStream } from '../run/progress.js';
import type { Sources } from '../run/sources.js';

export interface CalibrateOptions {
  readonly experiment: TrainingExperiment;
  readonly profile: Profile;
  readonly backend: BackendName;
  /** A processor plays the backend's GPU. */
  readonly software: boolean;
  readonly threads?: number | undefined;
  /** Processes a side. */
  readonly perSide: number;
  readonly timeoutMs: number;
  readonly sources: Sources;
  /** The calibration is kept below it. */
  readonly cacheDir: string;
  readonly execute: CellExecutor;
  readonly stream: ProgressStream;
  readonly signal: AbortSignal;
}

/** What was measured, what it says, and where it is kept. */
export interface Calibrated {
  readonly calibration: Calibration;
  readonly result: CalibrationResult;
  readonly path: string;
}

/** Which label each process has. A drift that goes on evenly hits both labels alike. */
const ORDER = ['A', 'B', 'B', 'A'] as const;

/** Any seed will do; a calibration is about nothing but time. */
const SEED = 1;

/**
 * Runs one cell in fresh processes, labelled A and B in turn, judges their speeds and keeps them for `compare`.
 *
 * @throws CnnbenchError E_NO_SPEED at the first process without one, E_WRITE
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibrated> {
  const { perSide, sources, threads, timeoutMs } = options;
  const cells = plannedCells(options);
  const records = await runUnkept(cells, {
    execute: options.execute,
    jobFor: jobFor(sources, { threads, fma: false, trace: false, timeoutMs }),
    async save(record) {
      speedOf(record);
    },
    observer: runProgress(cells, options.stream, () => performance.now()),
    signal: options.signal,
  });
  const runs = records.map((record, index) => ({ label: labelOf(index, perSide), imagesPerSecond: speedOf(record) }));
  const [first] = records;
  if (first?.backend === undefined) throw new TypeError('a completed cell says what it ran on');
  const { experiment, backend, profile } = first.cell;
  const calibration: Calibration = {
    schemaVersion: 1,
    calibratedAt: first.startedAt,
    cnnbench: first.environment.cnnbench,
    machine: { ...machineFacts(first.environment, first.backend) },
    ...{ backend, experiment, profile, runs },
  };
  const result = judgeCalibration(runs, randomStream(experiment, 0, 'resample'));
  return { calibration, result, path: await writeCalibration(options.cacheDir, calibration) };
}

/** One object a process: the progress display tells them apart by identity. */
function plannedCells({ experiment, backend, profile, software, perSide }: CalibrateOptions): readonly PlannedCell[] {
  return Array.from({ length: 2 * perSide }, () =>
    planCells([experiment], [backend], [SEED], profile, { software: software ? [backend] : [] }),
  ).flatMap(({ cells }) => cells);
}

/** ABBA ABBA ... and, with an odd number a side, AB at the end. */
function labelOf(index: number, perSide: number): 'A' | 'B' {
  const isRest = perSide % 2 === 1 && index >= 2 * perSide - 2;
  return isRest ? (ORDER[index % 2] as 'A' | 'B') : (ORDER[index % ORDER.length] as 'A' | 'B');
}

function speedOf(record: CellRecord): number {
  const timed = timedSpeed(record);
  if ('imagesPerSecond' in timed) return timed.imagesPerSecond;
  const { experiment, backend, profile } = record.cell;
  throw new CnnbenchError(
    'E_NO_SPEED',
    `could not measure the speed of ${experiment} on ${backend}, ${profile}: ${timed.why}`,
    'Choose another --experiment, --profile or --backend; "cnnbench doctor" shows what works here.',
  );
}

function timedSpeed(record: CellRecord): { readonly imagesPerSecond: number } | { readonly why: string } {
  if (record.outcome !== 'completed') return { why: `${record.outcome}: ${record.reason}` };
  const throughput = record.result.kind === 'training' ? record.result.throughput : undefined;
  if (throughput !== undefined && isTimedLongEnough(throughput)) return throughput;
  const { blocks, seconds } = throughput ?? { blocks: 0, seconds: 0 };
  return { why: `only ${blocks} blocks and ${seconds.toFixed(1)} s were timed; ${LONG_ENOUGH} are needed` };
}
