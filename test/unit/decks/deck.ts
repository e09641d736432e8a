import { readDeck } from '../../../src/decks/read.js';
import { DeckError } from '../../../src/decks/problem.js';
import { CATALOG } from '../../../src/data/catalog.js';
import type { LedgerEntries } from '../../../src/ledger/ledger.js';

/** The parts of a deck, as YAML; absent ones are small and right. */
export interface Parts {
  readonly models?: string;
  readonly experiments?: string;
  readonly claims?: string;
  readonly more?: string;
}

export const MODEL = '{ input: [28, 28, 1], layers: [flatten, { dense: 128 }, relu, { dense: 10 }] }';
const COUNT = '{ id: n, place: slide 1, printed: "101,770", count: { model: mlp, what: parameters } }';

/** The text of a deck. Its claims are one a line, from line 7. */
export function deckText(parts: Parts): string {
  const { models = `{ mlp: ${MODEL} }`, experiments = '{}', claims = `  - ${COUNT}`, more = '' } = parts;
  return `schemaVersion: 1
deck: ml101
cite: { title: A lecture }
models: ${models}
experiments: ${experiments}
claims:
${claims}
${more}`;
}

export function read(text: string): Promise<LedgerEntries> {
  return readDeck('deck.yaml', text, Object.values(CATALOG));
}

/** What is said of a deck that cannot be used. */
export async function complaints(text: string): Promise<string> {
  return read(text).then(
    () => 'none',
    (error: unknown) => {
      if (error instanceof DeckError) return error.message;
      throw error;
    },
  );
}

/** `E_DECK_FIELD 7:31`, for each. */
export async function placesOf(text: string): Promise<string[]> {
  return read(text).then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof DeckError)) throw error;
      return error.problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
    },
  );
}
