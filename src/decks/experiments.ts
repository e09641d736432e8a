import type { TrainingExperiment } from '../core/experiment.js';
import {
  resolveLayers,
  resolveRecipe,
  type Framework,
  type ShortOptimizer,
  type ShortRecipe,
} from '../core/framework.js';
import type { ModelSpec } from '../core/model.js';
import type { Schedule } from '../core/optimizer.js';
import { summarize } from '../model/summary.js';
import type { Complaints } from './complain.js';
import { inOrder } from './layers.js';
import { fullName } from './models.js';
import { profilesOf } from './profiles.js';
import type { OptimizerWord, WrittenRecipe } from './recipe-schema.js';
import type { WrittenExperiment } from './schema.js';

/** What a recipe needs to know of a data set. */
export interface DataForm {
  /** As the ledger calls it. */
  readonly name: string;
  /** Of one image. Absent where only the files say it. */
  readonly imageShape?: readonly number[] | undefined;
  readonly classes?: number | undefined;
  /** Images; those of files that were not read are guessed. */
  readonly train: number;
  readonly test: number;
  /** Whether they are no guess. */
  readonly isCounted: boolean;
}

type Path = readonly PropertyKey[];

/**
 * A training as the ledger has it.
 *
 * @param like of the deck
 */
export function experimentOf(
  deck: string,
  name: string,
  written: WrittenExperiment & { readonly trainAccuracy: boolean },
  { model, data, like }: { readonly model: ModelSpec; readonly data: DataForm; readonly like: Framework | undefined },
  complaints: Complaints,
): TrainingExperiment | undefined {
  const path = ['experiments', name];
  const { outputs, macs } = endOf(model);
  checkFit(model, data, outputs, path, complaints);
  const { unstated } = written;
  const recipe = { ...written.recipe, like: written.recipe.like ?? like };
  const length = lengthOf(recipe, data, [...path, 'recipe'], complaints);
  if (recipe.like === undefined) {
    const hint =
      'Add "like: keras" or "like: pytorch" to it, or to the whole deck; where the page names none, list it under "unstated".';
    complaints.add(
      'E_DECK_FIELD',
      [...path, 'recipe'],
      'it does not say whose defaults hold for what it leaves out',
      hint,
    );
    return undefined;
  }
  if (recipe.batch === undefined && recipe.like === 'pytorch') {
    // A DataLoader without batch_size gives single examples, which no page means.
    complaints.add('E_DECK_FIELD', [...path, 'recipe'], 'it needs "batch"', 'Only "like: keras" has a default: 32.');
  }
  const full = resolveRecipe(shortRecipe({ ...recipe, like: recipe.like }), model.layers);
  const cost = { macs, train: data.train, test: data.test };
  return {
    kind: 'training',
    id: fullName(deck, name),
    title: written.title ?? `${written.model} on ${written.data}`,
    suite: deck,
    model: { ...model, layers: resolveLayers(recipe.like, model.layers).map(inOrder) },
    dataset: data.name,
    ...full,
    ...(written.trainAccuracy && { trainAccuracy: true }),
    profiles: profilesOf(written.profiles, { ...length, batch: full.batchSize, cost }),
    ...(unstated !== undefined && unstated.length > 0 && { unstated }),
  };
}

/** Epochs, and the step that ends them where a recipe counts steps. */
function lengthOf(
  { epochs, steps, batch = 32, lastBatch = 'kept' }: WrittenRecipe,
  { train, isCounted }: DataForm,
  path: Path,
  complaints: Complaints,
): { readonly epochs: number; readonly steps?: number } {
  if (steps === undefined) {
    if (epochs === undefined) complaints.add('E_DECK_FIELD', path, 'it needs "epochs", or "steps"');
    return { epochs: epochs ?? 1 };
  }
  if (epochs !== undefined) return { epochs, steps };
  if (!isCounted) {
    const hint = 'Give "epochs", too: as many as the steps take, or more.';
    complaints.add(
      'E_DECK_FIELD',
      [...path, 'steps'],
      'how many steps an epoch has is known from the files only',
      hint,
    );
  }
  const stepsAnEpoch = Math.max(1, lastBatch === 'kept' ? Math.ceil(train / batch) : Math.floor(train / batch));
  return { epochs: Math.ceil(steps / stepsAnEpoch), steps };
}

function shortRecipe(recipe: WrittenRecipe & { readonly like: Framework }): ShortRecipe {
  const { like, optimizer, schedule, loss, initialise, batch, lastBatch, shuffle } = recipe;
  return {
    like,
    optimizer: shortOptimizer(optimizer),
    ...(schedule !== undefined && { schedule: scheduleOf(schedule) }),
    ...(loss !== undefined && { loss }),
    ...(initialise !== undefined && { initialisation: initialise }),
    ...(batch !== undefined && { batchSize: batch }),
    ...(lastBatch !== undefined && { lastBatch }),
    ...(shuffle !== undefined && { shuffle }),
  };
}

function shortOptimizer(written: WrittenRecipe['optimizer']): ShortOptimizer {
  if (typeof written === 'string') return { name: written };
  const [[name, value]] = Object.entries(written) as [[OptimizerWord, number | Omit<ShortOptimizer, 'name'>]];
  return { name, ...(typeof value === 'number' ? { learningRate: value } : value) };
}

/** The options of all schedules: each has those of its word, which the schema has seen to. */
interface ScheduleOptions {
  readonly unit?: 'epoch' | 'step';
  readonly every?: number;
  readonly factor?: number;
  readonly at?: readonly number[];
  readonly over?: number;
  readonly minimum?: number;
}

function scheduleOf(written: NonNullable<WrittenRecipe['schedule']>): Schedule {
  const [[kind, options]] = Object.entries(written) as unknown as [[Schedule['kind'], ScheduleOptions]];
  const { unit = 'epoch', every = 1, factor = 1, at = [], over = 1, minimum = 0 } = options;
  switch (kind) {
    case 'step':
    case 'exponential':
      return { kind, unit, every, factor };
    case 'milestones':
      return { kind, unit, at, factor };
    case 'cosine':
      return { kind, unit, over, minimum };
  }
}

function checkFit(
  model: ModelSpec,
  data: DataForm,
  outputs: readonly number[],
  path: Path,
  complaints: Complaints,
): void {
  const { imageShape, classes } = data;
  if (imageShape !== undefined && imageShape.join() !== model.input.join()) {
    complaints.add(
      'E_DECK_MODEL',
      [...path, 'model'],
      `it takes ${model.input.join('x')}, and the images of ${data.name} are ${imageShape.join('x')}`,
      model.input.length === 1
        ? `Give it input: [${imageShape.join(', ')}] and flatten as its first layer.`
        : undefined,
    );
  }
  if (outputs.length !== 1 || (classes !== undefined && outputs[0] !== classes)) {
    const wanted = classes === undefined ? 'one value a class' : `${classes} values, one a class of ${data.name}`;
    complaints.add(
      'E_DECK_MODEL',
      [...path, 'model'],
      `it ends in ${outputs.join('x')}, and what is trained ends in ${wanted}`,
    );
  }
}

function endOf(model: ModelSpec): { outputs: readonly number[]; macs: number } {
  const { layers, totals } = summarize(model);
  return { outputs: layers.at(-1)?.outputShape ?? model.input, macs: totals.macs };
}
