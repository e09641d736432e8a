import { CnnbenchError, type ErrorCode } from '../core/errors.js';
import { positionsIn } from './lines.js';

export type DeckCode = Extract<ErrorCode, `E_DECK_${string}`>;

/** What is wrong with a deck file, and where: characters `start` to before `end`. */
export interface Complaint {
  readonly code: DeckCode;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What is allowed there, or how it is mended. */
  readonly hint?: string;
}

/** The same for people and for programs: lines and columns from 1. */
export interface DeckProblem {
  readonly code: DeckCode;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters that are wrong; they may go over several lines. */
  readonly length: number;
  readonly hint?: string;
}

const MOST_SHOWN = 20;
const MOST_KEPT = 1000;
/** Characters of a line that are shown, with the place in sight. */
const WIDEST = 120;

const REMEDY =
  'Fix the file and try again; docs/decks.md has the format, and "cnnbench deck check FILE" checks it without running.';

/** A deck that cannot be used, with all that is wrong with it. */
export class DeckError extends CnnbenchError {
  constructor(
    code: DeckCode,
    message: string,
    remedy: string,
    readonly problems: readonly DeckProblem[] = [],
  ) {
    super(code, message, remedy);
  }
}

/**
 * The complaints as a compiler prints them, in the order of the file.
 *
 * @param file as the user named it
 */
export function deckError(file: string, text: string, complaints: readonly Complaint[]): DeckError {
  const sorted = complaints.toSorted((a, b) => a.start - b.start);
  const positions = positionsIn(text);
  const problems = sorted.slice(0, MOST_KEPT).map(({ code, message, start, end, hint }) => ({
    ...{ code, message, file, ...positions(start), length: end - start },
    ...(hint !== undefined && { hint }),
  }));
  const lines = text.split('\n');
  const shown = problems.slice(0, MOST_SHOWN).map((problem) => excerptOf(problem, lines[problem.line - 1] ?? ''));
  const more = sorted.length - shown.length;
  const rest = more > 0 ? `\nand ${more} more` : '';
  const count = sorted.length === 1 ? '1 error' : `${sorted.length} errors`;
  const code = sorted[0]?.code ?? 'E_DECK_SYNTAX';
  return new DeckError(code, `${file} cannot be used\n${shown.join('\n')}${rest}\n${count}`, REMEDY, problems);
}

/**
 * ```text
 * deck.yaml:14:17: error: there is no "filtres" here [E_DECK_FIELD]
 *   14 |       - conv: { filtres: 32, kernel: 5 }
 *      |                 ^^^^^^^ did you mean "filters"?
 * ```
 */
function excerptOf({ file, line, column, length, message, code, hint }: DeckProblem, text: string): string {
  const source = text.replace(/\r$/, '').replaceAll('\t', ' ');
  const skipped = column > WIDEST - 20 ? column - 41 : 0;
  const visible = source.slice(skipped, skipped + WIDEST);
  const carets = Math.max(1, Math.min(length, visible.length - (column - 1 - skipped)));
  const gutter = ' '.repeat(String(line).length);
  return [
    `${file}:${line}:${column}: error: ${message} [${code}]`,
    `  ${line} | ${visible}`,
    `  ${gutter} | ${' '.repeat(column - 1 - skipped)}${'^'.repeat(carets)}`,
    ...(hint === undefined ? [] : [`  ${gutter} = ${hint}`]),
  ].join('\n');
}
