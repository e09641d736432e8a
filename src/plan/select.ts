import { CnnbenchError } from '../core/errors.js';
import type { Experiment } from '../core/experiment.js';
import { nearest } from '../core/nearest.js';
import { matches as matchesPattern } from '../core/pattern.js';
import { baseOf, findVariation, namesVariation } from '../ledger/variation-id.js';

/**
 * The experiments that words of the command line name: `all`, a suite, an experiment, a pattern with `*`, or a variation
 * such as `mlp-2@lr=3e-4`. Order and uniqueness follow `experiments`, whatever the order of the words; variations come last.
 *
 * @param decks from files: a name within one of them will do for an id
 * @throws CnnbenchError E_UNKNOWN_EXPERIMENT for a word that names nothing
 */
export function selectExperiments(
  experiments: readonly Experiment[],
  named: readonly string[],
  decks: readonly string[] = [],
): Experiment[] {
  const words = named.map((word) => inFull(word, experiments, decks));
  const variations = new Map(words.filter(namesVariation).map((id) => [id, findVariation(id, experiments)]));
  const suites = [...new Set(experiments.map(({ suite }) => suite))];
  const matchers = words
    .filter((word) => !namesVariation(word))
    .map((word) => {
      const matches = matcherOf(word, suites);
      if (!experiments.some(matches)) {
        throw new CnnbenchError(
          'E_UNKNOWN_EXPERIMENT',
          `there is no suite or experiment "${word}"${suggestion(word, [...suites, ...experiments.map(({ id }) => id)])}`,
          'Run "cnnbench list" to see them all.',
        );
      }
      return matches;
    });
  return [
    ...experiments.filter((experiment) => matchers.some((matches) => matches(experiment))),
    ...variations.values(),
  ];
}

/** A word as it is, or with the deck before it, where that names something and it alone does not. */
function inFull(word: string, experiments: readonly Experiment[], decks: readonly string[]): string {
  const suites = [...new Set(experiments.map(({ suite }) => suite))];
  const names = (each: string) => experiments.some(matcherOf(namesVariation(each) ? baseOf(each) : each, suites));
  return [word, ...decks.map((deck) => `${deck}.${word}`)].find(names) ?? word;
}

function matcherOf(word: string, suites: readonly string[]): (experiment: Experiment) => boolean {
  if (word === 'all') return () => true;
  // A deck from a file is named by what all of its ids start with.
  if (suites.includes(word)) return ({ id, suite }) => suite === word || id.startsWith(`${word}.`);
  return ({ id }) => matchesPattern(word, id) || id.startsWith(`${word}.`);
}

function suggestion(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
