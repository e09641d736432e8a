import { CnnbenchError } from '../../core/errors.js';
import type { Experiment, TrainingExperiment } from '../../core/experiment.js';
import { narrowTwin } from '../../model/narrow.js';
import type { Subject } from '../../parity/ladder.js';
import { selectExperiments } from '../../plan/select.js';

/**
 * Those of the experiments that words name; without words, one for each model that is trained. The narrow twin stands for models
 * with convolutions, of which the oracle computes an image in half a minute.
 *
 * @param decks from files: a name within one of them will do for an id
 * @throws CnnbenchError E_UNKNOWN_EXPERIMENT, or E_USAGE where the words name nothing that is trained
 */
export function chooseSubjects(
  all: readonly Experiment[],
  words: readonly string[] | undefined,
  decks: readonly string[] = [],
): Subject[] {
  const named = words?.flatMap((word) => word.split(',')).map((word) => word.trim());
  const experiments = (named === undefined ? all : selectExperiments(all, named, decks)).filter(
    (experiment): experiment is TrainingExperiment => experiment.kind === 'training',
  );
  if (experiments.length === 0) {
    throw new CnnbenchError(
      'E_USAGE',
      `--experiment ${words?.join(' ') ?? ''}: none of it is trained`,
      'Choose experiments of the suites mlp and cnn; "cnnbench list experiments" shows them.',
    );
  }
  const chosen = named === undefined ? firstOfEachModel(experiments) : experiments;
  return chosen.map((experiment) => {
    const { model } = experiment;
    const narrow = model.layers.some(({ kind }) => kind === 'conv2d');
    return { experiment, model: narrow ? narrowTwin(model) : model, narrow };
  });
}

function firstOfEachModel(experiments: readonly TrainingExperiment[]): TrainingExperiment[] {
  return experiments.filter(
    ({ model }, index) => experiments.findIndex((experiment) => experiment.model === model) === index,
  );
}
