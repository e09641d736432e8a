/** The file that a deck was read from. */
export interface DeckFile {
  /** Id of the deck. */
  readonly deck: string;
  /** As the user named it. */
  readonly path: string;
  readonly text: string;
  /** Of the text. */
  readonly sha256: string;
  /** Line of each claim, from 1, by its id. */
  readonly lines: Readonly<Record<string, number>>;
}

/** One lecture. */
export interface Deck {
  /** Starts the ids of its claims: `002`. */
  readonly id: string;
  readonly title: string;
  /** Whose lecture it is, as far as the deck says. */
  readonly author?: string;
  /** Where it is to be had. */
  readonly url?: string;
  /** YYYY-MM-DD, or as much of it as is known. */
  readonly date?: string;
}

/** The files that these experiments come from: the id of each starts with that of its deck and a dot. */
export function filesOf(files: readonly DeckFile[], experiments: readonly string[]): readonly DeckFile[] {
  return files.filter(({ deck }) => experiments.some((id) => id.startsWith(`${deck}.`)));
}

/** Whether a word of a command line is the file of a deck, and no name. */
export function isDeckFile(word: string): boolean {
  return /\.(ya?ml|json)$/i.test(word);
}
