import type { Initialisation, TrainingExperiment } from '../core/experiment.js';
import type { LayerSpec, ModelSpec } from '../core/model.js';
import { summarize } from '../model/summary.js';
import type { Complaints } from './complain.js';
import { fullName } from './models.js';
import { profilesOf } from './profiles.js';
import type { WrittenRecipe } from './recipe-schema.js';
import type { WrittenExperiment } from './schema.js';

/** What a recipe needs to know of a data set. */
export interface DataForm {
  /** As the ledger calls it. */
  readonly name: string;
  /** Of one image. Absent where only the files say it. */
  readonly imageShape?: readonly number[] | undefined;
  readonly classes?: number | undefined;
  /** Images, as far as they are known without reading the files. */
  readonly train: number;
  readonly test: number;
}

type Path = readonly PropertyKey[];

/**
 * A training as the ledger has it. Its fields stand in one order, because the digest of a recipe is of its text. A softmax at the
 * end is left out: it is part of the loss, which takes logits.
 */
export function experimentOf(
  deck: string,
  name: string,
  written: WrittenExperiment,
  model: ModelSpec,
  data: DataForm,
  complaints: Complaints,
): TrainingExperiment {
  const path = ['experiments', name];
  const trained: ModelSpec = { ...model, layers: withoutSoftmax(model.layers) };
  const { outputs, macs } = endOf(trained);
  checkFit(model, data, outputs, path, complaints);
  const { recipe, unstated } = written;
  const batchSize = batchOf(recipe, [...path, 'recipe'], complaints);
  return {
    kind: 'training',
    id: fullName(deck, name),
    title: written.title ?? `${written.model} on ${written.data}`,
    suite: deck,
    model: trained,
    dataset: data.name,
    initialisation: initialisationOf(recipe, [...path, 'recipe'], complaints),
    optimizer: optimizerOf(recipe, [...path, 'recipe', 'optimizer'], complaints),
    batchSize,
    profiles: profilesOf(written, batchSize, { macs, train: data.train, test: data.test }),
    ...(unstated !== undefined && unstated.length > 0 && { unstated }),
  };
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

function withoutSoftmax(layers: readonly LayerSpec[]): readonly LayerSpec[] {
  return layers.at(-1)?.kind === 'softmax' ? layers.slice(0, -1) : layers;
}

function endOf(model: ModelSpec): { outputs: readonly number[]; macs: number } {
  const { layers, totals } = summarize(model);
  return { outputs: layers.at(-1)?.outputShape ?? model.input, macs: totals.macs };
}

/** Where a recipe says nothing and no framework stands behind it, nothing is guessed. */
function needed(path: Path, key: string, complaints: Complaints): void {
  complaints.add(
    'E_DECK_FIELD',
    path,
    `it needs "${key}"`,
    `Give it, or "like: keras" or "like: pytorch", whose default holds.`,
  );
}

function batchOf({ like, batch }: WrittenRecipe, path: Path, complaints: Complaints): number {
  if (batch !== undefined) return batch;
  // keras.Model.fit has 32; a DataLoader of PyTorch without batch_size gives single examples, which no page means.
  if (like !== 'keras')
    complaints.add('E_DECK_FIELD', path, 'it needs "batch"', 'Only "like: keras" has a default: 32.');
  return 32;
}

function initialisationOf({ like, initialise }: WrittenRecipe, path: Path, complaints: Complaints): Initialisation {
  if (initialise !== undefined) return initialise;
  if (like === undefined) needed(path, 'initialise', complaints);
  return like === 'pytorch' ? 'pytorch-default' : 'xavier-uniform';
}

function optimizerOf(
  { like, optimizer }: WrittenRecipe,
  path: Path,
  complaints: Complaints,
): TrainingExperiment['optimizer'] {
  const [[, written]] = Object.entries(optimizer) as [[string, number | Record<string, number | undefined>]];
  const options = typeof written === 'number' ? { learningRate: written } : written;
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon } = options;
  if (like === undefined && epsilon === undefined) needed(path, 'epsilon', complaints);
  return { name: 'adam', learningRate, beta1, beta2, epsilon: epsilon ?? (like === 'keras' ? 1e-7 : 1e-8) };
}
