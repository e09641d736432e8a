import { CnnbenchError } from '../core/errors.js';

const CLASSES = 10;

/**
 * Makes sure that every label is a class index from 0 to 9.
 *
 * @param labels bytes of which every `stride`-th is a label
 * @throws E_DATA_LABEL
 */
export function checkLabels(labels: Uint8Array, file: string, stride = 1): void {
  for (let at = 0; at < labels.length; at += stride) {
    const label = labels[at] as number;
    if (label < CLASSES) continue;
    throw new CnnbenchError(
      'E_DATA_LABEL',
      `${file}: image ${at / stride} has the label ${label}; labels are 0 to ${CLASSES - 1}.`,
      'Replace the file by the official one (docs/data.md says where it is), or remove it from the data folder.',
    );
  }
}
