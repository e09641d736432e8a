import { CnnbenchError } from '../../core/errors.js';
import type { Profile, TrainingExperiment } from '../../core/experiment.js';
import { NAMED_INITIALISATIONS } from '../../core/initialisation.js';
import { AXES, sweepGridSchema, type Axis, type SweepGrid, type SweepSettings } from '../../core/sweep.js';
import { checkBatches, defaultValues } from '../../plan/sweep-points.js';
import {
  namesVariation,
  parseBatchSize,
  parseEpochs,
  parseInitialisation,
  parseLearningRate,
} from '../../ledger/variation-id.js';

/** What a sweep is to vary: axes by name, and values of some of them. */
export interface SweepAxes {
  readonly over: string | undefined;
  readonly lr: string | undefined;
  readonly init: string | undefined;
  readonly batch: string | undefined;
  readonly epochs: string | undefined;
}

const PARSERS: Readonly<Record<Axis, (text: string) => number | string | undefined>> = {
  lr: parseLearningRate,
  init: parseInitialisation,
  batch: parseBatchSize,
  epochs: parseEpochs,
};

const VALUES: Readonly<Record<Axis, string>> = {
  lr: 'a learning rate is between 0 and 1, for example 3e-4',
  init: `a scheme is one of ${NAMED_INITIALISATIONS.join(', ')}`,
  batch: 'a batch size is an integer from 1 to 10000',
  epochs: 'a number of epochs is an integer from 1 to 10000',
};

/**
 * The grid that is asked for. An axis of --over without values of its own takes the defaults; values alone imply their axis.
 *
 * @throws CnnbenchError E_USAGE
 */
export function gridOf(
  base: TrainingExperiment,
  given: SweepAxes,
  { backend, profile, seeds }: Pick<SweepGrid, 'backend' | 'seeds'> & { readonly profile: Profile },
): SweepGrid {
  if (namesVariation(base.id)) {
    throw usage(
      `${base.id} is already a variation`,
      `Sweep ${base.variationOf ?? ''} and give its settings as values.`,
    );
  }
  const defaults = defaultValues(base, profile);
  const named = axesOf(given.over);
  const values: Partial<Record<keyof SweepSettings, readonly (number | string)[]>> = {};
  for (const axis of Object.keys(AXES) as Axis[]) {
    const text = given[axis];
    if (text !== undefined) values[AXES[axis]] = valuesOf(axis, text);
    else if (named.includes(axis)) values[AXES[axis]] = defaults[AXES[axis]];
  }
  if (Object.keys(values).length === 0) {
    throw usage(
      'there is nothing to vary',
      'Choose axes with --over lr,epochs,init,batch, or give values such as --lr 1e-4,1e-3.',
    );
  }
  const grid = { experiment: base.id, backend, profile, seeds: [...seeds], ...values } as SweepGrid;
  const { error } = sweepGridSchema.safeParse(grid);
  if (error !== undefined) throw usage(error.issues[0]?.message ?? 'no grid', 'Use fewer values, or fewer --seeds.');
  checkBatches(base, grid);
  return grid;
}

function axesOf(over: string | undefined): readonly Axis[] {
  const words = over === undefined ? [] : over.split(',').map((word) => word.trim());
  return words.map((word) => {
    if (Object.hasOwn(AXES, word)) return word as Axis;
    throw usage(
      `--over ${over ?? ''}: "${word}" cannot be varied`,
      `Choose from ${Object.keys(AXES).join(',')}, with commas between them.`,
    );
  });
}

/** Each value once, numbers in ascending order. */
function valuesOf(axis: Axis, text: string): readonly (number | string)[] {
  const values = text.split(',').map((word) => {
    const value = PARSERS[axis](word.trim());
    if (value === undefined)
      throw usage(`--${axis} ${text}: "${word}": ${VALUES[axis]}`, 'Give such values, with commas between them.');
    return value;
  });
  const once = [...new Set(values)];
  return axis === 'init' ? once : once.toSorted((a, b) => Number(a) - Number(b));
}

function usage(message: string, remedy: string): CnnbenchError {
  return new CnnbenchError('E_USAGE', message, remedy);
}
