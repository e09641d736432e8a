import { captureEnvironment } from '../../records/environment.js';
import { writeAtomically } from '../../records/atomic.js';
import { encodeExport, type WeightsExport } from '../../train/weights-export.js';
import { batchSizeOf } from '../../train/train.js';
import type { ExportRequest } from '../protocol.js';
import { imagesOf, loadFor } from './load.js';

/** Writes start weights, and batches where they are asked for. No backend is needed. */
export async function exportStart(request: ExportRequest): Promise<void> {
  await writeExport(request.exportTo.path, await startToExport(request));
}

async function startToExport({ start, exportTo }: ExportRequest): Promise<Omit<WeightsExport, 'version'>> {
  const steps = exportTo.batches;
  if (start.of === 'golden') {
    const { experiment, seed, batchSize } = start.trajectory;
    return {
      experiment,
      seed,
      batches: { dataset: imagesOf(start.trajectory), batchSize, steps },
    };
  }
  const { experiment, seed } = start;
  const point = { experiment, seed };
  if (steps === 0) return point;
  if (start.source === undefined) throw new Error(`no data came with the request for ${experiment.id}`);
  const settings = experiment.profiles[start.profile];
  const dataset = await loadFor({ ...settings, testImages: 0 }, start.source);
  return { ...point, batches: { dataset, batchSize: batchSizeOf(experiment, settings, dataset), steps } };
}

/** @throws CnnbenchError E_WRITE */
export async function writeExport(path: string, weights: Omit<WeightsExport, 'version'>): Promise<void> {
  await writeAtomically(path, encodeExport({ ...weights, version: captureEnvironment().cnnbench }));
}
