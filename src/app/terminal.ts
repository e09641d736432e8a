import type { RenderOptions } from '../report/format.js';

/** Columns of a report that does not go to a terminal. */
const DEFAULT_WIDTH = 100;

/** Back to the start of the line, and erase it. */
export const CLEAR_LINE = '\r\u001B[2K';

type Options = Required<Pick<RenderOptions, 'colour' | 'width'>>;

/** How a report is rendered on stdout: in colour and as wide as the terminal, plain elsewhere or with NO_COLOR. */
export function stdoutOptions(): Options {
  return optionsOf(process.stdout);
}

/** The same of what is said on stderr. */
export function stderrOptions(): Options {
  return optionsOf(process.stderr);
}

function optionsOf({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): Options {
  return {
    colour: isTTY && process.env['NO_COLOR'] === undefined,
    width: isTTY ? columns : DEFAULT_WIDTH,
  };
}
