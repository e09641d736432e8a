import { CnnbenchError } from '../core/errors.js';
import type { Experiment, Initialisation, TrainingExperiment } from '../core/experiment.js';
import { initialisationSchema } from '../core/initialisation.js';
import { MARK, vary, type Variation } from './variation.js';

const LARGEST_BATCH = 10_000;
const MOST_EPOCHS = 10_000;

/** Whether an id is written like that of a variation. */
export function namesVariation(id: string): boolean {
  return id.includes(MARK);
}

/** The id of the experiment that the id of a variation starts with. */
export function baseOf(id: string): string {
  return splitOnce(id, MARK)[0];
}

/**
 * The variation of one of the experiments that an id names.
 *
 * @throws CnnbenchError E_UNKNOWN_EXPERIMENT, also for another way to write one: a variation has one id
 */
export function findVariation(id: string, experiments: readonly Experiment[]): TrainingExperiment {
  const [name, text] = splitOnce(id, MARK);
  const base = experiments.find((experiment) => experiment.id === name);
  if (base?.kind !== 'training') {
    const what = base === undefined ? `there is no experiment "${name}"` : `"${name}" is not trained`;
    throw unknown(
      id,
      `${what} to vary`,
      'Choose an experiment of the suites mlp and cnn; "cnnbench list experiments" shows them.',
    );
  }
  let variation: Variation = {};
  for (const word of text.split(',')) {
    const varied = parseWord(word);
    if (varied === undefined) {
      throw unknown(
        id,
        `"${word}" varies nothing`,
        'Write it like mlp-2@lr=3e-4,init=xavier-uniform,batch=256,epochs=20, and omit what stays the same.',
      );
    }
    variation = { ...variation, ...varied };
  }
  const found = vary(base, variation);
  if (found.id !== id) throw unknown(id, 'it is not in canonical form', `Write "${found.id}".`);
  return found;
}

function parseWord(word: string): Variation | undefined {
  const [key, value] = splitOnce(word, '=');
  switch (key) {
    case 'lr':
      return whereKnown(parseLearningRate(value), (learningRate) => ({ learningRate }));
    case 'init':
      return whereKnown(parseInitialisation(value), (initialisation) => ({ initialisation }));
    case 'batch':
      return whereKnown(parseBatchSize(value), (batchSize) => ({ batchSize }));
    case 'epochs':
      return whereKnown(parseEpochs(value), (epochs) => ({ epochs }));
    default:
      return undefined;
  }
}

/** Above 0 and below 1; nothing for any other text. */
export function parseLearningRate(text: string): number | undefined {
  const value = /^(\d+\.?\d*|\.\d+)(e-?\d{1,3})?$/.test(text) ? Number(text) : NaN;
  return value > 0 && value < 1 ? value : undefined;
}

export function parseInitialisation(text: string): Initialisation | undefined {
  const scheme = initialisationSchema.safeParse(text);
  return scheme.success ? scheme.data : undefined;
}

/** From 1 to 10,000; nothing for any other text. */
export function parseBatchSize(text: string): number | undefined {
  return parseCount(text, LARGEST_BATCH);
}

/** From 1 to 10,000; nothing for any other text. */
export function parseEpochs(text: string): number | undefined {
  return parseCount(text, MOST_EPOCHS);
}

function parseCount(text: string, largest: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  return value >= 1 && value <= largest ? value : undefined;
}

function whereKnown<T>(value: T | undefined, vary: (value: T) => Variation): Variation | undefined {
  return value === undefined ? undefined : vary(value);
}

function splitOnce(text: string, mark: string): [string, string] {
  const place = text.indexOf(mark);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + mark.length)];
}

function unknown(id: string, why: string, remedy: string): CnnbenchError {
  return new CnnbenchError('E_UNKNOWN_EXPERIMENT', `there is no variation "${id}": ${why}`, remedy);
}
