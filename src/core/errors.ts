/**
 * Every error a user can meet, in one table: code -> exit code. `docs/errors.md` says what each means; a test keeps the
 * two in step. Exit codes: 2 wrong usage or bad input, 3 nothing could run, 70 a bug in cnnbench.
 */
export const ERROR_CODES = {
  E_USAGE: 2,
  E_UNKNOWN_EXPERIMENT: 2,
  E_UNKNOWN_MODEL: 2,
  E_MODEL_JSON: 2,
  E_UNKNOWN_BACKEND: 2,
  E_BAD_SEEDS: 2,
  E_OUT_UNWRITABLE: 2,
  E_OUT_FOREIGN: 2,
  E_OUT_LOCKED: 2,
  E_DATA_DIR: 2,
  E_DATA_READ: 2,
  E_DATA_GZIP: 2,
  E_DATA_MAGIC: 2,
  E_DATA_SIZE: 2,
  E_DATA_LABEL: 2,
  E_DATA_ARCHIVE: 2,
  E_DATA_CHANGED: 2,
  E_DATA_PATH: 2,
  E_DATA_FORMAT: 2,
  E_DATA_VALUE: 2,
  E_DATA_IMAGE: 2,
  E_DATA_CLASS: 2,
  E_DATA_SPLIT: 2,
  E_DATA_LIMIT: 2,
  E_MODEL_DATA: 2,
  E_RECORD_INVALID: 2,
  E_RECORD_NOT_FOUND: 2,
  E_NOT_PUBLISHABLE: 2,
  E_NOT_VERIFIABLE: 2,
  E_NOT_COMPARABLE: 2,
  E_NOT_MERGEABLE: 2,
  E_BAD_POLICY: 2,
  E_DECK_READ: 2,
  E_DECK_SYNTAX: 2,
  E_DECK_FIELD: 2,
  E_DECK_PRINTED: 2,
  E_DECK_NAME: 2,
  E_DECK_MODEL: 2,
  E_DECK_CONFLICT: 2,
  E_SAFETENSORS: 2,
  E_WRITE: 2,
  E_DATA_DIGEST: 3,
  E_DATA_DOWNLOAD: 3,
  E_DATA_UNAVAILABLE: 3,
  E_DATA_DECODER: 3,
  E_SETUP_PLATFORM: 3,
  E_SETUP_TOOL: 3,
  E_SETUP_FETCH: 3,
  E_SETUP_DIGEST: 3,
  E_SETUP_BUILD: 3,
  E_NO_BACKEND: 3,
  E_BACKEND_UNAVAILABLE: 3,
  E_BACKEND_FAILED: 3,
  E_NO_WEIGHTS: 3,
  E_NO_SPEED: 3,
  E_BUG: 70,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error with a stable code, one sentence of what happened and one of what to do next. Never used for bugs. */
export class CnnbenchError extends Error {
  override readonly name = 'CnnbenchError';
  readonly exitCode: number;

  constructor(
    readonly code: ErrorCode,
    /** What happened, naming the flag, file or value. */
    message: string,
    /** What the user can do about it. */
    readonly remedy: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.exitCode = ERROR_CODES[code];
  }
}

/** Longest text of a foreign file within a message, characters. */
const LONGEST_EXCERPT = 300;

/** One line of what a parser says of a foreign file: such messages quote it, line breaks, megabytes and all. */
export function excerpt(text: string): string {
  const line = text
    .slice(0, 2 * LONGEST_EXCERPT)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_EXCERPT ? `${line.slice(0, LONGEST_EXCERPT)}...` : line;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
