import { Flags } from '@oclif/core';
import { withDecks, type DeckChoice } from '../app/decks/with-decks.js';
import { isDeckFile } from '../core/deck.js';
import { CnnbenchError } from '../core/errors.js';
import type { Ledger } from '../ledger/ledger.js';

const FILE = { helpGroup: 'deck', multiple: true, multipleNonGreedy: true, helpValue: 'FILE' } as const;

/** Flags of every command that knows experiments or claims. */
export const DECK_FLAGS = {
  deck: Flags.string({ ...FILE, description: 'deck file, YAML or JSON (repeatable)' }),
  builtin: Flags.boolean({
    helpGroup: 'deck',
    default: true,
    allowNo: true,
    description: 'include the built-in decks',
  }),
};

/** What the flags of `DECK_FLAGS` say. @param files further ones */
export function deckChoice(
  { deck = [], builtin }: { readonly deck: string[] | undefined; readonly builtin: boolean },
  files: readonly string[] = [],
): DeckChoice {
  return { files: [...files, ...deck], builtIn: builtin };
}

/** The same of a command that lists claims: a deck that it knows may be named, too, and others are left out. */
export const DECK_FILTER_FLAGS = {
  deck: Flags.string({
    ...FILE,
    helpValue: 'ID|FILE',
    description: 'only this deck: the id of a built-in one, or a deck file (repeatable)',
  }),
  builtin: DECK_FLAGS.builtin,
};

/**
 * The ledger with the decks that were named, and their ids; none where all are meant.
 *
 * @param folders of runs
 * @throws CnnbenchError E_USAGE for a deck that is not there, and what `withDecks` throws
 */
export async function filtered(
  base: Ledger,
  { deck: words = [], builtin }: { readonly deck: string[] | undefined; readonly builtin: boolean },
  folders: readonly string[] = [],
): Promise<{ readonly ledger: Ledger; readonly decks: readonly string[] | undefined }> {
  const ledger = await withDecks(base, { files: words.filter(isDeckFile), builtIn: builtin }, folders);
  if (words.length === 0) return { ledger, decks: undefined };
  const known = ledger.decks.map(({ id }) => id);
  const decks = words.map((word) => {
    const id = isDeckFile(word) ? ledger.files.find(({ path }) => path === word)?.deck : word;
    if (id !== undefined && known.includes(id)) return id;
    const remedy = `Choose one of ${known.join(', ')}, or give the path of a deck file, which ends in .yaml or .json.`;
    throw new CnnbenchError('E_USAGE', `there is no deck "${word}"`, remedy);
  });
  return { ledger, decks };
}
