import { CnnbenchError, excerpt, type ErrorCode } from '../../core/errors.js';

const REMEDIES = {
  E_DATA_READ: 'Check that it exists and is readable; --data-dir sets a folder where a deck looks first.',
  E_DATA_PATH: 'Move the real file or folder, not a link, into the folder of the deck or of --data-dir.',
  E_DATA_GZIP: 'Replace the file with a complete copy; `gzip -t` checks it.',
  E_DATA_MAGIC: 'Check which format the file has, and that images and labels are not mixed up.',
  E_DATA_SIZE:
    'Replace the file with a complete copy, or correct the sizes in the deck; pictures of several sizes need a resize.',
  E_DATA_LABEL: 'Correct the label, or the classes in the deck: labels are 0 to the number of classes minus 1.',
  E_DATA_FORMAT: 'Write the file again in the form that docs/decks-data.md describes.',
  E_DATA_VALUE: 'Replace the value: training needs finite numbers.',
  E_DATA_IMAGE: 'Save the picture as a PNG or JPEG of 8 bits, grey or RGB, or remove it.',
  E_DATA_CLASS: 'Correct the classes in the deck, or the folders and labels of the data.',
  E_DATA_SPLIT: 'Add a test set to the deck, or choose another share.',
} as const satisfies Partial<Record<ErrorCode, string>>;

/** What is wrong with the data of a deck. `what` names the file and ends with a full stop; it may quote the file. */
export function complaint(code: keyof typeof REMEDIES, what: string, cause?: unknown): CnnbenchError {
  return new CnnbenchError(code, excerpt(what), REMEDIES[code], { cause });
}
