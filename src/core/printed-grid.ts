import type { Grid } from './operation.js';

/** Numbers in rows as printed, each with the interval of true values that its digits stand for. */
export interface PrintedGrid {
  readonly values: Grid;
  readonly low: Grid;
  readonly high: Grid;
}

const NUMBER = /^-?\d+(?:\.(?<decimals>\d+))?$/;

/**
 * `19 25 / 37 43`: numbers of a row by blanks, rows by a slash. Half a unit of the last digit each way, integers exact;
 * undefined for anything that is not at least two numbers in rows of one length.
 */
export function parseGrid(printed: string): PrintedGrid | undefined {
  const words = printed
    .replaceAll('\u2212', '-')
    .split('/')
    .map((row) => row.trim().split(/\s+/));
  const columns = words[0]?.length ?? 0;
  if (columns * words.length < 2 || words.some((row) => row.length !== columns)) return undefined;
  if (words.flat().some((word) => !NUMBER.test(word))) return undefined;
  const moved = (sign: number) => words.map((row) => row.map((word) => Number(word) + sign * halfUnit(word)));
  return { values: moved(0), low: moved(-1), high: moved(1) };
}

function halfUnit(word: string): number {
  const { decimals } = NUMBER.exec(word)?.groups ?? {};
  return decimals === undefined ? 0 : 0.5 * 10 ** -decimals.length;
}

/** Element by element. */
export function agreesWithGrid({ low, high }: PrintedGrid, measured: Grid): boolean {
  return (
    measured.length === low.length &&
    measured.every(
      (row, y) =>
        row.length === low[y]?.length &&
        row.every((value, x) => (low[y]?.[x] as number) <= value && value <= (high[y]?.[x] as number)),
    )
  );
}
