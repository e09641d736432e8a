import { CnnbenchError } from '../core/errors.js';
import type { Experiment } from '../core/experiment.js';
import { nearest } from '../core/nearest.js';
import { matches as matchesPattern } from '../core/pattern.js';
import { findVariation, namesVariation } from '../ledger/variation-id.js';

/**
 * The experiments that words of the command line name: `all`, a suite, an experiment, a pattern with `*`, or a variation
 * such as `mlp-2@lr=3e-4`. Order and uniqueness follow `experiments`, whatever the order of the words; variations come last.
 *
 * @throws CnnbenchError E_UNKNOWN_EXPERIMENT for a word that names nothing
 */
export function selectExperiments(experiments: readonly Experiment[], words: readonly string[]): Experiment[] {
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

function matcherOf(word: string, suites: readonly string[]): (experiment: Experiment) => boolean {
  if (word === 'all') return () => true;
  if (suites.includes(word)) return (experiment) => experiment.suite === word;
  return ({ id }) => matchesPattern(word, id);
}

function suggestion(word: string, names: readonly string[]): string {
  const near = nearest(word, names);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}
