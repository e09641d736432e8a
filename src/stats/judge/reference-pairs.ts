import { BACKENDS } from '../../core/cell.js';
import type { BackendName } from '../../core/cell.js';
import type { DatasetIdentity } from '../../core/dataset.js';
import { PROFILES } from '../../core/experiment.js';
import type { Profile } from '../../core/experiment.js';
import { datasetUsed, isFailure, type CellRecord } from '../../core/record.js';
import type { ReferenceData, ReferenceOf } from '../../core/reference.js';
import { isCompletedTraining, isReal, sampleOf } from '../comparable.js';
import type { Comparable } from '../comparable.js';
import { memberOf, populationKey, SAMPLE_TRAITS } from '../population.js';
import { momentsOf } from '../inference/interval.js';
import type { Moments } from '../inference/interval.js';
import { mean } from '../inference/sample.js';
import { isComplete, seenAt } from './looks.js';
import type { Look } from './looks.js';

/** Own seeds and those of the reference, of one experiment, backend, profile and kind of data. */
export interface ReferencePair {
  /** The same at every look, and of no other pair. */
  readonly key: string;
  readonly experiment: string;
  readonly backend: BackendName;
  readonly profile: Profile;
  readonly data: ReferenceData;
  readonly own: Comparable;
  readonly testAccuracy: number;
  /** Of fractions; one seed has no spread of its own. */
  readonly moments: Moments;
  readonly reference: Moments;
  /** What the reference was trained with. */
  readonly framework: string;
}

/**
 * Everything that was trained and has a reference; experiments in the order of the records.
 *
 * @param look sees its seeds only, and nothing before they are all there
 */
export function pairsWithReference(
  records: readonly CellRecord[],
  referenceOf: ReferenceOf,
  look?: Look,
): readonly ReferencePair[] {
  const experiments = [...new Set(records.filter(isCompletedTraining).map(({ cell }) => cell.experiment))];
  return experiments.flatMap((experiment) =>
    BACKENDS.flatMap((backend) =>
      PROFILES.flatMap((profile) =>
        (['real', 'stand-in'] as const).flatMap((data): readonly ReferencePair[] => {
          const { accuracies = [], setup } = referenceOf(experiment, profile, data) ?? {};
          const reference = momentsOf(accuracies);
          if (reference === undefined || setup === undefined) return [];
          const { framework } = setup;
          const cells = records.filter(
            ({ cell }) => cell.experiment === experiment && cell.backend === backend && cell.profile === profile,
          );
          const seen = look === undefined ? cells : seenAt(look, cells);
          if (look !== undefined && !isComplete(look, seen)) return [];
          return samplesOn(data, seen).flatMap(({ population, own }) => {
            const testAccuracy = mean(own.accuracies);
            if (testAccuracy === undefined) return [];
            const moments = momentsOf(own.accuracies) ?? { n: 1, mean: testAccuracy, sd: 0 };
            const key = [experiment, backend, profile, population].join(' ');
            return [{ key, experiment, backend, profile, data, own, testAccuracy, moments, reference, framework }];
          });
        }),
      ),
    ),
  );
}

/**
 * The seeds on this kind of data, those of each recipe and set of files by themselves. A cell that failed counts with all
 * of them, unless it says that it was trained on something else.
 */
function samplesOn(
  data: ReferenceData,
  cells: readonly CellRecord[],
): readonly { readonly population: string; readonly own: Comparable }[] {
  const here = cells.filter((record) => {
    const dataset = datasetUsed(record);
    return dataset === undefined ? isFailure(record) : kindOf(dataset) === data;
  });
  const completed = here.filter(isCompletedTraining);
  const populations = new Set(completed.map(populationOf));
  return [...populations].map((population) => ({
    population,
    own: sampleOf(here.filter((record) => !isCompletedTraining(record) || populationOf(record) === population)),
  }));
}

function populationOf(record: CellRecord): string {
  return populationKey(memberOf(record), SAMPLE_TRAITS);
}

/** Files that nobody knows are like nothing that a reference was trained on. */
function kindOf(dataset: DatasetIdentity): ReferenceData | undefined {
  return isReal(dataset) ? 'real' : dataset.provenance === 'stand-in' ? 'stand-in' : undefined;
}
