import type { Dataset } from '../core/dataset.js';
import { CnnbenchError } from '../core/errors.js';
import type { ModelSpec, Shape } from '../core/model.js';
import { sizeOf, summarize } from './summary.js';

/**
 * Makes sure that a model takes the images of a data set and ends in one value for each class, before anything is trained: a
 * model of ten values would train on a hundred classes and say nothing.
 *
 * @throws CnnbenchError E_MODEL_DATA
 */
export function checkFitsData(
  model: ModelSpec,
  { imageShape, classes }: Pick<Dataset, 'imageShape' | 'classes'>,
  dataset: string,
): void {
  const input = model.input.join(' x ');
  const image = imageShape.join(' x ');
  if (input !== image) {
    throw new CnnbenchError(
      'E_MODEL_DATA',
      `${model.title} takes ${input}; the images of ${dataset} are ${image}.`,
      'Give the model the input of the data set, or prepare the images (resize, pad, channels) to the size that the model takes.',
    );
  }
  const output = outputShape(model);
  if (output.length === 1 && sizeOf(output) === classes.length) return;
  throw new CnnbenchError(
    'E_MODEL_DATA',
    `${model.title} ends in ${output.join(' x ')} values; ${dataset} has ${classes.length} classes.`,
    `Give the last layer ${classes.length} units, or correct the classes of the data set.`,
  );
}

function outputShape(model: ModelSpec): Shape {
  return summarize(model).layers.at(-1)?.outputShape ?? model.input;
}

/** Values that a model ends in: of one that fits its data, the classes. */
export function outputsOf(model: ModelSpec): number {
  return sizeOf(outputShape(model));
}
