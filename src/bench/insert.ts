import { CnnbenchError } from '../core/errors.js';

import type { BenchmarkName } from './contestant.js';

/** Replaces what is between the two markers of a benchmark on a page. Doing it again with the same text changes nothing. */
export function insertBetweenMarkers(page: string, benchmark: BenchmarkName, text: string): string {
  const marker = (words: string) => `<!-- bench:${benchmark}: ${words} -->`;
  const [opening, closing] = [marker('generated from here'), marker('to here')];
  const [start, end] = [page.indexOf(opening), page.indexOf(closing)];
  if (start < 0 || end < start) {
    const remedy = `Write "${opening}" and "${closing}", each on a line of its own, where the result belongs.`;
    throw new CnnbenchError('E_USAGE', 'the page for --into does not have the two markers', remedy);
  }
  return `${page.slice(0, start)}${opening}\n\n${text}\n\n${page.slice(end)}`;
}
