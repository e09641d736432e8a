import { writeFile } from 'node:fs/promises';
import type { ActiveBackend } from '../../backends/backend.js';
import type { Dataset } from '../../core/dataset.js';
import { encodeSafetensors } from '../../core/safetensors.js';
import { loadDataset } from '../../data/load.js';
import { computeTask } from '../../parity/compute.js';
import type { ParityRequest, Send } from '../protocol.js';
import { imagesOf } from './load.js';

/** Training images among which a batch for the parity ladder is looked for. */
const CANDIDATE_IMAGES = 1024;

/** Leaves the tensors of a rung of the parity ladder in a file. */
export async function computeRung(
  active: ActiveBackend,
  { task, source, out }: ParityRequest,
  send: Send,
): Promise<void> {
  const load = async (): Promise<Dataset> => {
    if (task.kind === 'golden') return imagesOf(task.trajectory);
    if (source === undefined) throw new Error('no data came with the request');
    return loadDataset(source, { trainImages: CANDIDATE_IMAGES, testImages: 1 });
  };
  const { tensors, failures } = await computeTask(active, task, load, (stage) => send({ type: 'computing', stage }));
  await writeFile(out, encodeSafetensors(tensors));
  return send({ type: 'computed', failures: [...failures] });
}
