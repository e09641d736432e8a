import type { Claim } from '../core/claim.js';
import type { Deck, DeckFile } from '../core/deck.js';
import { CnnbenchError } from '../core/errors.js';
import type { Experiment, TrainingExperiment } from '../core/experiment.js';
import type { GoldenTrajectory } from '../core/golden-trajectory.js';
import type { KnownVerdict } from '../core/known.js';
import type { Note } from '../core/note.js';
import type { Reference, ReferenceOf } from '../core/reference.js';
import type { LedgerDataset } from '../data/catalog-entry.js';
import type { ModelSpec } from '../core/model.js';
import { findVariation, namesVariation } from './variation-id.js';

/** What decks bring with them. The built-in ones share models and experiments, so several decks may come together. */
export interface LedgerEntries {
  readonly decks: readonly Deck[];
  /** Of the decks that were read from files. */
  readonly files: readonly DeckFile[];
  readonly datasets: readonly LedgerDataset[];
  readonly models: readonly ModelSpec[];
  /** In the order in which they run. */
  readonly experiments: readonly Experiment[];
  /** In the order of the reports. */
  readonly claims: readonly Claim[];
  /** What is checked by looking. Default none. */
  readonly notes?: readonly Note[];
  readonly references: readonly Reference[];
  /** Verdicts of published runs, by the id of the claim. */
  readonly published: Readonly<Record<string, readonly KnownVerdict[]>>;
  readonly trajectories: readonly GoldenTrajectory[];
}

/** Everything there is to run and to judge. A composition root makes one and hands it on; nobody imports its contents. */
export interface Ledger extends LedgerEntries {
  /** Names of the suites, in the order in which they run. */
  readonly suites: readonly string[];
  /** The experiment of this id, or the variation of one; of a deck from a file its name there will do. @throws CnnbenchError E_UNKNOWN_EXPERIMENT */
  experiment(id: string): Experiment;
  /** The same, and nothing for an id that is not in this ledger. */
  known(id: string): Experiment | undefined;
  /** @throws CnnbenchError E_UNKNOWN_EXPERIMENT, E_USAGE for one that trains nothing */
  training(id: string): TrainingExperiment;
  /** The architecture of this id, or the one of the experiment of this id. @throws CnnbenchError E_UNKNOWN_MODEL, naming those there are */
  model(id: string): ModelSpec;
  /** @throws TypeError where no deck has it: an experiment names its data set, so this is a bug */
  dataset(name: string): LedgerDataset;
  /** @throws CnnbenchError E_UNKNOWN_EXPERIMENT */
  trajectory(id: string): GoldenTrajectory;
  readonly referenceOf: ReferenceOf;
}

export function ledgerOf(entries: LedgerEntries): Ledger {
  const { datasets, models, experiments, references, trajectories } = entries;
  const known = (id: string) =>
    namesVariation(id) ? variationOrNothing(id, experiments) : experiments.find((candidate) => candidate.id === id);
  /** What a word may stand for: an id, or a name within one of the decks from files. */
  const idsOf = (word: string, prefix = '') => [word, ...entries.files.map(({ deck }) => `${deck}.${prefix}${word}`)];
  const experiment = (word: string) => {
    const id = idsOf(word).find((each) => known(each) !== undefined) ?? word;
    const found = namesVariation(id) ? findVariation(id, experiments) : known(id);
    if (found !== undefined) return found;
    throw new CnnbenchError(
      'E_UNKNOWN_EXPERIMENT',
      `there is no experiment "${word}"`,
      'Run "cnnbench list" to see them all.',
    );
  };
  const byKey = new Map(references.map((reference) => [keyOf(reference), reference]));
  return {
    ...entries,
    suites: [...new Set(experiments.map(({ suite }) => suite))],
    experiment,
    known,
    training(id) {
      const found = experiment(id);
      if (found.kind === 'training') return found;
      throw new CnnbenchError(
        'E_USAGE',
        `${id} is not trained, so it has no weights`,
        'Choose an experiment of the suites mlp and cnn; "cnnbench list" shows them.',
      );
    },
    model(id) {
      const ids = idsOf(id, 'model-');
      const found = models.find((model) => ids.includes(model.id));
      if (found !== undefined) return found;
      const named = idsOf(id).map(known).find(Boolean);
      if (named !== undefined && 'model' in named) return named.model;
      throw new CnnbenchError(
        'E_UNKNOWN_MODEL',
        `there is no architecture "${id}"`,
        `Use one of: ${models.map((model) => model.id).join(', ')}.`,
      );
    },
    dataset(name) {
      const found = datasets.find((dataset) => dataset.name === name);
      if (found === undefined) throw new TypeError(`there is no data set "${name}"`);
      return found;
    },
    trajectory(id) {
      const found = trajectories.find((trajectory) => trajectory.experiment.id === id);
      if (found !== undefined) return found;
      throw new CnnbenchError(
        'E_UNKNOWN_EXPERIMENT',
        `there is not a golden trajectory "${id}"`,
        `Choose one of ${trajectories.map((trajectory) => trajectory.experiment.id).join(', ')}.`,
      );
    },
    referenceOf: (id, profile, data) => byKey.get(keyOf({ experiment: id, profile, data })),
  };
}

function variationOrNothing(id: string, experiments: readonly Experiment[]): Experiment | undefined {
  try {
    return findVariation(id, experiments);
  } catch (error) {
    if (error instanceof CnnbenchError) return undefined;
    throw error;
  }
}

function keyOf({ experiment, profile, data }: Pick<Reference, 'experiment' | 'profile' | 'data'>): string {
  return `${experiment} ${profile} ${data}`;
}
