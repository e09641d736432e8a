import { PROFILES, type Profile, type ProfileSettings } from '../core/experiment.js';
import type { WrittenExperiment } from './schema.js';

/** What a recipe costs: multiply-accumulates of one image, forward, and how many images there are. */
export interface Cost {
  readonly macs: number;
  readonly train: number;
  readonly test: number;
}

/** Multiply-accumulates of a cell: half a minute, and a second, at 4e10 a second, which the backend wasm reaches on two cores. */
const BUDGET = { quick: 1.2e12, smoke: 4e10 } as const;

/** Most epochs, and images that are tested on. */
const MOST = { quick: { epochs: 5, test: 10_000 }, smoke: { epochs: 1, test: 1000 } } as const;

/** Forward and backward: a backward pass costs about two forward passes. */
const TRAINING_PASSES = 3;

/**
 * The profiles of a recipe. `full` is the recipe. A shorter one that the deck does not give has as many epochs, at most 5 or 1, and of
 * the images the first ones, in whole batches, as fit into its budget: so it depends on the file alone, not on the machine.
 */
export function profilesOf(
  given: WrittenExperiment['profiles'],
  { epochs, steps, batch, cost }: Length & { readonly batch: number; readonly cost: Cost },
): Readonly<Record<Profile, ProfileSettings>> {
  const most = { epochs, ...(steps !== undefined && { steps }) };
  const said = steps === undefined ? `${epochs} epochs` : `${steps} steps`;
  const settingsOf = (profile: Profile): ProfileSettings => {
    if (profile === 'full') return { ...most, basis: `${said}, as the deck says` };
    const own = given?.[profile];
    if (own === undefined) return { ...shortened(profile, epochs, batch, cost), ...(steps !== undefined && { steps }) };
    const { batch: batchSize, trainImages, testImages } = own;
    return {
      epochs: own.epochs,
      ...(batchSize !== undefined && { batchSize }),
      ...(trainImages !== undefined && { trainImages }),
      ...(testImages !== undefined && { testImages }),
      basis: `the deck's own profile ${profile}`,
    };
  };
  const [smoke, quick, full] = PROFILES.map(settingsOf) as [ProfileSettings, ProfileSettings, ProfileSettings];
  return { smoke, quick, full };
}

/** How long a recipe trains. */
interface Length {
  readonly epochs: number;
  readonly steps?: number | undefined;
}

function shortened(
  profile: 'smoke' | 'quick',
  fullEpochs: number,
  batch: number,
  { macs, train, test }: Cost,
): ProfileSettings {
  const budget = BUDGET[profile];
  const allowed = Math.min(test, MOST[profile].test);
  let epochs = Math.min(fullEpochs, MOST[profile].epochs);
  while (epochs > 1 && epochs * (TRAINING_PASSES * train + allowed) * macs > budget) epochs--;
  const testImages = epochs * allowed * macs > budget / 4 ? Math.min(allowed, 1000) : allowed;
  const steps = Math.max(1, Math.floor((budget / (epochs * macs) - testImages) / (TRAINING_PASSES * batch)));
  const trainImages = Math.min(train, steps * batch);
  const whole = trainImages === train;
  return {
    epochs,
    ...(!whole && { trainImages }),
    ...(testImages < test && { testImages }),
    basis: `${epochs} of ${fullEpochs} epochs${whole ? '' : ` on the first ${trainImages} images`}, scaled to the cost of the recipe`,
  };
}
