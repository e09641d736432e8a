import type { RenderOptions } from '../report/format.js';

/** Columns of a report that does not go to a terminal. */
const DEFAULT_WIDTH = 100;

/** Back to the start of the line, and erase it. */
export const CLEAR_LINE = '\r\u001B[2K';

/** How a report is rendered on stdout: in colour and as wide as the terminal, plain elsewhere or with NO_COLOR. */
export function stdoutOptions(): Required<Pick<RenderOptions, 'colour' | 'width'>> {
  return {
    colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    width: process.stdout.isTTY ? process.stdout.columns : DEFAULT_WIDTH,
  };
}
