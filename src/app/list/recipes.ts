import type { Experiment, ProfileSettings } from '../../core/experiment.js';
import { SCHEMA_VERSION } from '../../core/record.js';
import type { LayerSpec } from '../../core/model.js';

/** Every training recipe as plain JSON, only what decides a result: what reference/pytorch/train.py trains. */
export function recipes(all: readonly Experiment[]) {
  const experiments = all.flatMap((experiment) => {
    if (experiment.kind !== 'training') return [];
    const { id, dataset, model, initialisation, optimizer, batchSize, profiles } = experiment;
    const { schedule, loss, lastBatch, shuffle } = experiment;
    const { smoke, quick, full } = profiles;
    return [
      {
        id,
        dataset,
        model: model.layers.map(withoutName),
        initialisation,
        optimizer,
        ...(schedule && { schedule }),
        ...(loss && { loss }),
        batchSize,
        ...(lastBatch && { lastBatch }),
        ...(shuffle === false && { shuffle }),
        profiles: { smoke: deciding(smoke), quick: deciding(quick), full: deciding(full) },
      },
    ];
  });
  return { schemaVersion: SCHEMA_VERSION, experiments };
}

function withoutName(layer: LayerSpec): object {
  return Object.fromEntries(Object.entries(layer).filter(([key]) => key !== 'name'));
}

/** A profile without its explanation. */
function deciding(settings: ProfileSettings): object {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'basis'));
}
