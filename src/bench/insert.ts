import { CnnbenchError } from '../core/errors.js';

const START = '<!-- bench:wasm: generated from here -->';
const END = '<!-- bench:wasm: to here -->';

/** Replaces what is between the two markers of a page. Doing it again with the same text changes nothing. */
export function insertBetweenMarkers(page: string, text: string): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) {
    const remedy = `Write "${START}" and "${END}", each on a line of its own, where the result belongs.`;
    throw new CnnbenchError('E_USAGE', 'the page for --into does not have the two markers', remedy);
  }
  return `${page.slice(0, start)}${START}\n\n${text}\n\n${page.slice(end)}`;
}
