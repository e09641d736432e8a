import type { ProfileSettings } from '../core/experiment.js';
import { SCHEMA_VERSION } from '../core/record.js';
import type { LayerSpec } from '../model/spec.js';
import { findArchitecture } from '../suites/architectures.js';
import { EXPERIMENTS } from '../suites/experiments.js';

/** Every training recipe as plain JSON, only what decides a result: what reference/pytorch/train.py trains. */
export function recipes() {
  const experiments = EXPERIMENTS.flatMap((experiment) => {
    if (experiment.kind !== 'training') return [];
    const { id, dataset, model, initialisation, optimizer, batchSize, profiles } = experiment;
    const { smoke, quick, full } = profiles;
    return [
      {
        id,
        dataset,
        model: findArchitecture(model).layers.map(withoutName),
        initialisation,
        optimizer,
        batchSize,
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
