import type { Labels } from '../../core/dataset.js';
import { CLASS_LIMITS, type DeckData } from '../../core/deck-data.js';
import { complaint } from './complain.js';
import { byCodePoint } from './image-folder.js';
import type { RawSplit } from './raw.js';

/** Names of the classes, and the class of each image. */
export interface Classes {
  readonly names: readonly string[];
  /** @throws E_DATA_LABEL, naming the image */
  readonly labelsOf: (split: RawSplit) => Labels;
}

/**
 * The classes of a data set. Their names are those that the deck gives; else those of the files (folders, Hugging Face's names), else the
 * words of the labels by code points, else the numbers from 0 to the largest label.
 *
 * @throws E_DATA_CLASS
 */
export function classesOf(
  { classes, title }: Pick<DeckData, 'classes' | 'title'>,
  train: RawSplit,
  test?: RawSplit,
): Classes {
  const words = [train, test].some((split) => split?.labels.some((label) => typeof label === 'string'));
  const own = words ? wordsOf(train) : train.classes;
  const count = own?.length ?? numberOf(train);
  if (typeof classes === 'number' && own !== undefined && classes !== count) {
    throw complaint('E_DATA_CLASS', `${title} has ${count} classes (${own.join(', ')}); the deck says ${classes}.`);
  }
  const names = typeof classes === 'object' ? classes : (own ?? numbered(classes ?? count));
  if (names.length < CLASS_LIMITS.least || names.length > CLASS_LIMITS.most) {
    throw complaint(
      'E_DATA_CLASS',
      `${title} has ${names.length} classes; ${CLASS_LIMITS.least} to ${CLASS_LIMITS.most} are possible.`,
    );
  }
  if (new Set(names).size < names.length) throw complaint('E_DATA_CLASS', `${title} has two classes of one name.`);
  if (!words && test?.classes !== undefined && train.classes !== undefined) {
    refuseOthers(test.classes, train.classes, title);
  }
  // Folders and words are known by name, so that the order in the deck decides; numbers are what they are.
  if (train.classes !== undefined && !words && typeof classes === 'object') refuseOthers(classes, train.classes, title);
  const classOf = (label: number | string, split: RawSplit) => (words ? String(label) : split.classes?.[Number(label)]);
  return { names, labelsOf: (split) => labelsOf(split, names, classOf, title) };
}

function wordsOf({ labels }: RawSplit): readonly string[] {
  return [...new Set(labels.map(String))].sort(byCodePoint);
}

function numberOf({ labels }: RawSplit): number {
  let largest = 0;
  for (const label of labels) largest = Math.max(largest, Number(label));
  return largest + 1;
}

function numbered(count: number): string[] {
  // What is beyond is an error, which needs no million names.
  return Array.from({ length: Math.min(count, CLASS_LIMITS.most + 1) }, (_, index) => String(index));
}

function refuseOthers(found: readonly string[], expected: readonly string[], title: string): void {
  const [missing, extra] = [
    expected.filter((name) => !found.includes(name)),
    found.filter((name) => !expected.includes(name)),
  ];
  if (missing.length + extra.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`${missing.join(', ')} is missing`] : []),
    ...(extra.length > 0 ? [`${extra.join(', ')} is one more`] : []),
  ];
  throw complaint('E_DATA_CLASS', `The classes of ${title} are not the same everywhere: ${parts.join('; ')}.`);
}

/** @param classOf the name of a label, where it has one: then that decides */
function labelsOf(
  split: RawSplit,
  names: readonly string[],
  classOf: (label: number | string, split: RawSplit) => string | undefined,
  title: string,
): Labels {
  const byName = new Map(names.map((name, index) => [name, index]));
  const labels = names.length > 256 ? new Uint16Array(split.count) : new Uint8Array(split.count);
  for (const [index, label] of split.labels.entries()) {
    const word = classOf(label, split);
    const found = word === undefined ? label : byName.get(word);
    if (typeof found !== 'number' || !(found >= 0 && found < names.length)) {
      const which = typeof label === 'string' ? `"${label}"` : label;
      throw complaint(
        'E_DATA_LABEL',
        `${split.nameOf(index)}: the label ${which} is none of the ${names.length} classes of ${title}.`,
      );
    }
    labels[index] = found;
  }
  return labels;
}

/** @throws E_DATA_CLASS where a class has no training image: nothing can be learnt about it */
export function refuseEmptyClass(labels: Labels, names: readonly string[], title: string): void {
  const seen = new Set(labels);
  const empty = names.filter((_, index) => !seen.has(index));
  if (empty.length === 0) return;
  const more = empty.length > 5 ? ` and ${empty.length - 5} more` : '';
  throw complaint(
    'E_DATA_CLASS',
    `No training image of ${title} is of the class ${empty.slice(0, 5).join(', ')}${more}.`,
  );
}
