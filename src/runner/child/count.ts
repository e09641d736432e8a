import type { ActiveBackend } from '../../backends/backend.js';
import type { Experiment } from '../../core/experiment.js';
import { countDataset } from '../../data/facts.js';
import { loadDataset } from '../../data/load.js';
import { measure } from '../../examples/measure.js';
import { tfjsPrimitives } from '../../examples/tfjs.js';
import { buildModel, countLayers, countTrainable } from '../../train/build.js';
import type { ReportedEnd, RunRequest } from '../protocol.js';

/** Runs what trains nothing: worked examples, a model that is counted, a data set that is. Leaves nothing on the backend. */
export async function count(
  { tf, layers }: ActiveBackend,
  experiment: Exclude<Experiment, { kind: 'training' }>,
  { source }: Pick<RunRequest, 'source'>,
): Promise<ReportedEnd> {
  switch (experiment.kind) {
    case 'ops': {
      const values = await measure(tfjsPrimitives(tf, layers), experiment.operations);
      return { outcome: 'completed', result: { kind: 'ops', values } };
    }
    case 'architecture': {
      const model = buildModel({ tf, layers }, experiment.model);
      const result = { kind: 'architecture', parameters: countTrainable(model), layers: countLayers(model) } as const;
      model.dispose();
      return { outcome: 'completed', result };
    }
    case 'data':
      if (source === undefined) throw new Error(`no data came with the request for ${experiment.id}`);
      return { outcome: 'completed', result: countDataset(await loadDataset(source)) };
  }
}
