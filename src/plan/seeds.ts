import { CnnbenchError } from '../core/errors.js';

const LARGEST_COUNT = 1000;

/**
 * Seeds from a flag: `3` means the seeds 1, 2, 3; a list with a comma means itself, so that `7,` is the one seed 7.
 *
 * @throws CnnbenchError E_BAD_SEEDS
 */
export function parseSeeds(text: string): number[] {
  const fail = (why: string) =>
    new CnnbenchError(
      'E_BAD_SEEDS',
      `--seeds ${text}: ${why}`,
      'Use a count ("--seeds 3") or a list ("--seeds 1,2,7").',
    );
  const words = text.split(',').map((word) => word.trim());
  const isList = words.length > 1;
  if (isList && words.at(-1) === '') words.pop();
  const numbers = words.map((word) => {
    if (!/^\d{1,9}$/.test(word)) throw fail(`"${word}" is not an integer of at most nine digits`);
    return Number(word);
  });
  if (isList) {
    if (new Set(numbers).size !== numbers.length) throw fail('a seed is given twice');
    return numbers;
  }
  const count = numbers[0] as number;
  if (count < 1 || count > LARGEST_COUNT) throw fail(`a count is between 1 and ${LARGEST_COUNT}`);
  return seedsUpTo(count);
}

/** 1, 2, ..., count. */
export function seedsUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
