import { access, constants, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cellId, type BackendName } from '../../core/cell.js';
import { CnnbenchError, messageOf } from '../../core/errors.js';
import type { Profile, TrainingExperiment } from '../../core/experiment.js';
import type { GoldenTrajectory } from '../../core/golden-trajectory.js';
import { decodeSafetensors } from '../../core/safetensors.js';
import type { Ledger } from '../../ledger/ledger.js';
import { planCells } from '../../plan/plan.js';
import { exportStart, noWeights } from '../../runner/parent/export-weights.js';
import type { ExportTarget } from '../../runner/protocol.js';
import { jobFor } from '../../runner/parent/resume.js';
import { runUnkept } from '../../runner/parent/run-unkept.js';
import type { DataChoice } from '../run/data-choice.js';
import { runProgress, type ProgressStream } from '../run/progress.js';
import { resolveSources } from '../run/sources.js';

/** Most bytes of images in one file. */
const MOST_BATCH_BYTES = 2 ** 30;

export interface ExportOptions {
  readonly experiment: string;
  readonly seed: number;
  readonly profile: Profile;
  /** The file to write. Default: named by what is in it, in the current folder. */
  readonly out?: string | undefined;
  /** How many of the first training batches go into the file, too. */
  readonly batches: number;
  /** Train the experiment and export the weights it ends with. */
  readonly trained?: {
    readonly backend: BackendName;
    readonly threads?: number | undefined;
    readonly timeoutMs: number;
  };
  readonly data: DataChoice;
  readonly stream: ProgressStream;
  readonly signal: AbortSignal;
}

/** What was written. */
export interface ExportedFile {
  readonly path: string;
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Writes the start weights of an experiment, or those it ends with, to a safetensors file.
 *
 * @throws CnnbenchError E_UNKNOWN_EXPERIMENT, E_USAGE for one without weights and for too many batches, E_OUT_UNWRITABLE,
 * E_WRITE, E_NO_WEIGHTS where its training came to no end, codes of the data
 */
export async function exportWeights(ledger: Ledger, options: ExportOptions): Promise<ExportedFile> {
  const experiment = ledger.training(options.experiment);
  const { seed, profile, batches, trained, data, stream, signal } = options;
  refuseTooMany(experiment, profile, batches);
  const name =
    trained === undefined ? `${experiment.id}.initial.seed${seed}` : cellId({ ...cellOf(options), ...trained });
  const path = options.out ?? `${name}.safetensors`;
  await refuseUnwritable(path);
  const needsData = trained !== undefined || batches > 0;
  const sources = await resolveSources(ledger, needsData ? [experiment] : [], { ...data, stream, signal });
  const exportTo = { path, batches };
  if (trained !== undefined) {
    const weightsSha256 = await trainAndExport(experiment, options, trained, sources, exportTo);
    const file = await describe(path);
    if (file.metadata['weightsSha256'] !== weightsSha256)
      throw new Error(`${path} does not match the result of the training`);
    return file;
  }
  const source = sources.get(experiment.dataset);
  const start = { of: 'experiment', experiment, seed, profile, ...(source && { source }) } as const;
  await exportStart({ start, exportTo }, signal);
  return describe(path);
}

/**
 * Writes the start and the batches of a golden trajectory: what reference/pytorch/golden.py trains on.
 *
 * @throws CnnbenchError E_OUT_UNWRITABLE, E_WRITE
 */
export async function exportGolden(
  trajectory: GoldenTrajectory,
  out: string | undefined,
  signal: AbortSignal,
): Promise<ExportedFile> {
  const { experiment, steps } = trajectory;
  const path = out ?? `${experiment.id}.golden.safetensors`;
  await refuseUnwritable(path);
  const start = { of: 'golden', trajectory } as const;
  await exportStart({ start, exportTo: { path, batches: steps } }, signal);
  return describe(path);
}

function cellOf({ experiment, seed, profile }: ExportOptions) {
  return { experiment, seed, profile };
}

function refuseTooMany(experiment: TrainingExperiment, profile: Profile, batches: number): void {
  const examples = batches * (experiment.profiles[profile].batchSize ?? experiment.batchSize);
  const bytes = experiment.model.input.reduce((product, length) => product * length, examples);
  if (bytes <= MOST_BATCH_BYTES) return;
  throw new CnnbenchError(
    'E_USAGE',
    `${batches} batches of ${experiment.id} are ${(bytes / 2 ** 30).toFixed(1)} GiB; the limit is 1 GiB`,
    'Use fewer --batches.',
  );
}

/** Before hours of training, not after them. */
async function refuseUnwritable(path: string): Promise<void> {
  const why = await access(dirname(path), constants.W_OK).then(
    async () => ((await stat(path).catch(() => undefined))?.isDirectory() === true ? 'it is a folder' : undefined),
    messageOf,
  );
  if (why === undefined) return;
  const remedy = 'Choose a file in a folder you can write to with --out.';
  throw new CnnbenchError('E_OUT_UNWRITABLE', `cannot write ${path}: ${why}`, remedy);
}

/** Runs the cell as `run` does. @returns the digest of its record */
async function trainAndExport(
  experiment: TrainingExperiment,
  { seed, profile, stream, signal }: ExportOptions,
  { backend, threads, timeoutMs }: NonNullable<ExportOptions['trained']>,
  sources: Awaited<ReturnType<typeof resolveSources>>,
  exportTo: ExportTarget,
): Promise<string> {
  const { cells } = planCells([experiment], [backend], [seed], profile);
  const jobOf = jobFor(sources, { threads, fma: false, trace: false, timeoutMs });
  const [record] = await runUnkept(cells, {
    jobFor: (planned) => ({ ...jobOf(planned), exportTo }),
    observer: runProgress(cells, stream, () => performance.now()),
    signal,
  });
  if (record?.outcome === 'completed' && record.result.kind === 'training') return record.result.weightsSha256;
  throw noWeights(
    record === undefined || record.outcome === 'completed'
      ? 'nothing was trained'
      : `${record.outcome}: ${record.reason}`,
  );
}

async function describe(path: string): Promise<ExportedFile> {
  const { tensors, metadata } = decodeSafetensors(await readFile(path));
  return { path, tensors: tensors.map(({ name, shape }) => ({ name, shape })), metadata };
}
