import { CnnbenchError } from '../core/errors.js';

/**
 * Makes sure that every label is one of the classes.
 *
 * @param labels bytes of which every `stride`-th is a label, from `first` on
 * @throws E_DATA_LABEL
 */
export function checkLabels(labels: Uint8Array, file: string, { classes = 10, stride = 1, first = 0 } = {}): void {
  for (let at = first; at < labels.length; at += stride) {
    const label = labels[at] as number;
    if (label < classes) continue;
    throw new CnnbenchError(
      'E_DATA_LABEL',
      `${file}: image ${Math.floor(at / stride)} has the label ${label}; labels are 0 to ${classes - 1}.`,
      'Replace the file with the official one (see docs/data.md), or remove it from the data folder.',
    );
  }
}
